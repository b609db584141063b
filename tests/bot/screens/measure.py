"""
How answers look on a phone before anybody taps: their lines, and whether the answering sentence is in sight.

    .venv/bin/python -m tests.bot.screens.measure INDEX [QUESTIONS…]

INDEX is one of `seeds/`; the questions are by default those that the project was developed with, the Vietnamese ones
also without diacritics. Counted are messages with quotes, with the buttons below them.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from bot.conversation.feedback import rating_keyboard
from bot.conversation.keyboards import answer_rows, copy_button
from bot.messages.answer_message import FAR_BELOW, answer_message
from bot.messages.vi import VI
from bot.search.search_service import MAX_QUOTES
from retrieval import Answer, Hit, Retriever
from retrieval.language import fold
from tests.support.bot.phone import on_phone

TESTS = Path(__file__).parents[2]
QUESTIONS = (TESTS / "seeds-dev.jsonl", TESTS / "english-dev.jsonl")


@dataclass(frozen=True)
class Shown:
    """One answer on a phone."""

    question: str
    state: str
    lines: int
    is_in_sight: bool  # the answering sentence
    lowest_right: float | None  # how far below the first quote the first of three paragraphs stands that answers
    names_right: bool  # whether the message shows or names that paragraph


def measure(retriever: Retriever, question: str, gold: list[dict[str, str]]) -> Shown | None:
    """An answer to a question as the bot would send it, None if it has no quotes."""
    answer = retriever.ask(question, k=MAX_QUOTES)
    page = answer_message(answer, VI)
    if not page.shown:
        return None
    rows = answer_rows("x" * 8, len(page.shown), len(answer.hits), VI)
    keyboard = rating_keyboard("x" * 8, rows, copy_button(answer.hits[0].quote, VI)).to_dict()
    seen, first = on_phone(page.html, keyboard), answer.hits[0].quote
    sentence = " ".join(first.text[slice(*first.highlight)].split())
    right = _first_right(answer, gold)
    lowest = answer.hits[0].score - right.score if right else None
    names = right is not None and f"{right.rank} · " in seen.visible
    return Shown(question, answer.state, seen.lines, sentence in seen.visible, lowest, names)


def _first_right(answer: Answer, gold: list[dict[str, str]]) -> Hit | None:
    """The first of three paragraphs that answers."""
    for hit in answer.hits[:3]:
        if any(g["source"] == hit.quote.citation.source and g.get("contains", "") in hit.quote.text for g in gold):
            return hit
    return None


def questions_of(path: Path) -> list[tuple[str, list[dict[str, str]]]]:
    """The questions of a file with what answers them; Vietnamese ones also without diacritics."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    asked = [(each["question"], each.get("gold") or []) for each in lines]
    return [*asked, *((fold(text), gold) for text, gold in asked if fold(text) != text.lower())]


def main() -> None:
    """Asks, counts and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path, nargs="*", default=QUESTIONS)
    given = parser.parse_args()
    retriever = Retriever(given.index)
    asked = [each for path in given.questions for each in questions_of(path)]
    shown = [found for text, gold in asked if (found := measure(retriever, text, gold))]
    for state in ("found", "weak", "all"):
        some = [each for each in shown if state in (each.state, "all")]
        lines = [each.lines for each in some]
        in_sight = sum(each.is_in_sight for each in some)
        print(
            f"{state:>5}: {len(some)} of {len(asked)} questions, sentence in sight {in_sight}/{len(some)}, "
            f"lines median {median(lines):g}, p95 {quantiles(lines, n=20)[-1]:g}, most {max(lines)}"
        )
    below = [each.lowest_right for each in shown if each.lowest_right is not None]
    print(f"the first paragraph that answers stands at most {max(below):.1f} below the first quote (limit {FAR_BELOW})")


if __name__ == "__main__":
    main()

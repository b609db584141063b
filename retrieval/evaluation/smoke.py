"""
Smoke questions: what an index must answer before it goes live.

Few questions, all of which must pass, in a TOML file that the operator owns:

    [[question]]
    text = "Thời hạn nộp báo cáo quý là khi nào?"
    contains = "ngày 5 tháng đầu quý sau"   # words of a quote; or, or also:
    source = "quy-che/bao-cao.md"           # the document's path below the corpus

or in a question file (`.jsonl`), as the marks of the REPL write it; see `questions`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from retrieval.answering.answer import Answer
from retrieval.errors import QuestionError, QuestionSetError, SmokeFailed
from retrieval.evaluation.questions import Gold, read_question_file
from retrieval.language.spelling import nfc
from retrieval.question.understanding import normalize_question
from retrieval.retriever import Retriever

_OTHERWISE = "name another with --smoke, or build without them by --no-smoke"
QUOTES = 3  # as many as staff see at once
_HEAD = re.compile(r"\s*\[\[\s*question\s*\]\]")
_KEYS = ("text", "contains", "source")


@dataclass(frozen=True, slots=True)
class SmokeQuestion:
    """
    A question, and what one of the first quotes must be: any of `gold`.

    Without gold the documents do not answer it, and it must not be "found".
    """

    text: str
    gold: tuple[Gold, ...]

    def is_answered_by(self, answer: Answer) -> bool:
        """
        Whether staff would see what they should.

        A copy in another document counts.
        """
        if not self.gold:
            return answer.state != "found"
        return answer.state != "none" and any(gold.accepts(hit) for gold in self.gold for hit in answer.hits)

    @property
    def expectation(self) -> str:
        """The expected quote, in words."""
        return " or ".join(map(_place, self.gold)) or "no answer"


def read_smoke_file(path: Path) -> list[SmokeQuestion]:
    """Read at least one question; QuestionSetError when the file is unusable."""
    return _from_question_file(path) if path.suffix.lower() == ".jsonl" else _from_toml(path)


def check_smoke(retriever: Retriever, questions: list[SmokeQuestion]) -> None:
    """Raise SmokeFailed, naming each question that fails and its first quote."""
    failures = []
    for question in questions:
        answer = retriever.ask(question.text, k=QUOTES)
        if not question.is_answered_by(answer):
            failures.append(f"“{question.text}” wants {question.expectation}, {_first_quote(answer)}")
    if failures:
        raise SmokeFailed(
            f"an index goes live when it answers its smoke questions, this one fails {len(failures)} of "
            f"{len(questions)}: {'; '.join(failures)}. What was live stays: correct the documents, or the questions"
        )


def questions_with_gold(path: Path) -> list[SmokeQuestion]:
    """
    The questions of a `.jsonl` that say what is right, if any.

    QuestionSetError when it cannot be read, or one of them cannot be asked.
    """
    return [
        SmokeQuestion(_askable(question.text, f"question {question.question_id} of {path}"), question.gold)
        for question in read_question_file(path)
    ]


def _from_question_file(path: Path) -> list[SmokeQuestion]:
    try:
        questions = questions_with_gold(path)
    except QuestionSetError as error:
        raise QuestionSetError(f"{error}, {_OTHERWISE}") from error
    if not questions:
        raise QuestionSetError(
            f'smoke questions are the lines of a .jsonl with "gold", {path} has none: mark answers with `:right` or '
            "`:none` in `trichdan repl`, or build without smoke questions by --no-smoke"
        )
    return questions


def _from_toml(path: Path) -> list[SmokeQuestion]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise QuestionSetError(
            f"smoke questions stand in a TOML file or a .jsonl, {path} cannot be read ({error}): put it "
            f"right, {_OTHERWISE}"
        ) from error
    entries = table.get("question")
    if set(table) != {"question"} or not isinstance(entries, list) or not entries:
        raise QuestionSetError(f"a smoke file holds [[question]] tables and nothing else, {path} does not: correct it")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _HEAD.match(line)]
    if len(lines) != len(entries):  # inline tables, or a header inside a string: line numbers are unknown
        return [_question(entry, f"question {number} of {path}") for number, entry in enumerate(entries, 1)]
    places = (f"question {number} of {path}, line {line}," for number, line in enumerate(lines, 1))
    return [_question(entry, place) for entry, place in zip(entries, places, strict=True)]


def _place(gold: Gold) -> str:
    words = f"“{gold.contains}”" if gold.contains else ""
    return " ".join(part for part in (words, f"from {gold.source}" if gold.source else "") if part)


def _first_quote(answer: Answer) -> str:
    if not answer.hits:
        return "nothing is found"
    intro = "nothing is found, the nearest is" if answer.state == "none" else "first comes"
    quote = answer.hits[0].quote
    words = " ".join(quote.text.split())
    return f"{intro} “{words if len(words) <= 90 else f'{words[:89]}…'}” from {quote.citation.source}"


def _question(entry: object, place: str) -> SmokeQuestion:
    texts = (
        {key: nfc(value.strip()) for key, value in entry.items() if isinstance(value, str)}
        if isinstance(entry, dict)
        else {}
    )
    if not isinstance(entry, dict) or set(texts) != set(entry) or not set(texts) <= set(_KEYS):
        raise QuestionSetError(f"a smoke question holds the texts {', '.join(_KEYS)}, {place} does not: correct it")
    if not texts.get("text") or not (texts.get("contains") or texts.get("source")):
        raise QuestionSetError(f"a smoke question has a text and contains or source, {place} has not: complete it")
    gold = Gold(texts.get("source", ""), texts.get("contains", ""))
    return SmokeQuestion(_askable(texts["text"], place), (gold,))


def _askable(text: str, place: str) -> str:
    try:
        normalize_question(text)
    except QuestionError as error:
        raise QuestionSetError(f"a question of such a file can be asked, {place} cannot: {error}") from error
    return text

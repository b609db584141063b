"""
Export rated answers as a question set for `trichdan eval`.

An answer with only 👍 becomes a question whose gold is its first paragraph. An answer with a 👎 becomes a line with
"rejected" instead of "gold", which eval skips: a wrong answer does not show whether there is a right one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StateError
from bot.search.search_service import digest
from bot.state_address import StateAddress
from bot.storage.opening import open_state
from bot.storage.ratings import RatedAnswer, Ratings
from bot.storage.state import StoredPassage
from retrieval import UnknownPassage, gold_line, identifying_text, rejected_line
from retrieval.index import AnyAddress, Documents, open_place

_KIND = "feedback"


@dataclass(frozen=True, slots=True)
class RatingsExport:
    """JSON lines, and remarks about ratings that could not be exported."""

    lines: tuple[str, ...]
    remarks: tuple[str, ...]


def export_ratings(address: StateAddress, index: AnyAddress) -> RatingsExport:
    """
    Export the ratings of a state, looking up their paragraphs in an index.

    Raises:
        StateError: there is no state file, or it cannot be read.
        IndexFault: there is no index, or it cannot be read.
    """
    if isinstance(address, Path) and not address.is_file():
        raise StateError(
            f"the ratings stand in the bot's state file, there is none at {address}: "
            "name it with --state or TRICHDAN_STATE"
        )
    opened = open_place(index).open_documents()
    state = open_state(address)
    try:
        return _export(Ratings(state).answers(), PassageLookup(opened))
    finally:
        state.close()


class PassageLookup:
    """Looks up the passages of stored answers in the current index."""

    def __init__(self, opened: Documents) -> None:
        self._documents = opened

    def locate(self, shown: StoredPassage) -> dict[str, str] | None:
        """A passage's source and identifying text, None if its text has changed since."""
        try:
            passage = self._documents.passage(shown.passage_id)
        except UnknownPassage:
            return None
        if digest(passage.text) != shown.digest:
            return None
        document = self._documents.stored_documents((passage.doc_id,), with_passages={passage.doc_id})[passage.doc_id]
        others = [other for other in document.passages if other.passage_id != passage.passage_id]
        return {"source": document.record.source, "contains": identifying_text(passage, others)}


def _export(answers: Iterable[RatedAnswer], lookup: PassageLookup) -> RatingsExport:
    lines: dict[str, str] = {}  # keyed by content, so that several ratings of one question and answer give one line
    silent: Counter[bool] = Counter()  # how many ratings, by whether their question is missing
    changed = 0
    for answer in answers:
        silent[answer.question is None] += answer.ups + answer.downs
        if answer.question is None:
            continue
        to_line = _rejected_line if answer.downs else _gold_line
        line = to_line(answer, answer.question, lookup)
        if line is None:
            changed += 1
            continue
        lines.setdefault(json.dumps(line, ensure_ascii=False), answer.answer_id)
    numbered = (json.dumps({"id": name, **json.loads(line)}, ensure_ascii=False) for line, name in lines.items())
    return RatingsExport(tuple(numbered), tuple(_remarks(silent, changed)))


def _gold_line(answer: RatedAnswer, question: str, lookup: PassageLookup) -> dict[str, object] | None:
    """A question and its gold paragraph; no gold where "nothing found" was rated helpful."""
    places = [lookup.locate(shown) for shown in answer.passages[:1]]
    found = [place for place in places if place]
    return gold_line(question, found, kind=_KIND) if len(found) == len(places) else None


def _rejected_line(answer: RatedAnswer, question: str, lookup: PassageLookup) -> dict[str, object]:
    """A question and its rejected passages, without those that have left the index."""
    places = [(lookup.locate(shown), shown.score) for shown in answer.passages]
    return rejected_line(
        question,
        [{**place, "score": score} for place, score in places if place],
        reasons=answer.reasons,
        state=answer.state,
        confidence=answer.confidence,
        kind=_KIND,
    )


def _remarks(silent: Counter[bool], changed: int) -> Iterable[str]:
    if silent[True]:
        yield (
            f"ratings are exported with their question, {silent[True]} of {silent.total()} have no question text: "
            "set TRICHDAN_KEEP_QUESTIONS=true, which keeps it from then on, for TRICHDAN_KEEP_DAYS days"
        )
    if changed:
        yield f"a praised paragraph is exported while the index has it word for word, of {changed} it has other words"

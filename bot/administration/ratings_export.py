"""
The Export: rated answers as lines for `trichdan eval`, so that the staff's judgement measures the next version.

An answer that everybody who rated it found helpful becomes a question with its first paragraph as gold; one that
somebody rejected becomes a line with "rejected" in place of "gold", which eval does not ask: a wrong answer does not
say whether there is a right one.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StateError
from bot.search.search_service import digest
from bot.storage.ratings import RatedAnswer, Ratings
from bot.storage.state import Shown, State
from retrieval.errors import UnknownPassage
from retrieval.index.generations import generation
from retrieval.index.storage import store
from retrieval.index.storage.store import Store
from retrieval.passage import Passage

_SHORTEST = 40  # characters of what identifies a paragraph: a reader of the file should recognise it
_WORD = re.compile(r"\S+")
_KIND = "feedback"


@dataclass(frozen=True, slots=True)
class Exported:
    """JSON lines, and sentences about what could not become one."""

    lines: tuple[str, ...]
    remarks: tuple[str, ...]


def export_ratings(state_file: Path, index: Path) -> Exported:
    """
    The ratings of a state file, their paragraphs looked up in an index.

    Raises:
        StateError: there is no state file, or it cannot be read.
        IndexFault: there is no index, or it cannot be read.
    """
    if not state_file.is_file():
        raise StateError(
            f"the ratings stand in the bot's state file, there is none at {state_file}: "
            "name it with --state or TRICHDAN_STATE"
        )
    opened = Store(generation.live_folder(index) / store.FILE)
    state = State(state_file)
    try:
        return _exported(Ratings(state).answers(), Paragraphs(opened))
    finally:
        state.close()
        opened.close()


class Paragraphs:
    """Where the passages of an answer stand in the index of today."""

    def __init__(self, opened: Store) -> None:
        self._store = opened

    def place(self, shown: Shown) -> dict[str, str] | None:
        """The source of a passage and what identifies it there, None when its words are no longer what was shown."""
        try:
            passage = self._store.passage(shown.passage_id)
        except UnknownPassage:
            return None
        if digest(passage.text) != shown.digest:
            return None
        others = [other for other in self._store.passages_of(passage.doc_id) if other.passage_id != passage.passage_id]
        source = self._store.document(passage.doc_id).source
        return {"source": source, "contains": identifying(passage, others)}


def identifying(passage: Passage, others: Sequence[Passage]) -> str:
    """The shortest beginning of a passage, in whole words, that no other holds; else all of it, as its copies do."""
    ends = (word.end() for word in _WORD.finditer(passage.text))
    beginnings = (passage.text[:end] for end in ends if end >= _SHORTEST)
    return next((start for start in beginnings if all(start not in other.text for other in others)), passage.text)


def _exported(answers: Iterable[RatedAnswer], paragraphs: Paragraphs) -> Exported:
    lines: dict[str, str] = {}  # by what they say, so that what several people asked and praised is one question
    silent: Counter[bool] = Counter()  # ratings, by whether they could not become a line for want of a question
    changed = 0
    for answer in answers:
        silent[answer.question is None] += answer.ups + answer.downs
        if answer.question is None:
            continue
        said = _rejected(answer, paragraphs) if answer.downs else _praised(answer, paragraphs)
        if said is None:
            changed += 1
            continue
        lines.setdefault(json.dumps(said, ensure_ascii=False), answer.answer_id)
    written = (json.dumps({"id": name, **json.loads(line)}, ensure_ascii=False) for line, name in lines.items())
    return Exported(tuple(written), tuple(_remarks(silent, changed)))


def _praised(answer: RatedAnswer, paragraphs: Paragraphs) -> dict[str, object] | None:
    """A question and its answer; that there is none, where "nothing found" was praised."""
    places = [paragraphs.place(shown) for shown in answer.passages[:1]]
    return None if None in places else {"question": answer.question, "gold": places, "kind": _KIND}


def _rejected(answer: RatedAnswer, paragraphs: Paragraphs) -> dict[str, object]:
    """What was not an answer to a question; passages that the index has no more are left out."""
    places = [(paragraphs.place(shown), shown.score) for shown in answer.passages]
    return {
        "question": answer.question,
        "rejected": [{**place, "score": score} for place, score in places if place],
        "reasons": list(answer.reasons),
        "state": answer.state,
        "confidence": round(answer.confidence, 4),
        "kind": _KIND,
    }


def _remarks(silent: Counter[bool], changed: int) -> Iterable[str]:
    if silent[True]:
        yield (
            f"ratings are exported with their question, {silent[True]} of {silent.total()} have no question text: "
            "set TRICHDAN_KEEP_QUESTIONS=true, which keeps it from then on, for TRICHDAN_KEEP_DAYS days"
        )
    if changed:
        yield f"a praised paragraph is exported while the index has it word for word, of {changed} it has other words"

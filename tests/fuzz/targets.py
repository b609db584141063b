"""
What is fuzzed: for each target its inputs to begin with, how they are changed, and what must hold.

A fault is an exception that leaves `check`. A hang or a crash of the process is libFuzzer's to find.
"""

from __future__ import annotations

import json
import random
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from retrieval.errors import DocumentError, QuestionError
from retrieval.language.analyzer import WORD
from retrieval.language.spelling import fold, nfc
from retrieval.passage import split_document
from retrieval.question.query import Query
from retrieval.question.understanding import MAX_QUESTION_LENGTH, understand
from retrieval.reading.files.sidecar import Sidecar
from retrieval.reading.reader import READERS, reader_of_content
from retrieval.reading.text.encoding import normalize
from tests.fuzz.updates import UpdateCheck, change_update, update_originals
from tests.support.documents import document_of
from tests.support.fuzz import corrupt, originals

QUESTION, UPDATE = "question", "update"
_TESTS = Path(__file__).parents[1]
_SEEDS = _TESTS.parent / "seeds"
_OTHER_NAMES = {".htm", ".markdown", ".docm", ".dotx", ".dotm", ".dot", ".mht", ".ott", ".pptm", ".xlsm"}


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to fuzz."""

    inputs: Callable[[], Sequence[bytes]]
    change: Callable[[bytes, random.Random], bytes]
    check: Callable[[bytes], None]
    seconds: int  # after which one input is a hang
    longest: int  # bytes of an input


def targets() -> dict[str, Target]:
    """Every target by its name: a suffix, `question` or `update`."""
    suffixes = [suffix for suffix in sorted(READERS) if suffix not in _OTHER_NAMES and originals(suffix)]
    readers = {
        suffix: Target(
            partial(originals, suffix), partial(_changed, suffix), partial(_check_reader, suffix), 120, 4_000_000
        )
        for suffix in suffixes
    }
    questions = Target(_questions, partial(_changed, ".txt"), _QuestionCheck(), 10, 12_000)
    updates = Target(update_originals, change_update, UpdateCheck(), 10, 200_000)
    return {QUESTION: questions, UPDATE: updates, **readers}


def _changed(suffix: str, data: bytes, chance: random.Random) -> bytes:
    return corrupt(data, suffix, chance)


def _check_reader(suffix: str, data: bytes) -> None:
    """Reading gives a document that holds, or a refusal."""
    name = f"a{suffix}"
    try:
        content = reader_of_content(data, name)(data, name)
    except DocumentError:
        return
    except Exception:  # noqa: BLE001 - a library's own fault over a damaged file, which the worker refuses
        return
    try:
        document = document_of(content, name, sidecar=Sidecar(), sha256="")
    except DocumentError:
        return
    text, passages = document.text, split_document(document)
    starts = [passage.start for passage in passages]
    _must(unicodedata.is_normalized("NFC", text), "a text is NFC")
    _must(all(text[each.start : each.end] == each.text for each in passages), "passages are where they say")
    _must(all(0 <= block.start <= block.end <= len(text) for block in document.blocks), "blocks lie within the text")
    _must(starts == sorted(starts), "passages are in order")
    _must(document.title.isprintable(), "a title has no control characters")


class _SeedSpellings:
    """The spellings of the seeds, found by their bare form."""

    def __init__(self) -> None:
        texts = (path.read_text(encoding="utf-8") for path in sorted(_SEEDS.glob("*.txt")))
        tokens = [word.lower() for text in texts for word in WORD.findall(nfc(text))]
        self._words: dict[str, Counter[str]] = defaultdict(Counter)
        self._pairs: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
        for word in tokens:
            self._words[fold(word)][word] += 1
        for pair in pairwise(tokens):
            self._pairs[fold(pair[0]), fold(pair[1])][pair] += 1
        self.total = len(tokens)

    def prefetch(self, texts: Iterable[str]) -> None:
        """All is in memory."""

    def of(self, folded: str) -> Mapping[str, int]:
        return self._words.get(folded, {})

    def of_pair(self, first: str, second: str) -> Mapping[tuple[str, str], int]:
        return self._pairs.get((first, second), {})


class _QuestionCheck:
    """Understands a question, also as the follow-up of the line before."""

    def __init__(self) -> None:
        self._spellings = _SeedSpellings()

    def __call__(self, data: bytes) -> None:
        first, _, second = data.decode("utf-8", "ignore").partition("\n")
        previous = self._understood(first, None)
        self._understood(second, previous.context if previous else None)

    def _understood(self, question: str, previous: str | None) -> Query | None:
        try:
            query = understand(question[:MAX_QUESTION_LENGTH], self._spellings, previous=previous)
        except QuestionError:
            return None
        _must(query.text == normalize(query.text), "a query's text is NFC")
        _must(bool(query.text.strip()), "a query has a word")
        return query


def _questions() -> list[bytes]:
    lines = [
        json.loads(line)["question"]
        for name in ("seeds-dev.jsonl", "english-dev.jsonl")
        for line in (_TESTS / name).read_text(encoding="utf-8").splitlines()
    ]
    return [f"{one}\n{other}".encode() for one, other in zip(lines, lines[1:] + lines[:1], strict=True)]


def _must(kept: bool, promise: str) -> None:
    if not kept:
        raise AssertionError(promise)

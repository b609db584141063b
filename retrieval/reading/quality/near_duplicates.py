"""
Find copies: documents of a corpus that repeat an earlier one.

For the person who maintains the corpus: whole documents worth a look. (`ranking.duplicates` compares two paragraphs in
every detail before it shows one for both.)
"""

from __future__ import annotations

import heapq
import zlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Literal

from retrieval.language.analyzer import WORD
from retrieval.language.spelling import exact_key

if TYPE_CHECKING:
    from retrieval.reading.document import Document

Likeness = Literal["", "same-bytes", "same-text", "near-copy"]

_SHINGLE = 5  # words
# Resemblance by the smallest hashes of the shingles: Broder 1997, "On the resemblance and containment of documents".
_FEWEST = 20  # words
_SKETCH = 96
_ALIKE = 0.7  # of the smallest hashes of the union
_COMMON = 50  # documents sharing a hash: beyond that it is a form's boilerplate


class DuplicateDetector:
    """The documents seen so far: files, texts and MinHash sketches."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._sketches: list[tuple[str, frozenset[int]]] = []
        self._places: dict[int, list[int]] = defaultdict(list)

    def earlier_copy(self, document: Document) -> tuple[Likeness, str]:
        """Add a document; kind and source of the earlier copy, or ("", "")."""
        words = [exact_key(word) for block in document.blocks for word in WORD.findall(document.text_of(block))]
        file = "" if document.archive else document.sha256
        by_file = self._files.setdefault(file, document.source) if file else document.source
        by_text = self._texts.setdefault(" ".join(words), document.source) if words else document.source
        sketch = _sketch(words)
        near = self._nearest(sketch)
        self._add(document.source, sketch)
        if by_file != document.source:
            return "same-bytes", by_file
        if by_text != document.source:
            return "same-text", by_text
        return ("near-copy", near) if near else ("", "")

    def _nearest(self, sketch: frozenset[int]) -> str:
        shared = Counter(place for value in sketch for place in self._places.get(value, ()))
        for place, _ in shared.most_common(3):
            source, other = self._sketches[place]
            smallest = set(heapq.nsmallest(_SKETCH, sketch | other))
            if len(smallest & sketch & other) >= _ALIKE * len(smallest):
                return source
        return ""

    def _add(self, source: str, sketch: frozenset[int]) -> None:
        self._sketches.append((source, sketch))
        for value in sketch:
            if len(self._places[value]) < _COMMON:
                self._places[value].append(len(self._sketches) - 1)


def _sketch(words: list[str]) -> frozenset[int]:
    """The smallest hashes of all five-word shingles; empty for a short text."""
    if len(words) < _FEWEST:
        return frozenset()
    runs = (" ".join(words[start : start + _SHINGLE]) for start in range(len(words) - _SHINGLE + 1))
    return frozenset(heapq.nsmallest(_SKETCH, {zlib.crc32(run.encode()) for run in runs}))

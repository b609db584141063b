"""
The names by which questions call documents: titles of laws and rules, and document numbers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.index.storage.store import DocumentRecord
from retrieval.language.analyzer import WORD
from retrieval.language.document_number import INTERNAL_KINDS, KINDS, DocumentNumber, parse_number
from retrieval.language.spelling import fold

_OPENING = re.compile(rf"(?:{'|'.join((*KINDS, *INTERNAL_KINDS))})\b")
_EDITION = re.compile(r"\s*(?:\(.*\)|(?:nam\s+)?(?:19|20)\d\d|so\s*:?\s*\d.*)$")
_MOST_WORDS = 40


@dataclass(frozen=True, slots=True)
class NamedDocuments:
    """Documents of one title in a text, and the words that it takes: words[start:end]."""

    records: tuple[DocumentRecord, ...]
    start: int
    end: int


class DocumentNames:
    """The documents by title and number; lookups take no time that grows with their number."""

    def __init__(self, records: Iterable[DocumentRecord]) -> None:
        self._by_title: dict[tuple[str, ...], list[DocumentRecord]] = defaultdict(list)
        self._by_serial: dict[str, list[tuple[DocumentNumber, DocumentRecord]]] = defaultdict(list)
        for record in records:
            title = _EDITION.sub("", fold(record.title))
            if _OPENING.match(title):
                self._by_title[tuple(WORD.findall(title))].append(record)
            number = parse_number(record.number)
            if number is not None:
                self._by_serial[number.serial].append((number, record))

    def numbered(self, number: DocumentNumber) -> list[DocumentRecord]:
        """The documents that a number, perhaps without year or symbol, can mean."""
        return [record for own, record in self._by_serial.get(number.serial, ()) if number.names(own)]

    def titled(self, words: Sequence[str]) -> NamedDocuments | None:
        """The documents whose whole title stands in the folded words; the longest title counts."""
        for length in range(min(len(words), _MOST_WORDS), 1, -1):
            for start in range(len(words) - length + 1):
                found = self._by_title.get(tuple(words[start : start + length]))
                if found:
                    return NamedDocuments(tuple(found), start, start + length)
        return None

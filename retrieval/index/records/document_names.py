"""
The names by which questions call documents: titles of laws and rules, and document numbers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from retrieval.index.records.document_record import DocumentRecord
from retrieval.language.analyzer import WORD
from retrieval.language.document_number import INTERNAL_KINDS, KINDS, DocumentNumber, parse_number
from retrieval.language.spelling import fold

_OPENING = re.compile(rf"(?:{'|'.join((*KINDS, *INTERNAL_KINDS))})\b")
_LAWS: Final = frozenset(("luat", "bo luat", "phap lenh"))
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
        self._by_name: dict[tuple[str, ...], list[DocumentRecord]] = defaultdict(list)
        self._by_serial: dict[str, list[tuple[DocumentNumber, DocumentRecord]]] = defaultdict(list)
        for record in records:
            title = fold(record.title)
            if kind := _OPENING.match(title):
                title = _EDITION.sub("", title)
                self._by_title[tuple(WORD.findall(title))].append(record)
                name = tuple(WORD.findall(title[kind.end() :]))
                if kind[0] in _LAWS and len(name) > 1:
                    self._by_name[name].append(record)
                    self._by_title[*kind[0].split(), "".join(word[0] for word in name)].append(record)
            number = parse_number(record.number)
            if number is not None:
                self._by_serial[number.serial].append((number, record))

    def numbered(self, number: DocumentNumber) -> list[DocumentRecord]:
        """The documents that a number, perhaps without year or symbol, can mean."""
        return [record for own, record in self._by_serial.get(number.serial, ()) if number.names(own)]

    def titled(self, words: Sequence[str]) -> NamedDocuments | None:
        """The documents whose whole title stands in the folded words; the longest title counts."""
        return _longest_in(words, self._by_title)

    def nicknamed(self, words: Sequence[str]) -> NamedDocuments | None:
        """The laws whose name stands in the folded words without "luật"."""
        return _longest_in(words, self._by_name)


def _longest_in(
    words: Sequence[str], names: Mapping[tuple[str, ...], Sequence[DocumentRecord]]
) -> NamedDocuments | None:
    """The longest name that stands in the words."""
    for length in range(min(len(words), _MOST_WORDS), 1, -1):
        for start in range(len(words) - length + 1):
            found = names.get(tuple(words[start : start + length]))
            if found:
                return NamedDocuments(tuple(found), start, start + length)
    return None

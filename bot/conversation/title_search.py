"""
Documents by the words of their title and number.

`/tailieu` and inline queries look for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from bot.messages.quote_html import escape, truncate
from bot.messages.texts import Texts
from retrieval.index import DocumentRecord
from retrieval.language import fold

TITLE = 250  # units
_MOST_WORDS = 10  # that are looked for


def titled(records: Sequence[DocumentRecord], words: frozenset[str]) -> list[DocumentRecord]:
    """The documents with all the words in number and title; see `wanted`."""
    return [record for record in records if holds_all(f"{record.number} {record.title}", words)]


def holds_all(text: str, words: frozenset[str]) -> bool:
    """Whether a text holds all the words, folded; see `wanted`."""
    folded = fold(text)
    return all(word in folded for word in words)


def wanted(words: str) -> frozenset[str]:
    """The first few different words, folded: one message may hold two thousand."""
    return frozenset(islice(dict.fromkeys(fold(words).split()), _MOST_WORDS))


def described(record: DocumentRecord, texts: Texts, *, title: int = TITLE) -> str:
    """
    A document on one line of HTML, its title cut to so many units.

    Example: "Quy chế nâng lương (34/QĐ-TTg · Bộ Nội vụ · 02/03/2024)"
    """
    return f"{escape(truncate(record.title, title))} ({escape(particulars(record, texts))})"


def particulars(record: DocumentRecord, texts: Texts) -> str:
    """A document's number, publisher and date, as plain text."""
    day = f"{record.published:%d/%m/%Y}" if record.published else texts.undated
    return " · ".join(part for part in (truncate(record.number, 60), truncate(record.publisher, 80), day) if part)

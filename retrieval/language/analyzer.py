"""
The analyzer: text to terms, namely syllables, pairs of syllables, official numbers and dates.

Pairs stand in for words: one bare syllable has three accented spellings on average, a bare pair 1.2, so that pairs tell
words apart without a segmenter. Numbers and dates are single tokens with variants, so that
"nghị định 104/2012" meets "Nghị định số 104/2012/NĐ-CP" and "29/7/2022" meets "ngày 29 tháng 7 năm 2022".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from retrieval.language.spelling import exact_key, fold, folded_key

WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_PARTS = 16  # of an official number; the longest, of joint circulars, have a dozen. Bounds the shortened forms
_OFFICIAL = re.compile(r"\b\d+(?:[/-](?:\d{4}|[^\W\d_]+\d*))+\b")
_NUMERIC_DATE = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?(?![\d/-]|[.]\d)")
_SPOKEN_DATE = re.compile(
    r"(?:(?:ngày|ngay)\s+(\d{1,2})\s+)?(?:tháng|thang)\s+(\d{1,2})(?:(?:\s+(?:năm|nam)\s+|[/-])(\d{4}))?",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(r"(?<![\d/.-])(\d{1,2})[/-](\d{4})(?![\d/-])")


@dataclass(frozen=True, slots=True)
class Terms:
    """
    The terms of one text for the two lexical fields.

    Both end with the same entity tokens.
    """

    exact: tuple[str, ...]
    folded: tuple[str, ...]

    def without(self, others: Terms) -> Terms:
        """These terms without one occurrence of each of the others."""
        return Terms(_less(self.exact, others.exact), _less(self.folded, others.folded))


def analyze(text: str) -> Terms:
    """
    The terms of a text in NFC, in order, repeated as often as they occur.

    Example: "Điện Biên" -> exact ("điên5", "biên", "điên5_biên"), folded ("dien", "bien", "dien_bien")
    """
    words = WORD.findall(text)
    entities = tuple(entity_tokens(text))
    return Terms(
        exact=with_pairs([exact_key(word) for word in words]) + entities,
        folded=with_pairs([folded_key(word) for word in words]) + entities,
    )


def _less(terms: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    unwanted = Counter(others)
    kept = []
    for term in terms:
        if unwanted[term]:
            unwanted[term] -= 1
        else:
            kept.append(term)
    return tuple(kept)


def with_pairs(keys: list[str]) -> tuple[str, ...]:
    """The keys, then each two neighbours joined by "_"."""
    return (*keys, *(f"{a}_{b}" for a, b in pairwise(keys)))


def entity_tokens(text: str) -> Iterator[str]:
    """
    One token for each official number and date, and for each of its shortened forms.

    Example: "104/2012/NĐ-CP" -> "104/2012", "104/2012/nd", "104/2012/nd/cp"
    Example: "29/7/2022" -> "@7-29", "@2022-7", "@2022-7-29"
    """
    if not _DIGIT.search(text):  # spares most sentences four searches
        return
    for match in _OFFICIAL.finditer(text):
        parts = re.split(r"[/-]", fold(match[0]))
        yield from ("/".join(parts[:n]) for n in range(2, min(len(parts), _PARTS) + 1))
    for day, month, year in _dates(text):
        if day and month:
            yield f"@{month}-{day}"
        if year and month:
            yield f"@{year}-{month}"
        if day and month and year:
            yield f"@{year}-{month}-{day}"


def _dates(text: str) -> Iterator[tuple[int, int, int]]:
    """The dates as (day, month, year), with 0 for missing parts."""
    for match in (*_NUMERIC_DATE.finditer(text), *_SPOKEN_DATE.finditer(text)):
        day, month, year = (int(part or 0) for part in match.groups())
        if day <= 31 and 1 <= month <= 12:
            yield day, month, year
    for match in _MONTH_YEAR.finditer(text):
        if 1 <= int(match[1]) <= 12:
            yield 0, int(match[1]), int(match[2])

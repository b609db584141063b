"""
Find the annexed regulation whose article a question means: "Điều 5 Quy chế đào tạo".

What stands next to the article decides: "Điều 1 Quyết định 12 ban hành Quy chế đào tạo" means the decision's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from retrieval.language.analyzer import WORD
from retrieval.language.document_number import INTERNAL_KINDS, KINDS
from retrieval.language.spelling import fold
from retrieval.question.reference import asks_for_nothing_else
from retrieval.reading.provision import annex_in

Annex = tuple[str, str]  # document id, and the annex's heading
_AROUND: Final = frozenset(("ban", "hanh", "kem", "nay", "do", "tren"))  # "ban hành kèm theo Quyết định số 5"
_NUMBERED = re.compile(r"(?P<kind>phu luc|bieu mau|mau bieu|mau|bieu) (?:so )?0*(?P<number>\w+)")
_KINDS = "|".join(sorted((*KINDS, *INTERNAL_KINDS, "the le", "quy uoc"), key=len, reverse=True))
_KIND = re.compile(rf"\b(?:{_NUMBERED.pattern}|{_KINDS})\b")
_SENTENCE_WORD: Final = "quy dinh"  # "Điều 5 quy định gì" names no regulation


@dataclass(frozen=True, slots=True)
class NamedAnnexes:
    """The annexes that a question may mean, and the words by which it names them."""

    annexes: tuple[Annex, ...] = ()
    words: frozenset[str] = frozenset()

    def holds(self, doc_id: str, section: str) -> bool:
        """Whether a section of a document lies in one of them."""
        return (doc_id, annex_in(section)) in self.annexes


def named_annexes(beside: Sequence[str], annexes: Iterable[Annex]) -> NamedAnnexes:
    """
    The annexes that the folded words beside an article name best.

    Several of one kind ("Điều 5 Quy chế") are told apart by nothing, so none is meant.
    """
    text = " ".join(beside)
    kind = _KIND.search(text)
    if kind is None:
        return NamedAnnexes()
    rest = tuple(text[kind.end() :].split())
    counted = {annex: _count_named(kind[0], rest, annex[1]) for annex in annexes}
    most = max(counted.values(), default=-1)
    best = tuple(annex for annex, count in counted.items() if count == most)
    if most < 0 or (most == 0 and len(best) > 1):
        return NamedAnnexes()
    return NamedAnnexes(best, frozenset((*kind[0].split(), *rest[:most], *_AROUND)))


def _count_named(kind: str, rest: Sequence[str], heading: str) -> int:
    """How many words after the kind name this annex; -1 for another."""
    folded = " ".join(WORD.findall(fold(heading)))
    own = _KIND.match(folded)
    if own is None or _plain(own[0]) != _plain(kind):
        return -1
    name = frozenset(folded[own.end() :].split())
    count = next((at for at, word in enumerate(rest) if word not in name), len(rest))
    return count if count or (kind != _SENTENCE_WORD and _may_follow_kind(rest)) else -1


def _may_follow_kind(rest: Sequence[str]) -> bool:
    """Whether words may follow a kind that stands for itself, as what issued it may."""
    is_around = not rest or rest[0] in _AROUND or asks_for_nothing_else(tuple(rest[:1]))
    return is_around or _KIND.match(" ".join(rest)) is not None


def _plain(kind: str) -> str:
    """
    A kind, or an annex's number however it is written.

    Example: "phu luc so 01" -> "phu luc 1"
    """
    found = _NUMBERED.fullmatch(kind)
    return f"{found['kind']} {found['number']}" if found else kind

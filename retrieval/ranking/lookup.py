"""
Look-ups: what a question names by article, title or number, or its absence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from retrieval.index.candidate import Candidate, PassageKey
from retrieval.index.contract import SectionedPassage
from retrieval.language.analyzer import WORD
from retrieval.language.document_number import DocumentNumber, find_numbers
from retrieval.language.spelling import fold
from retrieval.question.reference import asks_for_nothing_else
from retrieval.ranking.absence import Absence
from retrieval.ranking.confidence import lowest, unsure
from retrieval.ranking.named_annex import NamedAnnexes
from retrieval.ranking.provision_passages import articles_of, parts_of, passages_below
from retrieval.ranking.reference_targets import ReferenceTargets
from retrieval.ranking.score import RankedCandidate
from retrieval.reading.provision import annex_in, article_in

# In log odds, set by hand: a provision that is named comes before all others, a document before what fits as well.
_PROVISION = 12.0
_DOCUMENT = 2.5
_CERTAIN = 0.99  # what is named was found
_OPENING: Final = 10  # passages from the beginning of a document
_MOST: Final = 400  # passages of named documents that are ranked beside what the search finds
_ASKS_PARTS = re.compile(r"\b(?:co )?(?:tat ca )?(?:may|bao nhieu) (?:dieu|khoan|chuong|muc|phan|phu luc|trang)\b")
_ASKS_SUBJECT = re.compile(r"\bve (?:gi|cai gi|viec gi|van de gi|noi dung gi|linh vuc gi|linh vuc nao)\b|\babout\b")

Sections = Mapping[str, Sequence[SectionedPassage]]  # by document id


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a question names, found in the index."""

    keys: frozenset[PassageKey] = frozenset()  # of passages of the named provisions, or of the named documents
    is_provision: bool = False  # whether they are provisions
    is_whole: bool = False  # whether nothing else is asked
    is_unresolved: bool = False  # an article of a document that is not here is named
    numbers: tuple[DocumentNumber, ...] = ()  # full numbers that no document has
    sought: DocumentNumber | None = None  # a number that no document has, where nothing is asked but what it says
    asks_subject: bool = False  # whether it is asked what it is about, as a mention by its title says
    absence: Absence | None = None

    def boost(self, candidate: Candidate) -> float:
        """The boost of what the question names or whose number it mentions, in log odds."""
        if candidate.key in self.keys:
            return _PROVISION if self.is_provision else _DOCUMENT
        return _DOCUMENT if self.numbers and self.mentions_number(candidate.passage.text) else 0.0

    def order(self, places: list[RankedCandidate]) -> list[RankedCandidate]:
        """The ranking; if nothing else is asked, what is named, in reading order."""
        if not self.is_whole:
            return places
        return sorted((p for p in places if p.candidate.key in self.keys), key=lambda place: place.candidate.key)

    def adjust(self, probability: float) -> float:
        """The confidence, where what is named settles it."""
        if self.is_whole:
            return max(probability, _CERTAIN)
        if self.is_provision:
            return max(probability, lowest("weak"))
        return unsure(probability) if self.is_unresolved else probability

    def absent_number(self, shown: Iterable[str]) -> Absence | None:
        """The absence of a full number that no document has and no text shown mentions."""
        if not self.numbers or any(map(self.mentions_number, shown)):
            return None
        return Absence("number", self.numbers[0].typed)

    def mention(self, shown: Iterable[str]) -> Absence | None:
        """The absence of a document that the texts shown only mention."""
        if self.sought is None or not any(self.sought.names(n) for text in shown for _, n in find_numbers(text)):
            return None
        return Absence("mention", self.sought.typed)

    def mentions_number(self, text: str) -> bool:
        """Whether a text mentions one of the numbers that no document has."""
        return any(number.names(found) for _, found in find_numbers(text) for number in self.numbers)


def look_up(targets: ReferenceTargets, sections: Sections) -> Lookup:
    """
    Resolve what a question names outright.

    `sections`: the passages of the targets' documents.
    """
    if targets.is_empty:
        return Lookup()
    if targets.absence:
        return Lookup(absence=targets.absence)
    reference, words = targets.reference, targets.words
    if reference.articles:
        return _provisions(targets, sections)
    is_whole = asks_for_nothing_else(words)
    keys = _opening_keys(targets.documents, sections) if is_whole else _all_keys(targets.documents, sections)
    asks_text = asks_for_nothing_else(tuple(WORD.findall(_ASKS_PARTS.sub(" ", " ".join(words)))))
    sought = reference.numbers[0] if asks_text and reference.numbers and not targets.records else None
    return Lookup(
        frozenset(keys),
        is_whole=is_whole and bool(keys),
        numbers=targets.unknown,
        sought=sought,
        asks_subject=_ASKS_SUBJECT.search(fold(targets.text)) is not None,
    )


def _provisions(targets: ReferenceTargets, sections: Sections) -> Lookup:
    """The passages of the named provisions in the named documents, or the only statute."""
    reference, annexes = targets.reference, targets.annexes
    if not targets.documents:
        is_unresolved = bool(reference.names_statute or reference.numbers)
        return Lookup(is_unresolved=is_unresolved, numbers=targets.unknown if is_unresolved else ())
    places = [
        (found, parts_of(found.section), _is_meant(annexes, doc_id, found.section))
        for doc_id in targets.documents
        for found in sections[doc_id]
    ]
    # An annex has articles of the same numbers, which are meant only if it is named or the text has none.
    meant = [(found, own) for found, own, is_meant in places if is_meant]
    inside = [each for each in meant if each[1].get("dieu") in reference.articles]
    others = [] if annexes.annexes else [(found, own) for found, own, is_meant in places if not is_meant]
    inside = inside or [each for each in others if each[1].get("dieu") in reference.articles]
    if not inside:
        articles = articles_of(meant) or articles_of(others)
        title = annexes.annexes[0][1] if annexes.annexes else targets.records[0].title
        counted = len({name for name in articles if name.isdigit()})
        absence = Absence("article", f"Điều {reference.articles[0]}", title, counted)
        return Lookup(absence=absence) if articles else Lookup(is_unresolved=True)
    below = passages_below(inside, reference)
    if isinstance(below, Absence):
        return Lookup(absence=below)
    words = tuple(word for word in targets.words if word not in annexes.words)
    keys = frozenset(found.key for found in below)
    return Lookup(keys, is_provision=True, is_whole=asks_for_nothing_else(words))


def _is_meant(annexes: NamedAnnexes, doc_id: str, section: str) -> bool:
    return annexes.holds(doc_id, section) if annexes.annexes else not annex_in(section)


def _all_keys(documents: Iterable[str], sections: Sections) -> tuple[PassageKey, ...]:
    return tuple(found.key for doc_id in documents for found in sections[doc_id])[:_MOST]


def _opening_keys(documents: Iterable[str], sections: Sections) -> tuple[PassageKey, ...]:
    """Where the documents begin: their first articles, or their first paragraphs."""
    keys: list[PassageKey] = []
    for doc_id in documents:
        articles = [found.key for found in sections[doc_id] if article_in(found.section)]
        keys += (articles or [found.key for found in sections[doc_id]])[:_OPENING]
    return tuple(keys)[:_MOST]

"""
Look-ups: what a question names by article, title or number, or its absence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from retrieval.index.candidate import Candidate
from retrieval.index.local.local_index import LocalIndex
from retrieval.index.records.document_record import DocumentRecord
from retrieval.language.analyzer import WORD
from retrieval.language.document_number import DocumentNumber, find_numbers
from retrieval.language.spelling import fold
from retrieval.question.reference import Reference, asks_for_nothing_else, reference_in
from retrieval.ranking.absence import Absence
from retrieval.ranking.confidence import lowest, unsure
from retrieval.ranking.named_annex import NamedAnnexes, named_annexes
from retrieval.ranking.provision_rows import articles_of, parts_of, rows_below
from retrieval.ranking.score import RankedCandidate
from retrieval.reading.provision import annex_in, article_in

# In log odds, set by hand: a provision that is named comes before all others, a document before what fits as well.
_PROVISION = 12.0
_DOCUMENT = 2.5
_CERTAIN = 0.99  # what is named was found
_OPENING: Final = 10  # passages from the beginning of a document
_MOST_ROWS: Final = 400  # passages of named documents that are ranked beside what the search finds
_ASKS_PARTS = re.compile(r"\b(?:co )?(?:tat ca )?(?:may|bao nhieu) (?:dieu|khoan|chuong|muc|phan|phu luc|trang)\b")
_ASKS_SUBJECT = re.compile(r"\bve (?:gi|cai gi|viec gi|van de gi|noi dung gi|linh vuc gi|linh vuc nao)\b|\babout\b")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a question names, found in the index."""

    rows: frozenset[int] = frozenset()  # of the named provisions, or of the named documents
    is_provision: bool = False  # whether `rows` are provisions
    is_whole: bool = False  # whether nothing else is asked
    is_unresolved: bool = False  # an article of a document that is not here is named
    numbers: tuple[DocumentNumber, ...] = ()  # full numbers that no document has
    sought: DocumentNumber | None = None  # a number that no document has, where nothing is asked but what it says
    asks_subject: bool = False  # whether it is asked what it is about, as a mention by its title says
    absence: Absence | None = None

    def boost(self, candidate: Candidate) -> float:
        """The boost of what the question names or whose number it mentions, in log odds."""
        if candidate.row in self.rows:
            return _PROVISION if self.is_provision else _DOCUMENT
        return _DOCUMENT if self.numbers and self.mentions_number(candidate.passage.text) else 0.0

    def order(self, places: list[RankedCandidate]) -> list[RankedCandidate]:
        """The ranking; if nothing else is asked, what is named, in reading order."""
        if not self.is_whole:
            return places
        return sorted((p for p in places if p.candidate.row in self.rows), key=lambda place: place.candidate.row)

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


def look_up(text: str, index: LocalIndex) -> Lookup:
    """Resolve what a question, as understood, names outright."""
    reference = reference_in(text)
    if not (reference.articles or reference.numbers or reference.has_kind):
        return Lookup()
    names = index.document_names
    unknown = tuple(n for n in reference.numbers if (n.year and n.symbol) and not names.numbered(n))
    records = [record for number in reference.numbers for record in names.numbered(number)]
    words = reference.words
    titled = names.titled(words)
    if titled is not None:
        year = _year_after(words[titled.end :])
        editions = [record for record in titled.records if not year or _is_of_year(record, year)]
        words = (*words[: titled.start], *(w for w in words[titled.end :] if not _YEAR.fullmatch(w)))
        if not editions:
            return Lookup(absence=_missing_edition(titled.records, year))
        records += editions if not records else ()
    elif reference.articles and not (records or reference.numbers or reference.has_kind):
        short = names.nicknamed(words)
        records += short.records if short else ()
        words = (*words[: short.start], *words[short.end :]) if short else words
    if reference.articles:
        annexes = _annexes(reference, records, index)
        is_whole = asks_for_nothing_else(tuple(word for word in words if word not in annexes.words))
        return _provisions(reference, records, index, annexes, is_whole=is_whole, unknown=unknown)
    is_whole = asks_for_nothing_else(words)
    rows = _opening_rows(records, index) if is_whole else _all_rows(records, index)
    asks_text = asks_for_nothing_else(tuple(WORD.findall(_ASKS_PARTS.sub(" ", " ".join(words)))))
    sought = reference.numbers[0] if asks_text and reference.numbers and not records else None
    return Lookup(
        frozenset(rows),
        is_whole=is_whole and bool(rows),
        numbers=unknown,
        sought=sought,
        asks_subject=_ASKS_SUBJECT.search(fold(text)) is not None,
    )


def _annexes(reference: Reference, records: Sequence[DocumentRecord], index: LocalIndex) -> NamedAnnexes:
    """The annexes, of the named documents if any, that are named beside an article."""
    doc_ids = {record.doc_id for record in records}
    return named_annexes(reference.beside, (each for each in index.annexes if not doc_ids or each[0] in doc_ids))


def _provisions(
    reference: Reference,
    records: Sequence[DocumentRecord],
    index: LocalIndex,
    annexes: NamedAnnexes,
    *,
    is_whole: bool,
    unknown: tuple[DocumentNumber, ...],
) -> Lookup:
    """The rows of the named provisions in the named documents, or the only statute."""
    doc_ids = [record.doc_id for record in records] or list(dict.fromkeys(doc_id for doc_id, _ in annexes.annexes))
    if not doc_ids and (reference.names_statute or reference.numbers):
        return Lookup(is_unresolved=True, numbers=unknown)
    if not doc_ids:
        if len(index.statutes) != 1:
            return Lookup()
        doc_ids = list(index.statutes)
    places = [
        (row, parts_of(section), annexes.holds(doc_id, section) if annexes.annexes else not annex_in(section))
        for doc_id in doc_ids
        for row, section in index.store.sections_of(doc_id)
    ]
    # An annex has articles of the same numbers, which are meant only if it is named or the text has none.
    meant = [(row, own) for row, own, is_meant in places if is_meant]
    inside = [each for each in meant if each[1].get("dieu") in reference.articles]
    others = [] if annexes.annexes else [(row, own) for row, own, is_meant in places if not is_meant]
    inside = inside or [each for each in others if each[1].get("dieu") in reference.articles]
    if not inside:
        articles = articles_of(meant) or articles_of(others)
        title = annexes.annexes[0][1] if annexes.annexes else index.store.document(doc_ids[0]).title
        counted = len({name for name in articles if name.isdigit()})
        absence = Absence("article", f"Điều {reference.articles[0]}", title, counted)
        return Lookup(absence=absence) if articles else Lookup(is_unresolved=True)
    below = rows_below(inside, reference, lambda row: index.store.passage_at(row).text)
    if isinstance(below, Absence):
        return Lookup(absence=below)
    return Lookup(frozenset(below), is_provision=True, is_whole=is_whole)


def _year_after(following: Sequence[str]) -> str:
    """The year that follows a title, "" if none does: "2018", "năm 2018"."""
    words = following[1:] if following[:1] == ("nam",) else following
    return words[0] if words and _YEAR.fullmatch(words[0]) else ""


def _is_of_year(record: DocumentRecord, year: str) -> bool:
    """Whether a document may be of a year, as one without a date may."""
    return record.published is None or record.published.year == int(year)


def _missing_edition(records: Sequence[DocumentRecord], year: str) -> Absence:
    years = sorted({record.published.year for record in records if record.published})
    return Absence("edition", f"{records[0].title} {year}", records[0].title, years=", ".join(map(str, years)))


def _all_rows(records: Iterable[DocumentRecord], index: LocalIndex) -> tuple[int, ...]:
    return tuple(row for record in records for row, _ in index.store.sections_of(record.doc_id))[:_MOST_ROWS]


def _opening_rows(records: Iterable[DocumentRecord], index: LocalIndex) -> tuple[int, ...]:
    """Where the documents begin: their first articles, or their first paragraphs."""
    rows: list[int] = []
    for record in records:
        sections = index.store.sections_of(record.doc_id)
        articles = [row for row, section in sections if article_in(section)]
        rows += (articles or [row for row, _ in sections])[:_OPENING]
    return tuple(rows)[:_MOST_ROWS]

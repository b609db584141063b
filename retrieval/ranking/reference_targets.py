"""
The documents that a question names, before anything of them is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.index.records.catalogue import Catalogue
from retrieval.index.records.document_record import DocumentRecord
from retrieval.language.document_number import DocumentNumber
from retrieval.question.reference import Reference, reference_in
from retrieval.ranking.absence import Absence
from retrieval.ranking.named_annex import NamedAnnexes, named_annexes

_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class ReferenceTargets:
    """
    What a question refers to, and the documents in which it is looked up.

    `words` are the reference's without the names of documents and years after them.
    """

    text: str
    reference: Reference
    words: tuple[str, ...] = ()
    records: tuple[DocumentRecord, ...] = ()  # of the named documents, or of the only statute
    unknown: tuple[DocumentNumber, ...] = ()  # full numbers that no document has
    annexes: NamedAnnexes = NamedAnnexes()  # noqa: RUF009 - frozen
    documents: tuple[str, ...] = ()  # their ids; those with the annexes where no document is named
    absence: Absence | None = None  # of the edition that is named

    @property
    def is_empty(self) -> bool:
        """Whether the question names nothing."""
        return not (self.reference.articles or self.reference.numbers or self.reference.has_kind)


def reference_targets(text: str, catalogue: Catalogue) -> ReferenceTargets:
    """Find the documents that a question, as understood, names."""
    targets = ReferenceTargets(text, reference_in(text))
    if targets.is_empty:
        return targets
    reference, names = targets.reference, catalogue.document_names
    unknown = tuple(n for n in reference.numbers if (n.year and n.symbol) and not names.numbered(n))
    records = [record for number in reference.numbers for record in names.numbered(number)]
    words = reference.words
    titled = names.titled(words)
    if titled is not None:
        year = _year_after(words[titled.end :])
        editions = [record for record in titled.records if not year or _is_of_year(record, year)]
        words = (*words[: titled.start], *(w for w in words[titled.end :] if not _YEAR.fullmatch(w)))
        if not editions:
            return ReferenceTargets(text, reference, absence=_missing_edition(titled.records, year))
        records += editions if not records else ()
    elif reference.articles and not (records or reference.numbers or reference.has_kind):
        short = names.nicknamed(words)
        records += short.records if short else ()
        words = (*words[: short.start], *words[short.end :]) if short else words
    annexes = _annexes(reference, records, catalogue) if reference.articles else NamedAnnexes()
    if reference.articles and not (records or annexes.annexes or reference.names_statute or reference.numbers):
        records = [catalogue.only_statute] if catalogue.only_statute else []
    named = [record.doc_id for record in records] or [doc_id for doc_id, _ in annexes.annexes]
    documents = tuple(dict.fromkeys(named))
    return ReferenceTargets(text, reference, tuple(words), tuple(records), unknown, annexes, documents)


def _annexes(reference: Reference, records: Sequence[DocumentRecord], catalogue: Catalogue) -> NamedAnnexes:
    """The annexes, of the named documents if any, that are named beside an article."""
    doc_ids = {record.doc_id for record in records}
    return named_annexes(reference.beside, (each for each in catalogue.annexes if not doc_ids or each[0] in doc_ids))


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

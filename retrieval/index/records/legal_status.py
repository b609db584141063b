"""
The legal status of documents, by the statements of those that may be seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from retrieval.index.records.document_names import DocumentNames
from retrieval.language.document_number import parse_number
from retrieval.reading.administrative.legal_force import ForceAct, ForceKind, LegalForce

if TYPE_CHECKING:
    from retrieval.index.records.document_record import DocumentRecord


@dataclass(frozen=True, slots=True)
class ForceChange:
    """What another document does to one."""

    kind: ForceKind
    doc_id: str  # of the other document
    by: str  # its name: "Nghị định 38/2022/NĐ-CP", "Luật An ninh mạng (số 24/2018/QH14)"
    since: date | None  # None if it is not known

    def is_due(self, today: date) -> bool:
        """Whether the change has happened; one without a day has."""
        return self.since is None or self.since <= today


@dataclass(frozen=True, slots=True)
class LegalStatus:
    """What the documents that may be seen state of one document's force; nothing by default."""

    effective: date | None = None
    changes: tuple[ForceChange, ...] = ()

    @property
    def ends(self) -> tuple[ForceChange, ...]:
        """The changes that end its force."""
        return tuple(change for change in self.changes if change.kind != "amends")


_NONE = LegalStatus()


class LegalStatuses:
    """The status of each document, by the statements of the given ones."""

    def __init__(self, records: Iterable[DocumentRecord], forces: dict[str, LegalForce]) -> None:
        records = list(records)
        names = DocumentNames(records)
        changes: dict[str, list[ForceChange]] = defaultdict(list)
        for record in records:
            force = forces.get(record.doc_id, LegalForce())
            for act in force.acts:
                for target in _targets(act, record, names):
                    since = act.since or force.effective
                    changes[target].append(ForceChange(act.kind, record.doc_id, _name(record), since))
        self._statuses = {
            record.doc_id: LegalStatus(
                forces.get(record.doc_id, LegalForce()).effective, _in_order(changes[record.doc_id])
            )
            for record in records
            if record.doc_id in forces or record.doc_id in changes
        }

    def of(self, doc_id: str) -> LegalStatus:
        """The status of one document."""
        return self._statuses.get(doc_id, _NONE)


def _targets(act: ForceAct, acting: DocumentRecord, names: DocumentNames) -> list[str]:
    """
    The ids of the documents that an act means.

    Of the day that it names, no newer than the acting one; none if a number without year and day could mean several:
    offices count anew each year.
    """
    number = parse_number(act.number)
    meant = [record for record in names.numbered(number) if _is_meant(record, act, acting)] if number else []
    is_open = number is not None and not (number.year or act.dated)
    return [] if is_open and len(meant) > 1 else [record.doc_id for record in meant]


def _is_meant(record: DocumentRecord, act: ForceAct, acting: DocumentRecord) -> bool:
    is_other_day = bool(act.dated and record.published and act.dated != record.published)
    is_newer = bool(acting.published and record.published and record.published > acting.published)
    return record.number != acting.number and not is_other_day and not is_newer


def _name(record: DocumentRecord) -> str:
    name = record.title.split(":")[0]
    return name if record.number in name else f"{name} (số {record.number})"


def _in_order(changes: list[ForceChange]) -> tuple[ForceChange, ...]:
    """Ends of force first, then amendments from the newest."""
    newest = sorted(changes, key=lambda each: each.since or date.max, reverse=True)
    return tuple(sorted(newest, key=lambda each: each.kind == "amends"))

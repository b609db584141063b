"""
What documents state of legal force, as a table of one generation.

Indexes of 0.2.0 have no such table: nothing is known of their documents.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from retrieval.reading.administrative.legal_force import ForceAct, ForceKind, LegalForce

if TYPE_CHECKING:
    import sqlite3

    from retrieval.index.local.storage.read_only_database import ReadOnlyDatabase

_SCHEMA = "CREATE TABLE legal_force (doc_id TEXT PRIMARY KEY, effective TEXT, acts TEXT NOT NULL) WITHOUT ROWID"


def write_legal_force(db: sqlite3.Connection, forces: Iterable[tuple[str, LegalForce]]) -> None:
    """Write what documents state, by their ids."""
    db.execute(_SCHEMA)
    db.executemany("INSERT INTO legal_force VALUES (?, ?, ?)", (_row(*each) for each in forces))


def read_legal_force(db: ReadOnlyDatabase) -> dict[str, LegalForce]:
    """What documents state, by their ids; {} for an index of before."""
    if not db.rows("SELECT name FROM sqlite_master WHERE name = 'legal_force'"):
        return {}
    return {
        doc_id: LegalForce(_day(effective), tuple(_act(*values) for values in json.loads(acts)))
        for doc_id, effective, acts in db.rows("SELECT doc_id, effective, acts FROM legal_force")
    }


def _row(doc_id: str, force: LegalForce) -> tuple[str, str | None, str]:
    acts = [(act.kind, act.number, _text(act.dated), _text(act.since)) for act in force.acts]
    return doc_id, _text(force.effective), json.dumps(acts, ensure_ascii=False)


def _act(kind: ForceKind, number: str, dated: str | None, since: str | None) -> ForceAct:
    return ForceAct(kind, number, _day(dated), _day(since))


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""
What documents state of legal force, as a table of one generation.

Indexes of 0.2.0 have no such table: nothing is known of their documents.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from retrieval.index.records.legal_force_columns import legal_force_columns, legal_force_from

if TYPE_CHECKING:
    import sqlite3

    from retrieval.index.local.storage.read_only_database import ReadOnlyDatabase
    from retrieval.reading.administrative.legal_force import LegalForce

_SCHEMA = "CREATE TABLE legal_force (doc_id TEXT PRIMARY KEY, effective TEXT, acts TEXT NOT NULL) WITHOUT ROWID"


def write_legal_force(db: sqlite3.Connection, forces: Iterable[tuple[str, LegalForce]]) -> None:
    """Write what documents state, by their ids."""
    db.execute(_SCHEMA)
    db.executemany(
        "INSERT INTO legal_force VALUES (?, ?, ?)", ((doc_id, *legal_force_columns(force)) for doc_id, force in forces)
    )


def read_legal_force(db: ReadOnlyDatabase) -> dict[str, LegalForce]:
    """What documents state, by their ids; {} for an index of before."""
    if not db.rows("SELECT name FROM sqlite_master WHERE name = 'legal_force'"):
        return {}
    return {
        doc_id: legal_force_from(effective, acts)
        for doc_id, effective, acts in db.rows("SELECT doc_id, effective, acts FROM legal_force")
    }

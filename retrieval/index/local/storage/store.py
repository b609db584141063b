"""
The documents and passages of one generation, in SQLite.

Rows are numbered from 0 in reading order. The channels identify passages by row; nothing outside
`retrieval.index.local` does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache, partial
from itertools import starmap
from pathlib import Path
from typing import Any

from retrieval.errors import UnknownPassage
from retrieval.index.local.storage.legal_force_table import read_legal_force, write_legal_force
from retrieval.index.local.storage.read_only_database import ReadOnlyDatabase
from retrieval.index.records.document_record import DocumentRecord, unknown_id_message
from retrieval.index.records.stored_rows import (
    PASSAGE_COLUMNS,
    RECORD_COLUMNS,
    document_columns,
    document_from,
    passage_columns,
    passage_from,
    record_from,
    unchanged_text,
)
from retrieval.passage import Passage
from retrieval.reading.administrative.legal_force import LegalForce, legal_force_of
from retrieval.reading.document import Document

_FILE = "store.sqlite"
_SCHEMA = """
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY, source TEXT NOT NULL, title TEXT NOT NULL, publisher TEXT NOT NULL,
    author TEXT NOT NULL, published TEXT, sha256 TEXT NOT NULL, archive TEXT NOT NULL, origin TEXT NOT NULL,
    text TEXT NOT NULL, text_sha256 TEXT NOT NULL, kept TEXT NOT NULL, digest TEXT NOT NULL,
    blocks TEXT NOT NULL, number TEXT NOT NULL, sidecar TEXT
) WITHOUT ROWID;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, passage_id TEXT NOT NULL UNIQUE, doc_id TEXT NOT NULL, kind TEXT NOT NULL,
    paragraph INTEGER NOT NULL, paragraphs INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    text TEXT NOT NULL, section TEXT NOT NULL, marker TEXT NOT NULL, notes TEXT NOT NULL,
    page INTEGER, last_page INTEGER
);
CREATE INDEX passages_of_document ON passages (doc_id, row);
"""
_CACHED_PASSAGES = 1000  # passages; with their texts about two megabytes


def open_store(generation: Path) -> Store:
    """The documents and passages of a generation's folder; close it after use."""
    return Store(generation / _FILE)


class Store:
    """Read-only, safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._db = ReadOnlyDatabase(path)
        # Each of the first thirty candidates needs its document, and questions keep finding the same ones.
        self._columns = f"{RECORD_COLUMNS}, {_later_columns(self._db)}"
        self._record_of = lru_cache(maxsize=4096)(partial(_read_record, self._db, self._columns))
        self._sections_of = lru_cache(maxsize=256)(partial(_read_sections, self._db))
        self._passage_cache: dict[int, Passage] = {}

    @cached_property
    def shared_titles(self) -> frozenset[str]:
        """The titles that more than one document has."""
        rows = self._db.rows("SELECT title FROM documents GROUP BY title HAVING count(*) > 1")
        return frozenset(title for (title,) in rows)

    @cached_property
    def legal_forces(self) -> dict[str, LegalForce]:
        """What documents state of legal force, by their ids."""
        return read_legal_force(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def document(self, doc_id: str) -> DocumentRecord:
        """The record of one document; UnknownPassage when there is none."""
        return self._record_of(doc_id)

    def documents(self) -> list[DocumentRecord]:
        """All records, ordered by id."""
        return [record_from(row) for row in self._db.rows(f"SELECT {self._columns} FROM documents ORDER BY doc_id")]

    def doc_ids_by_row(self) -> list[str]:
        """The document id of each passage, in row order."""
        return [doc_id for (doc_id,) in self._db.rows("SELECT doc_id FROM passages ORDER BY row")]

    def first_rows(self) -> dict[str, int]:
        """The row of each document's first passage, by document id; its others follow."""
        return dict(self._db.rows("SELECT doc_id, min(row) FROM passages GROUP BY doc_id"))

    def sections_of(self, doc_id: str) -> tuple[tuple[int, str], ...]:
        """The row and the section of each passage of a document, in reading order."""
        return self._sections_of(doc_id)

    def documents_with_sections(self, opening: str) -> list[str]:
        """The ids of the documents with a section that holds these words."""
        rows = self._db.rows("SELECT DISTINCT doc_id FROM passages WHERE instr(section, ?) ORDER BY doc_id", opening)
        return [doc_id for (doc_id,) in rows]

    def paths_above_articles(self) -> list[tuple[str, str]]:
        """Each document id with each path of headings that stands above an article of it."""
        above = "substr(section, 1, instr(section, ' › Điều ') - 1)"
        statement = f"SELECT DISTINCT doc_id, {above} FROM passages WHERE instr(section, ' › Điều ') ORDER BY row"
        return list(self._db.rows(statement))

    def document_text(self, doc_id: str) -> str:
        """
        The text of a document as it was read.

        DamagedIndex when it differs from its hash.
        """
        text, expected = self._one("SELECT text, text_sha256 FROM documents WHERE doc_id = ?", doc_id)
        return unchanged_text(doc_id, text, expected)

    def full_document(self, doc_id: str) -> Document:
        """A document as it was read; DamagedIndex when its text differs from its hash."""
        record = self.document(doc_id)
        ((blocks,),) = self._db.rows("SELECT blocks FROM documents WHERE doc_id = ?", doc_id)
        return document_from(record, self.document_text(doc_id), blocks)

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """The passages with these row numbers, by row number."""
        known = {row: self._passage_cache[row] for row in rows if row in self._passage_cache}
        missing = [row for row in rows if row not in known]
        if not missing:
            return known
        marks = ",".join("?" * len(missing))
        found = self._db.rows(f"SELECT row, {PASSAGE_COLUMNS} FROM passages WHERE row IN ({marks})", *missing)
        fresh = {row[0]: passage_from(row[1:]) for row in found}
        # Replaced, not changed, since other threads may be reading it. Of two concurrent updates one is lost.
        cached = self._passage_cache if len(self._passage_cache) + len(fresh) <= _CACHED_PASSAGES else {}
        self._passage_cache = {**cached, **fresh}
        return known | fresh

    def passage_at(self, row: int) -> Passage:
        """The passage with this row number."""
        return self.passages([row])[row]

    def passage(self, passage_id: str) -> Passage:
        """One passage by its id; UnknownPassage when there is none."""
        return passage_from(self._one(f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE passage_id = ?", passage_id))

    def passages_of(self, doc_id: str) -> list[Passage]:
        """All passages of a document, in reading order."""
        rows = self._db.rows(f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE doc_id = ? ORDER BY row", doc_id)
        return [passage_from(row) for row in rows]

    def _one(self, statement: str, name: str) -> tuple[Any, ...]:
        return _one(self._db, statement, name)

    @staticmethod
    def write(folder: Path, documents: Iterable[tuple[Document, str]], passages: Iterable[Passage]) -> None:
        """
        Write documents, each with its `content_digest`, and passages into a generation's folder.

        Passages are numbered in the given order.
        """
        forces: dict[str, LegalForce] = {}
        db = sqlite3.connect(folder / _FILE)
        with db:
            db.executescript(_SCHEMA)
            rows = starmap(document_columns, _with_legal_force(documents, forces))
            db.executemany(f"INSERT INTO documents VALUES ({','.join('?' * 16)})", rows)
            write_legal_force(db, forces.items())
            db.executemany(
                f"INSERT INTO passages VALUES ({','.join('?' * 14)})",
                ((row, *passage_columns(passage)) for row, passage in enumerate(passages)),
            )
        db.close()


def _with_legal_force(
    documents: Iterable[tuple[Document, str]], forces: dict[str, LegalForce]
) -> Iterator[tuple[Document, str]]:
    """The documents, whose statements of legal force are added to `forces` as they pass."""
    for document, digest in documents:
        force = legal_force_of(document)
        if force != LegalForce():
            forces[document.doc_id] = force
        yield document, digest


def _one(db: ReadOnlyDatabase, statement: str, name: str) -> tuple[Any, ...]:
    rows = db.rows(statement, name)
    if not rows:
        raise UnknownPassage(unknown_id_message(name))
    return rows[0]


def _read_sections(db: ReadOnlyDatabase, doc_id: str) -> tuple[tuple[int, str], ...]:
    return tuple(db.rows("SELECT row, section FROM passages WHERE doc_id = ? ORDER BY row", doc_id))


def _later_columns(db: ReadOnlyDatabase) -> str:
    """The columns of document numbers and sidecars, which 0.2.0 did not store."""
    columns = {name for _, name, *_ in db.rows("PRAGMA table_info(documents)")}
    number = "number" if "number" in columns else "'' AS number"
    return f"{number}, {'sidecar' if 'sidecar' in columns else 'NULL AS sidecar'}"


def _read_record(db: ReadOnlyDatabase, columns: str, doc_id: str) -> DocumentRecord:
    return record_from(_one(db, f"SELECT {columns} FROM documents WHERE doc_id = ?", doc_id))

"""
The documents and passages of one generation, in SQLite.

Rows are numbered from 0 in reading order. The channels identify passages by row; nothing outside
`retrieval.index.local` does.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from datetime import date
from functools import cached_property, lru_cache, partial
from itertools import starmap
from operator import attrgetter
from pathlib import Path
from typing import Any

from retrieval.errors import DamagedIndex, UnknownPassage
from retrieval.index.local.storage.legal_force_table import read_legal_force, write_legal_force
from retrieval.index.local.storage.read_only_database import ReadOnlyDatabase
from retrieval.index.records.document_record import DocumentRecord, unknown_id_message
from retrieval.passage import Passage
from retrieval.reading.administrative.legal_force import LegalForce, legal_force_of
from retrieval.reading.document import Block, Document

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
_PASSAGE = (
    'passage_id, doc_id, kind, paragraph, paragraphs, "start", "end", text, section, marker, notes, page, last_page'
)
_RECORD = "doc_id, source, title, publisher, author, published, sha256, archive, origin, text_sha256, kept, digest"
_CACHED_PASSAGES = 1000  # passages; with their texts about two megabytes
_BLOCK = tuple(field.name for field in fields(Block))
_values_of = attrgetter(*_BLOCK)


def open_store(generation: Path) -> Store:
    """The documents and passages of a generation's folder; close it after use."""
    return Store(generation / _FILE)


class Store:
    """Read-only, safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._db = ReadOnlyDatabase(path)
        # Each of the first thirty candidates needs its document, and questions keep finding the same ones.
        self._columns = f"{_RECORD}, {_later_columns(self._db)}"
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
        return [_record(row) for row in self._db.rows(f"SELECT {self._columns} FROM documents ORDER BY doc_id")]

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
        if text_sha256(text) != expected:
            raise DamagedIndex(f"the stored text of {doc_id} has changed: run `trichdan index --rebuild`")
        return str(text)

    def full_document(self, doc_id: str) -> Document:
        """A document as it was read; DamagedIndex when its text differs from its hash."""
        record = self.document(doc_id)
        ((blocks,),) = self._db.rows("SELECT blocks FROM documents WHERE doc_id = ?", doc_id)
        values = asdict(record)
        del values["text_sha256"], values["digest"]
        return Document(**values, text=self.document_text(doc_id), blocks=tuple(map(_block, json.loads(blocks))))

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """The passages with these row numbers, by row number."""
        known = {row: self._passage_cache[row] for row in rows if row in self._passage_cache}
        missing = [row for row in rows if row not in known]
        if not missing:
            return known
        marks = ",".join("?" * len(missing))
        found = self._db.rows(f"SELECT row, {_PASSAGE} FROM passages WHERE row IN ({marks})", *missing)
        fresh = {row[0]: _passage(row[1:]) for row in found}
        # Replaced, not changed, since other threads may be reading it. Of two concurrent updates one is lost.
        cached = self._passage_cache if len(self._passage_cache) + len(fresh) <= _CACHED_PASSAGES else {}
        self._passage_cache = {**cached, **fresh}
        return known | fresh

    def passage_at(self, row: int) -> Passage:
        """The passage with this row number."""
        return self.passages([row])[row]

    def passage(self, passage_id: str) -> Passage:
        """One passage by its id; UnknownPassage when there is none."""
        return _passage(self._one(f"SELECT {_PASSAGE} FROM passages WHERE passage_id = ?", passage_id))

    def passages_of(self, doc_id: str) -> list[Passage]:
        """All passages of a document, in reading order."""
        rows = self._db.rows(f"SELECT {_PASSAGE} FROM passages WHERE doc_id = ? ORDER BY row", doc_id)
        return [_passage(row) for row in rows]

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
            rows = starmap(_document_row, _with_legal_force(documents, forces))
            db.executemany(f"INSERT INTO documents VALUES ({','.join('?' * 16)})", rows)
            write_legal_force(db, forces.items())
            db.executemany(
                f"INSERT INTO passages VALUES ({','.join('?' * 14)})",
                ((row, *_passage_row(passage)) for row, passage in enumerate(passages)),
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
    return _record(_one(db, f"SELECT {columns} FROM documents WHERE doc_id = ?", doc_id))


def _document_row(document: Document, digest: str) -> tuple[object, ...]:
    published = document.published.isoformat() if document.published else None
    return (
        document.doc_id,
        document.source,
        document.title,
        document.publisher,
        document.author,
        published,
        document.sha256,
        document.archive,
        document.origin,
        document.text,
        text_sha256(document.text),
        document.kept,
        digest,
        json.dumps([_values_of(block) for block in document.blocks], separators=(",", ":")),
        document.number,
        document.sidecar,
    )


def _block(values: list[Any]) -> Block:
    named = dict(zip(_BLOCK, values, strict=False))  # an older index has fewer fields
    return Block(**{**named, "notes": tuple(named["notes"])})


def _passage_row(passage: Passage) -> tuple[object, ...]:
    return (
        passage.passage_id,
        passage.doc_id,
        passage.kind,
        passage.paragraph,
        passage.paragraphs,
        passage.start,
        passage.end,
        passage.text,
        passage.section,
        passage.marker,
        json.dumps(passage.notes),
        passage.page,
        passage.last_page,
    )


def _record(row: tuple[Any, ...]) -> DocumentRecord:
    doc_id, source, title, publisher, author, published, *rest = row
    when = date.fromisoformat(published) if published else None
    return DocumentRecord(doc_id, source, title, publisher, author, when, *rest)


def _passage(row: tuple[Any, ...]) -> Passage:
    *fields, notes, page, last_page = row  # the columns of _PASSAGE, in the order of Passage's fields
    values = (*fields, tuple(json.loads(notes)), page, last_page)
    return Passage(*values)


def text_sha256(text: str) -> str:
    """The sha256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()

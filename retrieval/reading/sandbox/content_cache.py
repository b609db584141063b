"""
The content cache: extracted contents in SQLite, shared by builds.

Reading a Word file or a PDF takes a hundred times as long as a look-up here, a text file ten times. Entries that a
complete reading of the corpus did not use are deleted.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path, PurePath
from typing import Any, Self

from retrieval.code_digest import program_digest
from retrieval.private_file import make_private_file
from retrieval.reading.office.libreoffice import libreoffice_version

_COMMIT = 50  # contents between two commits: what a crash may cost
_LIBRARIES = ("ftfy", "lxml", "office-oxide", "olefile", "openpyxl", "pypdfium2", "python-docx", "python-pptx",
              "trafilatura", "xlrd")  # fmt: skip
_CONVERTED = frozenset({".doc", ".docx", ".dot", ".rtf"})  # what may be a .doc, for which LibreOffice is used


class ContentCache:
    """Replies keyed by bytes, suffix and reader code; a damaged file is replaced."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = _open(path)
        except sqlite3.OperationalError:
            raise  # disk or permissions, not a damaged file
        except sqlite3.DatabaseError:
            path.unlink()
            self._db = _open(path)
        self._used: set[bytes] = set()
        self._new = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def find(self, data: bytes, source: str) -> dict[str, Any] | None:
        """The stored reply for these bytes and suffix; None if absent or corrupted."""
        key = _key(data, source)
        self._used.add(key)
        row = self._db.execute("SELECT reply FROM contents WHERE key = ?", (key,)).fetchone()
        digest, _, reply = str(row[0]).partition("\n") if row else ("", "", "")
        return dict(json.loads(reply)) if digest and digest == _digest(reply) else None

    def keep(self, data: bytes, source: str, reply: dict[str, Any]) -> None:
        """Store a reply."""
        text = json.dumps(reply)
        # With a checksum, which SQLite lacks: a flipped letter would be quoted.
        values = (_key(data, source), f"{_digest(text)}\n{text}")
        self._db.execute("INSERT OR REPLACE INTO contents VALUES (?, ?)", values)
        self._new += 1
        if self._new % _COMMIT == 0:
            self._db.commit()

    def prune(self) -> None:
        """Delete the entries that a complete reading did not use."""
        known = {key for (key,) in self._db.execute("SELECT key FROM contents")}
        self._db.executemany("DELETE FROM contents WHERE key = ?", [(key,) for key in known - self._used])
        self._db.commit()


def _open(path: Path) -> sqlite3.Connection:
    make_private_file(path)
    db = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        db.execute("PRAGMA secure_delete=ON")  # no trace of documents removed from the corpus
        db.execute("CREATE TABLE IF NOT EXISTS contents (key BLOB PRIMARY KEY, reply TEXT NOT NULL) WITHOUT ROWID")
        (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _key(data: bytes, source: str) -> bytes:
    suffix = PurePath(source).suffix.lower()
    converter = libreoffice_version() if suffix in _CONVERTED else ""
    return hashlib.sha256(f"{_readers()}\0{converter}\0{suffix}\0".encode() + data).digest()


def _readers() -> str:
    """A digest of the code and libraries that reading and analysis depend on."""
    return program_digest(("reading", "language", "worker", "passage.py", "window.py"), _LIBRARIES)

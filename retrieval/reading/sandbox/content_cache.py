"""
Contents that were read before: what a reader found in a file's bytes, kept across builds in SQLite.

Reading a Word file or a PDF takes a hundred times as long as looking here, reading a text file ten times. What no file
of the corpus holds any more is forgotten after the next complete reading.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path, PurePath
from typing import Any, Self

from retrieval.code_digest import program_digest
from retrieval.reading.document import Content, Reader
from retrieval.reading.sandbox.messages import content_from_reply, reply_from_content

_COMMIT = 50  # contents between two commits: what a crash may cost
_LIBRARIES = ("lxml", "pypdfium2", "python-docx", "trafilatura")


class ContentCache:
    """A file of replies, by the bytes, the suffix and the readers; a damaged file is begun anew."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = _open(path)
        except sqlite3.OperationalError:
            raise  # the disk or the rights, not the file
        except sqlite3.DatabaseError:
            path.unlink()
            self._db = _open(path)
        self._used: set[bytes] = set()
        self._new = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def content(self, data: bytes, source: str, reader: Reader) -> Content:
        """What the reader of the source's suffix finds in these bytes, or found before."""
        reply = self.find(data, source)
        if reply is not None:
            return content_from_reply(reply)
        content = reader(data, source)
        self.keep(data, source, reply_from_content(content))
        return content

    def find(self, data: bytes, source: str) -> dict[str, Any] | None:
        """The reply that was kept for these bytes in a file of this suffix; none that is not as it was kept."""
        key = _key(data, source)
        self._used.add(key)
        row = self._db.execute("SELECT reply FROM contents WHERE key = ?", (key,)).fetchone()
        digest, _, reply = str(row[0]).partition("\n") if row else ("", "", "")
        return dict(json.loads(reply)) if digest and digest == _digest(reply) else None

    def keep(self, data: bytes, source: str, reply: dict[str, Any]) -> None:
        """Remembers a reply."""
        text = json.dumps(reply)
        # With its checksum, which SQLite has none of: a letter that flipped here would be quoted.
        values = (_key(data, source), f"{_digest(text)}\n{text}")
        self._db.execute("INSERT OR REPLACE INTO contents VALUES (?, ?)", values)
        self._new += 1
        if self._new % _COMMIT == 0:
            self._db.commit()

    def prune(self) -> None:
        """After a complete reading: forgets what was not asked for in it."""
        known = {key for (key,) in self._db.execute("SELECT key FROM contents")}
        self._db.executemany("DELETE FROM contents WHERE key = ?", [(key,) for key in known - self._used])
        self._db.commit()


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        db.execute("PRAGMA secure_delete=ON")  # a document that was taken out of the corpus is not to be found here
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
    return hashlib.sha256(f"{_readers()}\0{suffix}\0".encode() + data).digest()


def _readers() -> str:
    """What reading depends on."""
    return program_digest(("reading", "language"), _LIBRARIES)

"""
Read-only access to SQLite files that never change.
"""

import sqlite3
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

from retrieval.errors import DamagedIndex


class ReadOnlyDatabase:
    """
    One connection shared by all threads, one statement at a time.

    Takes no locks and leaves no files beside the database (`immutable`, see SQLite's "Uniform Resource Identifiers").

    Raises:
        DamagedIndex: the file is not a database, found now or at a later statement.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            uri = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._damaged(error) from error
        self.rows("SELECT count(*) FROM sqlite_master")

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a statement with these values bound."""
        with self._lock:
            try:
                return self._connection.execute(statement, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise self._damaged(error) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _damaged(self, error: sqlite3.Error) -> DamagedIndex:
        return DamagedIndex(f"{self._path} cannot be read ({error}): run `trichdan index --rebuild`")

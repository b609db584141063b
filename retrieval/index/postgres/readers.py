"""
Readers tell which generation they read, so that no build removes it under them.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Final, LiteralString
from uuid import UUID, uuid4

import psycopg

from retrieval.errors import UnreachableIndex
from retrieval.index.postgres.database import Database

FORGOTTEN_AFTER: Final = 600  # seconds after which a reader that says nothing counts as gone
_RENEWED_AFTER: Final = 60
_UNSURE_AFTER: Final = FORGOTTEN_AFTER / 2  # seconds after which the generation may be gone before this one is heard
_SEEN: Final[LiteralString] = "SELECT trichdan.tell_reader(%s, %s, %s)"


class Reader:
    """
    One opened generation, told to the server once a minute while it is read.

    Where no server takes writes, nothing is told: then nobody can build and prune there either.
    """

    def __init__(self, database: Database, generation: str) -> None:
        self._database = database
        self._generation = generation
        self._id: UUID = uuid4()
        self._lock = threading.Lock()
        self._told = -float("inf")

    def renew(self) -> None:
        """Tell the server, if that was long ago."""
        now = time.monotonic()
        with self._lock:
            silent = now - self._told
            if silent < _RENEWED_AFTER:
                return
            self._told = now
        if silent >= _UNSURE_AFTER:
            self._tell()
            self._database.known_elsewhere(self._generation)  # it may have been removed meanwhile
        else:  # no question waits for a host that is down
            threading.Thread(target=self._tell, daemon=True).start()

    def _tell(self) -> None:
        with suppress(UnreachableIndex, psycopg.Error), self._database.writer() as connection:
            connection.execute(_SEEN, (self._database.address.index, self._generation, self._id))

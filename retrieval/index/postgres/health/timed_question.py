"""
A question asked of one host, each of its trips timed.
"""

from __future__ import annotations

import json
import time
from typing import Final, LiteralString

import numpy as np
from numpy.typing import NDArray

from retrieval.index.contract import LexicalSearch
from retrieval.index.place import Finding
from retrieval.index.postgres.database import Database, Row, Statement
from retrieval.index.postgres.generations import Generations
from retrieval.index.postgres.postgres_address import PostgresAddress
from retrieval.index.postgres.postgres_index import PostgresIndex
from retrieval.index.postgres.view import View
from retrieval.language.analyzer import analyze

_WORDS: Final = 12  # of a passage, which stand for a question
_CANDIDATES: Final = 100
_SHOWN: Final = 30
_ASKED: Final[LiteralString] = """
SELECT p.text, w.vector::text, 2 * octet_length(p.tokens) / greatest(p.token_count, 1)
FROM {space}.windows w JOIN {space}.passages p ON p.id = w.passage
WHERE w.passage = (SELECT min(id) FROM {space}.passages WHERE {seen}) ORDER BY nth LIMIT 1
"""


class _TimedDatabase(Database):
    """Keeps how long each trip took, in seconds."""

    def __init__(self, address: PostgresAddress) -> None:
        super().__init__(address)
        self.trips: list[float] = []

    def read(self, *statements: Statement, generation: str | None = None) -> list[list[Row]]:
        """The rows of each statement, timed."""
        start = time.perf_counter()
        try:
            return super().read(*statements, generation=generation)
        finally:
            self.trips.append(time.perf_counter() - start)

    def taken(self) -> float:
        """The seconds of the trips since the last call."""
        seconds, self.trips = sum(self.trips), []
        return seconds


def timed_question(host: PostgresAddress) -> Finding:
    """How long a question's trips to this host take, by what they fetch."""
    database = _TimedDatabase(host)
    name = Generations(database).live()
    view = View(database, Generations(database).named(name), None)
    ((text, vector, width),) = database.read(view.statement(_ASKED))[0]
    question, vectors = " ".join(text.split()[:_WORDS]), np.array([json.loads(vector)], np.float32)
    tokens = np.resize(vectors, (_WORDS, width))  # which ones, makes no difference to the time
    for _ in range(2):  # the first finds nothing in the server's memory
        database.taken()
        trips = _ask(PostgresIndex(view), database, question, vectors, tokens)
    found = ", ".join(f"{what} {seconds * 1000:.1f}" for what, seconds in trips.items())
    return Finding(f"question to {host.name}", f"{sum(trips.values()) * 1000:.1f} ms beside the encoder: {found}")


def _ask(
    index: PostgresIndex,
    database: _TimedDatabase,
    question: str,
    vectors: NDArray[np.float32],
    tokens: NDArray[np.float32],
) -> dict[str, float]:
    """The seconds of each kind of trip, as `Pipeline` makes them."""
    trips = {}
    Generations(database).live()
    trips["live"] = database.taken()
    index.vocabulary.prefetch([question])
    trips["spellings"] = database.taken()
    found = index.lexical_matches(LexicalSearch(analyze(question), texts=(question,)), _CANDIDATES)
    trips["words"] = database.taken()
    candidates = index.candidates(vectors, found, _CANDIDATES)[:_SHOWN]
    trips["vectors"] = database.taken()
    index.read_shortlist(tokens, candidates)
    trips["shortlist"] = database.taken()
    index.stored_documents({each.passage.doc_id for each in candidates[:3]})
    trips["documents"] = database.taken()
    return trips

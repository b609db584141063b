"""
What a generation in PostgreSQL needs of the embedding cache on the builder's machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, LiteralString

from retrieval.errors import IndexFault
from retrieval.index.postgres.database import Database, Row, Statement
from retrieval.index.postgres.schema import schema_of
from retrieval.index.postgres.stored_generation import StoredGeneration
from retrieval.index.postgres.view import SEEN
from retrieval.index.records.stored_rows import PASSAGE_COLUMNS, passage_from
from retrieval.passage import Passage

_AT_ONCE: Final = 500  # documents
_DOCUMENTS: Final[LiteralString] = f"SELECT id, title, digest FROM {{space}}.documents WHERE {SEEN}"
_PASSAGES: Final[LiteralString] = (
    f"SELECT document, {PASSAGE_COLUMNS} FROM {{space}}.passages WHERE document = ANY(%(ids)s) ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class EncodedRows:
    """Satisfies `build.cache_contents.EncodedGeneration`."""

    database: Database
    stored: StoredGeneration

    def fingerprints(self) -> tuple[str, ...]:
        """Of its passage vectors, then of its token vectors; none where it cannot be read."""
        try:
            manifest = self.stored.manifest
        except IndexFault:
            return ()
        return manifest.fingerprint, manifest.token_fingerprint

    def digests(self) -> Iterator[str]:
        """The known digests of its documents."""
        yield from (digest for *_, digest in self._rows(_DOCUMENTS))

    def entries(self, *, without: AbstractSet[str] = frozenset()) -> Iterator[tuple[str, Passage]]:
        """Each passage, with its document's title; see `EncodedGeneration.entries`."""
        titles = {row: title for row, title, digest in self._rows(_DOCUMENTS) if digest not in without}
        ids = sorted(titles)
        for start in range(0, len(ids), _AT_ONCE):
            for row, *columns in self._rows(_PASSAGES, ids=ids[start : start + _AT_ONCE]):
                yield titles[row], passage_from(columns)

    def _rows(self, text: LiteralString, **values: object) -> list[Row]:
        own = {"number": self.stored.number, **values}
        return self.database.read(Statement(text, own, schema_of(self.stored.space)))[0]

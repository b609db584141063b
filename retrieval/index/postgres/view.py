"""
What a reader may see: rows of one generation, of all collections or some.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, LiteralString

from retrieval.index.postgres.database import Database, Row, Statement
from retrieval.index.postgres.readers import Reader
from retrieval.index.postgres.schema import schema_of
from retrieval.index.postgres.stored_generation import StoredGeneration, Totals
from retrieval.reading.collection import collection_of

SEEN: Final[LiteralString] = "born <= %(number)s AND died > %(number)s"
SEEN_OF_SOME: Final[LiteralString] = f"{SEEN} AND collection = ANY(%(within)s)"


@dataclass(frozen=True, slots=True)
class View:
    """
    A generation, and the collections of it that may be seen.

    Args:
        within: None for all.
        reader: tells the server that the generation is being read; None for a builder, who alone could remove it.
    """

    database: Database
    stored: StoredGeneration
    reader: Reader | None
    within: frozenset[str] | None = None

    @property
    def collections(self) -> frozenset[str]:
        """The collections that have documents and may be seen."""
        return frozenset(self.stored.totals) if self.within is None else self.within

    @property
    def seen(self) -> LiteralString:
        """The condition of rows that may be seen."""
        return SEEN if self.within is None else SEEN_OF_SOME

    @property
    def totals(self) -> Totals:
        """The totals of what may be seen."""
        return self.stored.totals_of(self.collections)

    def may_see(self, doc_id: str) -> bool:
        """Whether a document of this id could be seen, if there is one."""
        return self.within is None or collection_of(doc_id) in self.within

    def statement(self, text: LiteralString, **values: object) -> Statement:
        """A statement about rows of this generation; `{seen}` in its text is the condition above."""
        own = {"number": self.stored.number, "within": sorted(self.within or ())}
        return Statement(text.replace("{seen}", self.seen), {**own, **values}, schema_of(self.stored.space))

    def read(self, *statements: Statement) -> list[list[Row]]:
        """The rows of each statement, in one trip."""
        if self.reader:
            self.reader.renew()
        return self.database.read(*statements, generation=self.stored.name)

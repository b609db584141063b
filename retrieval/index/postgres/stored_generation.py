"""
A generation as the server stores it.

What a reader knows of it as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from embeddings import Projection
from retrieval.index.manifest import BuildOrigin, Manifest, manifest_from, origin_from
from retrieval.index.postgres.database import Row
from retrieval.index.scoring.field_query import FIELDS

COLUMNS = "name, space, number, previous, manifest, projection, totals, reading_order, bytes, rows"


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the passages of one collection are, taken together."""

    passages: int = 0
    windows: int = 0
    lengths: tuple[int, ...] = (0,) * len(FIELDS)  # of all passages, in terms
    syllables: int = 0

    def __add__(self, other: Totals) -> Totals:
        lengths = tuple(one + another for one, another in zip(self.lengths, other.lengths, strict=True))
        return Totals(
            self.passages + other.passages, self.windows + other.windows, lengths, self.syllables + other.syllables
        )

    def averages(self) -> NDArray[np.float64]:
        """The mean length of each field, (fields,) float64, positive also for empty ones."""
        if not self.passages:
            return np.ones(len(FIELDS))
        averages: NDArray[np.float64] = np.maximum(np.array(self.lengths) / self.passages, 1e-9)
        return averages


@dataclass(frozen=True)  # no slots: `cached_property` needs a __dict__
class StoredGeneration:
    """
    A row of `trichdan.generations`.

    Args:
        number: among the generations of its space, by which rows are seen.
        reading_order: (documents,) int64, the ids of the rows of its documents.
        rows: of passages in its space when it was built, also those that it does not see.
        where: names it in errors.
    """

    where: str
    name: str
    space: int
    number: int
    previous: str | None
    manifest_text: str
    projection: bytes | None = field(repr=False)
    totals_text: str
    reading_order: NDArray[np.int64] = field(repr=False)
    bytes: int
    rows: int

    @classmethod
    def of(cls, where: object, row: Row) -> StoredGeneration:
        """The generation in the columns of COLUMNS; `where`: the address."""
        name, space, number, previous, manifest, projection, totals, reading_order, size, rows = row
        order = np.frombuffer(reading_order, "<i8")
        return cls(f"{where} {name}", name, space, number, previous, manifest, projection, totals, order, size, rows)

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest; IndexFault when it cannot be used."""
        return manifest_from(self.manifest_text, self.where, self._read_projection)

    @property
    def origin(self) -> BuildOrigin:
        """What it was built from; DamagedIndex when it does not say."""
        return origin_from(self.manifest_text, self.where)

    @cached_property
    def totals(self) -> dict[str, Totals]:
        """The totals of each collection that has documents."""
        return {
            name: Totals(**{**stored, "lengths": tuple(stored["lengths"])})
            for name, stored in json.loads(self.totals_text).items()
        }

    @cached_property
    def _ranks(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The ids of the documents, ascending, and the place of each in reading order."""
        order = np.argsort(self.reading_order, kind="stable")
        return self.reading_order[order], order

    def ranks(self, documents: Sequence[int]) -> list[int]:
        """The place of each document's row in reading order."""
        ids, ranks = self._ranks
        found: list[int] = ranks[np.searchsorted(ids, np.asarray(documents, np.int64))].tolist()
        return found

    def totals_of(self, collections: Iterable[str]) -> Totals:
        """The totals of some collections together."""
        return sum((self.totals[name] for name in collections if name in self.totals), Totals())

    def _read_projection(self) -> Projection | None:
        return None if self.projection is None else Projection.load(self.projection)

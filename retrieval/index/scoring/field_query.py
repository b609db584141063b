"""
Queries of the lexical channel, one for each field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from retrieval.language.analyzer import Terms

Field = Literal["exact", "folded", "title"]
FIELDS: tuple[Field, ...] = ("exact", "folded", "title")


@dataclass(frozen=True, slots=True)
class FieldQuery:
    """
    The query of one field: its terms, concepts and synonyms.

    Terms add up; of a concept or synonym the best wording counts. The wordings of a synonym after the first count for
    less.
    """

    terms: tuple[str, ...]
    concepts: tuple[tuple[tuple[str, ...], ...], ...] = ()
    synonyms: tuple[tuple[tuple[str, ...], ...], ...] = ()

    def __iter__(self) -> Iterator[str]:
        """Every term, repeated as often as it occurs."""
        yield from self.terms
        for wordings in (*self.concepts, *self.synonyms):
            for wording in wordings:
                yield from wording


def field_queries(
    terms: Terms, concepts: Sequence[Sequence[Terms]], synonyms: Sequence[Sequence[Terms]]
) -> Mapping[Field, FieldQuery]:
    """
    The query of each field.

    Args:
        concepts: things named in several wordings.
        synonyms: likewise, with the typed wording first.
    """
    exact, folded = (
        FieldQuery(
            getattr(terms, field),
            tuple(tuple(getattr(wording, field) for wording in concept) for concept in concepts),
            tuple(tuple(getattr(wording, field) for wording in synonym) for synonym in synonyms),
        )
        for field in ("exact", "folded")
    )
    return {"exact": exact, "folded": folded, "title": folded}

"""
What the lexical channel is asked for: the words of a question, field by field.
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
    What one field is asked for: terms that add up, concepts of which the best wording counts, and synonyms, of which
    it does too, those after the first counting for less.
    """

    terms: tuple[str, ...]
    concepts: tuple[tuple[tuple[str, ...], ...], ...] = ()
    synonyms: tuple[tuple[tuple[str, ...], ...], ...] = ()

    def __iter__(self) -> Iterator[str]:
        """Every term, as often as it stands there."""
        yield from self.terms
        for wordings in (*self.concepts, *self.synonyms):
            for wording in wordings:
                yield from wording


def field_queries(
    terms: Terms, concepts: Sequence[Sequence[Terms]], synonyms: Sequence[Sequence[Terms]]
) -> Mapping[Field, FieldQuery]:
    """
    What each field is asked for. `concepts`: things named in several wordings; `synonyms`: the same, the first wording
    being what was typed.
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

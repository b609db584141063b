"""
What the lexical channel found for a question, and by which keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from retrieval.index.contract import SectionedPassage
from retrieval.index.postgres.proposals import SEARCHED_FIELDS
from retrieval.index.postgres.term_counts import TermCounts
from retrieval.index.scoring.field_query import FIELDS, Field, FieldQuery
from retrieval.index.scoring.lexical_scores import Scores
from retrieval.language.analyzer import WORD, analyze
from retrieval.language.spelling import folded_key


class RowKey(NamedTuple):
    """Names a passage; sorts in reading order."""

    rank: int  # of its document
    ordinal: int
    row: int  # the id of its row


@dataclass(frozen=True, slots=True)
class PostgresMatches:
    """The lexical channel's passages for a question with their scores, and what scores others."""

    queries: Mapping[Field, FieldQuery]
    scores: Mapping[RowKey, Scores]
    rarity: TermCounts
    sections: Mapping[str, Sequence[SectionedPassage]]


def best_scores(scores: Mapping[RowKey, Scores], k: int) -> dict[RowKey, Scores]:
    """Those that match, and are among the `k` best of a searched field."""
    chosen: set[RowKey] = set()
    for field in SEARCHED_FIELDS:
        place = FIELDS.index(field)
        matching = [key for key, score in scores.items() if score[place] > 0]
        chosen.update(sorted(matching, key=lambda key: (-scores[key][place], key))[:k])
    return {key: scores[key] for key in chosen}


def terms_of(texts: Iterable[str]) -> list[str]:
    """The terms of texts, and the keys of their words."""
    found: list[str] = []
    for text in texts:
        terms = analyze(text)
        found += [*terms.exact, *terms.folded, *(folded_key(word) for word in WORD.findall(text))]
    return found

"""
Boosts the newest documents when a question asks for the present state of things.

"Ai là bộ trưởng hiện nay?" is answered by the newest document that says so; an older one was right once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.language.spelling import fold

if TYPE_CHECKING:
    from datetime import date

    from retrieval.question.query import Query

# In log odds, set by hand, since no development set has dates: the newest candidate's document gains all of it, one
# that is YEARS older nothing.
_NEWEST = 2.0
_YEARS = 4.0
_OLD = 1.0  # years after which an answer about the present says its date
_NOW = re.compile(
    r"\b(hien nay|hien tai|hien thoi|hien gio|hien hanh|bay gio|luc nay|nam nay|moi nhat|gan day nhat|gan nhat|"
    r"duong nhiem|den nay|latest|current|currently|nowadays|today|newest|most recent)\b"
)


def asks_for_present(query: Query) -> bool:
    """Whether the question asks for what is so now, or for the newest."""
    return _NOW.search(fold(query.text)) is not None


def recency_boost(published: date | None, newest: date | None) -> float:
    """
    In log odds, of a document of this date.

    `newest`: of the candidates' dates, None where the present is not asked for.
    """
    if published is None or newest is None:
        return 0.0
    return _NEWEST * max(0.0, 1 - _years_between(published, newest) / _YEARS)


def is_old(published: date | None, today: date) -> bool:
    """Whether a document that speaks of the present needs its date said."""
    return published is not None and _years_between(published, today) > _OLD


def _years_between(earlier: date, later: date) -> float:
    return (later - earlier).days / 365.25

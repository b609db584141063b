"""
The period: a year in the question speaks for the documents of that year.

"Kết quả năm 2022" is answered by a report of 2022, which seldom repeats its own year in each paragraph. It is a hint
only: a report of 2023 may look back, and then holds the year itself, which the words of the passage show.
"""

from __future__ import annotations

import re
from datetime import date

from retrieval.question.query import Query

# In log odds, set by hand, since no development set has dates: it turns a tie, not a passage that clearly says more.
SAME_YEAR = 0.7
_YEAR = re.compile(r"(?<![\d/.,-])(?:19|20)\d\d(?![\d/]|[.,-]\d)")


def years_in(query: Query) -> frozenset[int]:
    """
    The years that the question names by themselves: those in dates and official numbers are matched as such.
    Example: "kết quả năm 2022" -> {2022}; "Nghị định 104/2012/NĐ-CP" -> {}
    """
    return frozenset(int(year) for year in _YEAR.findall(query.text))


def year_boost(years: frozenset[int], published: date | None) -> float:
    """What the year of a document says for its passages, in log odds."""
    return SAME_YEAR if published and published.year in years else 0.0

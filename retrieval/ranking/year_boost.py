"""
Boosts documents published in a year that the question names.

"Kết quả năm 2022" is answered by a report of 2022, which seldom repeats its year in each paragraph. It is only a hint:
a report of 2023 may look back, and then its passages name the year themselves.
"""

from __future__ import annotations

import re
from datetime import date

from retrieval.question.query import Query

# In log odds, set by hand, since no development set has dates: it breaks ties, and no more.
SAME_YEAR = 0.7
_YEAR = re.compile(r"(?<![\d/.,-])(?:19|20)\d\d(?![\d/]|[.,-]\d)")


def years_in(query: Query) -> frozenset[int]:
    """
    The years that the question names outside dates and official numbers.

    Dates and official numbers are matched as terms.

    Example: "kết quả năm 2022" -> {2022}; "Nghị định 104/2012/NĐ-CP" -> {}
    """
    return frozenset(int(year) for year in _YEAR.findall(query.text))


def year_boost(years: frozenset[int], published: date | None) -> float:
    """The boost of a document of this date, in log odds."""
    return SAME_YEAR if published and published.year in years else 0.0

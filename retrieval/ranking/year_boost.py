"""
Boosts documents published in a year that the question names.

"Kết quả năm 2022" is answered by a report of 2022, which seldom repeats its year in each paragraph. It is only a hint:
a report of 2023 may look back, and then its passages name the year themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from retrieval.question.query import Query

# In log odds, set by hand, since no development set has dates: it breaks ties, and no more.
SAME_YEAR = 0.7
_ANY_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")  # of a date as well
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


def other_years_only(years: frozenset[int], texts: Iterable[str]) -> bool:
    """
    Whether texts name years, and none of those that a question names.

    Of the development questions with a year, so it is of 3 in 92 that are answered and of 28 in 83 that are not.

    Example: {2019}, ["Năm 2022, đơn vị có 70 người."] -> True; {2019}, ["Đơn vị có 70 người."] -> False
    """
    found = {int(year) for text in texts for year in _ANY_YEAR.findall(text)}
    return bool(years and found) and not years & found

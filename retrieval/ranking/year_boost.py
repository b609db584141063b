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
# Behind a number of a list or a footnote and a few words: "2 - Trong 6 tháng đầu năm 2022, …".
_OPENING_YEAR = re.compile(
    r"\W*(?:\d+ [-–.] )?(?:\w+ ){0,4}(?:năm|tháng \d+(?: năm |[/.-])|ngày [\d/.-]+(?: tháng \d+ năm )?)\s*"
    r"(?:1[0-9]|20)\d\d(?!\d)",
    re.IGNORECASE,
)


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

    Of the first passage it is so for 4 in 152 of the development questions with a year that are answered, and for 61 in
    159 whose answer was taken away.

    Example: {2019}, ["Năm 2022, đơn vị có 70 người."] -> True; {2019}, ["Đơn vị có 70 người."] -> False
    """
    found = {int(year) for text in texts for year in _ANY_YEAR.findall(text)}
    return bool(years and found) and not years & found


def opens_with_other_year(years: frozenset[int], sentence: str) -> bool:
    """
    Whether a sentence begins with a year, and names none of the question's.

    Example: {2023}, "Năm 2022, đón 163 đoàn." -> True; {2023}, "Năm 2022 đón 163 đoàn, năm 2023 nhiều hơn." -> False
    """
    return bool(years) and _OPENING_YEAR.match(sentence) is not None and other_years_only(years, [sentence])

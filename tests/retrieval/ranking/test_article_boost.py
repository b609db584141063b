"""The part: a named article speaks for its own passages, by hand-counted log odds."""

from __future__ import annotations

import pytest

from retrieval.question.understanding import understand
from retrieval.ranking.article_boost import SAME_ARTICLE, SAME_BELOW, article_boost, provisions_in
from tests.retrieval.language.test_diacritic_restoration import Counted

SPELLINGS = Counted("điều khoản điểm quy định gì theo thì sao của đoàn nói kiện dự họp đến")
SECTION = "Chương I › Điều 5. Giải thích từ ngữ › Khoản 2"


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Điều 5 khoản 2 quy định gì?", {"điều 5", "khoản 2"}),
        ("theo điểm đ khoản 2 Điều 12a thì sao", {"điều 12a", "khoản 2", "điểm đ"}),
        ("điều 5 điểm đến của đoàn", {"điều 5"}),
        ("khoản 2 nói gì", set()),
        ("điều kiện dự họp", set()),
    ],
)
def test_what_a_question_names(question: str, named: set[str]) -> None:
    """An article with what is below it, in either order; a khoản without its article names nothing."""
    assert provisions_in(understand(question, SPELLINGS)) == named


@pytest.mark.parametrize(
    ("named", "odds"),
    [
        ({"điều 5", "khoản 2"}, SAME_ARTICLE + SAME_BELOW),
        ({"điều 5", "khoản 3"}, SAME_ARTICLE),
        ({"điều 2", "khoản 2"}, 0.0),
        (set(), 0.0),
    ],
)
def test_what_it_says(named: set[str], odds: float) -> None:
    """The same khoản of another article is another place."""
    assert article_boost(frozenset(named), SECTION) == odds

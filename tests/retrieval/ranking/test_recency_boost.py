"""Questions about the present, and the newest documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from retrieval.question.understanding import understand
from retrieval.ranking.recency_boost import asks_for_present, is_old, recency_boost
from retrieval.retriever import Retriever
from tests.retrieval.language.test_diacritic_restoration import Counted
from tests.support.encoders import BagEncoder

SPELLINGS = Counted("hiện nay mới nhất ai là giám đốc năm")


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Hiện nay ai là giám đốc?", True),
        ("hien nay ai la giam doc", True),
        ("Quy định mới nhất?", True),
        ("Who is the current director?", True),
        ("Ai là giám đốc?", False),
        ("Ai là giám đốc năm 2019?", False),
    ],
)
def test_what_asks_for_the_present(question: str, asks: bool) -> None:
    """With or without diacritics, and in English."""
    assert asks_for_present(understand(question, SPELLINGS)) is asks


def test_the_newest_gains_most_and_the_undated_nothing() -> None:
    """The boost falls with the years to the newest candidate."""
    dates = [date(2024, 1, 1), date(2023, 1, 1), date(2010, 1, 1), None]

    newest, year_before, old, undated = (recency_boost(each, date(2024, 1, 1)) for each in dates)

    assert newest > year_before > old == undated == 0.0


def test_a_year_is_old() -> None:
    """Last month's document speaks of the present."""
    assert is_old(date(2023, 5, 1), date(2024, 6, 1))
    assert not is_old(date(2024, 5, 1), date(2024, 6, 1))
    assert not is_old(None, date(2024, 6, 1))


def test_the_newest_document_answers_first_and_its_age_is_said(
    indexed: Callable[..., Path], encoder: BagEncoder
) -> None:
    """Two documents say who directs; asked for now, the newer comes first, and its date is said once it is old."""
    text = "Thông báo\n\nQĐND, {day}\n\nGiám đốc trung tâm là đồng chí {name}."
    index = indexed(
        a=text.format(day="01/02/2019", name="Nguyễn Văn An"), b=text.format(day="01/02/2022", name="Lê Văn Bình")
    )
    asked = Retriever(index, encoder, today=lambda: date(2022, 3, 1))
    later = Retriever(index, encoder, today=lambda: date(2026, 3, 1))

    answer = asked.ask("Hiện nay giám đốc trung tâm là ai?")

    assert "Bình" in answer.hits[0].quote.text
    assert answer.old is None
    assert later.ask("Hiện nay giám đốc trung tâm là ai?").old == date(2022, 2, 1)
    assert later.ask("Giám đốc trung tâm là ai?").old is None


def test_that_a_document_has_no_date_is_said_where_the_present_is_asked_for(
    indexed: Callable[..., Path], encoder: BagEncoder
) -> None:
    """It may be of long ago; where the present is not asked for nothing is said."""
    retriever = Retriever(indexed(a="Thông báo\n\nGiám đốc trung tâm là đồng chí Nguyễn Văn An."), encoder)

    now, any_time = (retriever.ask(f"{when}giám đốc trung tâm là ai?") for when in ("Hiện nay ", ""))

    assert (now.is_undated, any_time.is_undated) == (True, False)

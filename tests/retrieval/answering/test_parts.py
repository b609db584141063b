"""Answers to questions of several parts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from retrieval.retriever import Retriever
from tests.support.encoders import BagEncoder

TEXT = (
    "Báo cáo\n\nHội nghị tổng kết diễn ra ngày 9 tháng 2 năm 2022.\n\n"
    "Hội nghị tổng kết diễn ra ở hội trường lớn tại Huế.\n\n"
    "Đơn vị có 70 người."
)


def test_each_part_has_its_own_quote(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """The day stands in one paragraph, the place in another: both are quoted, each for its part."""
    answer = Retriever(indexed(a=TEXT), encoder).ask("Hội nghị tổng kết diễn ra ngày nào và ở đâu?", k=1)

    day, place = answer.parts
    assert (day.question, place.question) == ("Hội nghị tổng kết diễn ra ngày nào", "Hội nghị tổng kết diễn ra ở đâu")
    assert day.rank is not None
    assert place.rank is not None
    assert "ngày 9" in answer.hits[day.rank - 1].quote.text
    assert "tại Huế" in answer.hits[place.rank - 1].quote.text
    assert answer.parts_of(answer.hits[place.rank - 1]) == (place.question,)
    assert answer.unanswered == ()


def test_the_part_that_nothing_answers_is_named(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """What was found is shown, and what was not is said."""
    answer = Retriever(indexed(a=TEXT), encoder).ask("Đơn vị có bao nhiêu người và giá xăng hôm qua thế nào?")

    assert answer.state != "none"
    assert "70 người" in answer.hits[0].quote.text
    assert answer.unanswered == ("giá xăng hôm qua thế nào",)


def test_ranks_follow_the_order_of_the_hits(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """Paragraphs of the whole question come behind those of its parts, none of them twice."""
    answer = Retriever(indexed(a=TEXT), encoder).ask("Hội nghị tổng kết diễn ra ngày nào và ở đâu?", k=3)

    assert [hit.rank for hit in answer.hits] == list(range(1, len(answer.hits) + 1))
    assert len({hit.quote.passage_id for hit in answer.hits}) == len(answer.hits)

"""Items of lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.answering.list_items import asks_for_list
from retrieval.question.understanding import understand
from retrieval.retriever import Retriever
from tests.retrieval.language.test_diacritic_restoration import Counted
from tests.support.encoders import BagEncoder

SPELLINGS = Counted("nêu các nhiệm vụ năm hồ sơ gồm những gì ai ký")
TEXT = (
    "Báo cáo\n\nNhiệm vụ năm 2023 gồm các việc sau:\n\n"
    "1. Quán triệt nghị quyết. Đơn vị tổ chức học tập trong quý một.\n\n"
    "2. Tăng cường nghiên cứu dự báo.\n\n"
    "3. Đào tạo cán bộ.\n\n"
    "Đơn vị có 70 người ở Huế."
)


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Nêu các nhiệm vụ năm 2023", True),
        ("neu cac nhiem vu nam 2023", True),
        ("Hồ sơ gồm những gì?", True),
        ("Có những hình thức nào?", True),
        ("What are the tasks?", True),
        ("Nhiệm vụ năm 2023", True),
        ("ho so dang ky", True),
        ("Hồ sơ nộp ở đâu?", False),
        ("Nhiệm vụ này là của ai?", False),
        ("Ai ký quyết định?", False),
        ("Đơn vị có bao nhiêu người?", False),
    ],
)
def test_what_asks_for_a_list(question: str, asks: bool) -> None:
    """By the verb that asks, by the plural, or by the bare name of what documents list."""
    assert asks_for_list(understand(question, SPELLINGS)) is asks


def test_the_items_are_quoted_by_their_first_sentences(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """All items of the list, in order, and nothing that stands around it."""
    answer = Retriever(indexed(a=TEXT), encoder).ask("Nêu các nhiệm vụ năm 2023 gồm các việc sau")

    assert [quote.text[slice(*quote.highlight)] for quote in answer.items] == [
        "1. Quán triệt nghị quyết.",
        "2. Tăng cường nghiên cứu dự báo.",
        "3. Đào tạo cán bộ.",
    ]
    assert all(quote.text.startswith(f"{n}.") for n, quote in enumerate(answer.items, 1))


def test_a_question_for_one_thing_has_no_items(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """Nor has a list that does not hold the answer."""
    retriever = Retriever(indexed(a=TEXT), encoder)

    assert retriever.ask("Đào tạo cán bộ ở đâu?").items == ()
    assert retriever.ask("Nêu các đơn vị có 70 người ở Huế").items == ()

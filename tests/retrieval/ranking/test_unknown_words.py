"""Words of a question that no document has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.question.understanding import understand
from retrieval.ranking.unknown_words import unknown_words
from retrieval.retriever import Retriever
from tests.retrieval.language.test_diacritic_restoration import Counted
from tests.support.encoders import BagEncoder

SPELLINGS = Counted("lương của giáo sư năm có bao nhiêu")


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("Lương của giáo sư thỉnh giảng?", ("thỉnh giảng",)),
        ("Lương của giáo sư là bao nhiêu?", ()),
        ("Lương năm 2031 của giáo sư?", ("2031",)),
        (
            "Kế toán có lương không, giáo sư thỉnh giảng có lương không, hay phụ giảng?",
            ("Kế toán", "thỉnh giảng", "phụ giảng"),
        ),
        ("Mấy giáo sư thì có lương khi nào, hay mà cũng không?", ()),
        ("Lương của UBND?", ()),
        ("What is the salary?", ()),
    ],
)
def test_which_words_no_document_has(question: str, unknown: tuple[str, ...]) -> None:
    """Neighbours together, three at most, never the asking words; an English question is another matter."""
    known = {"luong", "cua", "giao", "su", "nam", "co", "la"}

    assert unknown_words(understand(question, SPELLINGS), known.__contains__) == unknown


def test_an_answer_that_was_not_found_says_the_word(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """The reader learns why nothing was found."""
    index = indexed(a="Báo cáo\n\nĐơn vị có 70 người.")

    answer = Retriever(index, encoder).ask("Giá xăng hôm qua?")

    assert answer.state == "none"
    assert answer.unknown == "“Giá xăng”"

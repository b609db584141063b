"""In which way a question fails, and with which word it asks."""

from __future__ import annotations

import unicodedata

import pytest

from retrieval.evaluation.failure import FAILURES, QUESTION_WORDS, failure_of, question_word
from retrieval.evaluation.judgement import Judgement
from retrieval.evaluation.mode import strip_diacritics
from retrieval.ranking.confidence import State


@pytest.mark.parametrize(
    ("ranks", "relevant", "state", "candidate", "failure"),
    [
        ((1,), 1, "found", True, None),
        ((1,), 1, "weak", True, None),
        ((1,), 1, "none", True, 'right passage first, yet "none"'),
        ((2,), 1, "none", True, "right passage at rank 2-3"),
        ((3, 4), 2, "found", True, "right passage at rank 2-3"),
        ((4,), 1, "found", True, "right passage at rank 4-10"),
        ((10,), 1, "found", True, "right passage at rank 4-10"),
        ((), 1, "found", True, "right passage beyond the first ten"),
        ((), 1, "found", False, "right passage not among the candidates"),
        ((), 0, "found", False, 'unanswerable, yet "found"'),
        ((), 0, "weak", False, None),
        ((), 0, "none", False, None),
    ],
)
def test_every_failure(
    ranks: tuple[int, ...], relevant: int, state: State, candidate: bool, failure: str | None
) -> None:
    """By the first right rank, the state, and whether any channel put a right passage forward."""
    found = failure_of(Judgement(ranks, relevant), state, lambda: candidate)

    assert found == failure
    assert found is None or found in FAILURES


def test_candidates_are_asked_for_only_where_they_matter() -> None:
    """They cost a second search."""
    asked: list[int] = []

    for judgement in (Judgement((1,), 1), Judgement((7,), 1), Judgement((), 0)):
        failure_of(judgement, "found", lambda: bool(asked.append(1)))

    assert asked == []


WORDS = [
    ("Ai là người có trách nhiệm đối thoại với thanh niên?", "ai"),
    ("Người nào phát biểu?", "ai"),
    ("Họ trở lại nước Mỹ vào năm nào?", "khi nào"),
    ("Hội nghị họp khi nào", "khi nào"),
    ("Sân bay quốc tế Sevastopol ở đâu?", "ở đâu"),
    ("Nơi nào được chọn làm kinh đô?", "ở đâu"),
    ("Châu Phi có bao nhiêu đội đủ điều kiện?", "bao nhiêu"),
    ("Tại sao không?", "vì sao"),
    ("Tư duy đã chuyển biến ra sao?", "thế nào"),
    ("Khác nhau như thế nào?", "thế nào"),
    ("Phương châm là gì?", "gì"),
    ("Phim do nước nào sản xuất?", "nào"),
    ("Mọi trường hợp đều phải nộp gì đó, đúng hay sai?", "đúng hay sai"),
    ("How many countries?", "bao nhiêu"),
    ("Which mission?", "nào"),
    ("Kể tên các dân tộc.", "other"),
]


@pytest.mark.parametrize(("text", "word"), WORDS)
@pytest.mark.parametrize("form", ["as it is", "NFD", "bare", "capitals"])
def test_question_words(text: str, word: str, form: str) -> None:
    """However it is typed; the longer wording counts before "nào" and "gì"."""
    typed = {
        "as it is": text,
        "NFD": unicodedata.normalize("NFD", text),
        "bare": strip_diacritics(text),
        "capitals": text.upper(),
    }[form]

    assert question_word(typed) == word
    assert word in QUESTION_WORDS


def test_an_accented_question_is_read_with_its_accents() -> None:
    """ "gỉ" (rust) is not "gì", and "ái" not "ai"."""
    assert question_word("Kể tên thép không gỉ và ái nam") == "other"

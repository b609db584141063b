"""Questions that ask for several things."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.question.parts import MOST, split_parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Hội nghị diễn ra ngày nào và ở đâu?", ("Hội nghị diễn ra ngày nào", "Hội nghị diễn ra ở đâu")),
        ("Khi nào và ở đâu hội nghị diễn ra?", ("Khi nào hội nghị diễn ra", "ở đâu hội nghị diễn ra")),
        ("hoi nghi dien ra khi nao, o dau", ("hoi nghi dien ra khi nao", "hoi nghi dien ra o dau")),
        (
            "Ai chủ trì hội nghị và hội nghị bàn những gì?",
            ("Ai chủ trì hội nghị", "hội nghị bàn những gì"),
        ),
        (
            "Pichai gia nhập Google vào năm nào và ông chịu trách nhiệm gì?",
            ("Pichai gia nhập Google vào năm nào", "ông chịu trách nhiệm gì"),
        ),
        ("Hội nghị diễn ra ngày nào và ai chủ trì?", ("Hội nghị diễn ra ngày nào", "ai chủ trì")),
        ("Thẻ có hạn bao lâu? Ai cấp thẻ?", ("Thẻ có hạn bao lâu", "Ai cấp thẻ")),
        ("When and where was the conference?", ("When was the conference", "where was the conference")),
    ],
)
def test_each_part_is_a_question_by_itself(question: str, parts: tuple[str, ...]) -> None:
    """The words of the clause go with each of the asking phrases."""
    assert split_parts(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Hội nghị diễn ra ở đâu?",
        "Bộ Quốc phòng và Bộ Ngoại giao ký gì?",
        "Ai, ở đâu?",
        "Việt Nam và những nước nào tham gia?",
        "Nghị định quy định về cái gì, theo Điều 5?",
        "Paris đã thành đầu não chính trị và tôn giáo sau công trình gì?",
        "Ai đã không quay lại thủ đô, gây ra sự náo loạn ở Berlin?",
        "Có được nghỉ không và nghỉ phép là đúng hay sai?",
    ],
)
def test_what_asks_for_one_thing_is_left_whole(question: str) -> None:
    """Words that are joined are not questions that are joined."""
    assert split_parts(question) == ()


@given(st.text(alphabet="aăi gìnào, và?đâukhi.", max_size=60))
def test_any_text_has_no_parts_or_a_few(text: str) -> None:
    """Whatever is typed: none, or from two to the most allowed, none of them empty."""
    parts = split_parts(text)

    assert not parts or 2 <= len(parts) <= MOST
    assert all(parts)

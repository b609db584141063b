"""
The form of an answer: definitions and the holders of offices.
"""

from __future__ import annotations

import pytest

from retrieval.ranking.answer_kinds.answer_form import answer_form


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Tai nạn lao động là gì?", "Tai nạn lao động là tai nạn gây tổn thương."),
        ("tai nạn lao động là gì", "Điều 3\n2. Tai nạn lao động (sau đây gọi là tai nạn) là tai nạn gây tổn thương."),
        (
            "Thế nào là tai nạn lao động?",
            "Trong quy chế này: “Tai nạn lao động” là gì thì đã rõ. Tai nạn lao động là …",
        ),
        ("Khái niệm tai nạn lao động", "a) Tai nạn lao động được hiểu là tai nạn gây tổn thương"),
        ("Tai nạn lao động được hiểu như thế nào?", "Tai nạn lao động là tai nạn gây tổn thương."),
    ],
)
def test_a_definition_is_found(question: str, text: str) -> None:
    """A sentence or an item that begins with the thing and says what it is."""
    assert answer_form(question).boost(text) > 0


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Tai nạn lao động là gì?", "Người bị tai nạn lao động là người được bồi thường."),
        ("Tai nạn lao động là gì?", "Tai nạn lao động làm giảm năng suất."),
        ("Tai nạn lao động xảy ra khi nào?", "Tai nạn lao động là tai nạn gây tổn thương."),
        ("Ai là Giám đốc Sở Y tế?", "Phó Giám đốc Sở Y tế Nguyễn Văn An phát biểu."),
        ("Ai là Bộ trưởng Bộ X?", "Thứ trưởng Bộ X Nguyễn Văn An phát biểu."),
        ("Ai là Giám đốc Sở Y tế?", "Giám đốc Sở Y tế Hà Nội phát biểu."),
    ],
)
def test_other_sentences_are_not(question: str, text: str) -> None:
    """The thing inside a sentence, another question, a deputy and a place are no answer in the form."""
    assert answer_form(question).boost(text) == 0


@pytest.mark.parametrize(
    ("question", "text", "name"),
    [
        ("Ai là Giám đốc Sở Y tế?", "Giám đốc Sở Y tế Nguyễn Văn An phát biểu.", "Nguyễn Văn An"),
        ("giám đốc sở y tế hiện nay là ai", "Ông Nguyễn Văn An, Giám đốc Sở Y tế, phát biểu.", "Nguyễn Văn An"),
        ("bây giờ ai làm giám đốc sở y tế", "Ông Nguyễn Văn An, Giám đốc Sở Y tế, phát biểu.", "Nguyễn Văn An"),
        ("Hiện nay, ai là giám đốc sở y tế?", "Ông Nguyễn Văn An, Giám đốc Sở Y tế, phát biểu.", "Nguyễn Văn An"),
        ("Tên Giám đốc Sở Y tế là gì?", "Giám đốc Sở Y tế, TS. Trần Bình dự họp.", "Trần Bình"),
        ("hiệu trưởng là người nào", "Đồng chí Lê Thị Hoa, Bí thư Đảng ủy, Hiệu trưởng, chủ trì.", "Lê Thị Hoa"),
    ],
)
def test_the_holder_of_an_office_is_named_beside_it(question: str, text: str, name: str) -> None:
    """Behind the office, or before it in an apposition."""
    assert [text[start:end] for start, end in answer_form(question).holders(text)] == [name]


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("Nguyễn Văn An là ai?", "Ông Nguyễn Văn An, Giám đốc Sở Y tế, phát biểu.", True),
        ("nguyễn văn an là ai", "Phó Giám đốc Sở Y tế Nguyễn Văn An phát biểu.", True),
        ("Thượng tướng Trần Bình giữ chức vụ gì?", "Trần Bình, Ủy viên Trung ương, Thứ trưởng Bộ X, chủ trì.", True),
        ("Nguyễn Du là ai?", "Nguyễn Du là nhà thơ lớn.", True),
        ("Nguyễn Văn An là ai?", "Nguyễn Văn An phát biểu tại hội nghị.", False),
        ("Nguyễn Văn An là ai?", "Giám đốc Sở Y tế phát biểu. Nguyễn Văn An dự.", False),
    ],
)
def test_who_a_person_is_is_told_by_an_office(question: str, text: str, found: bool) -> None:
    """Beside the name, in the same part of the sentence; or by a sentence that says it."""
    assert bool(answer_form(question).find(text)) is found

"""Messages of several questions."""

from __future__ import annotations

import pytest

from bot.conversation.several_questions import split_questions


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Hạn nộp là ngày nào? Nộp ở đâu?", ["Hạn nộp là ngày nào?", "Nộp ở đâu?"]),
        ("1. Hạn nộp là ngày nào\n2. Nộp ở đâu", ["Hạn nộp là ngày nào", "Nộp ở đâu"]),
        ("Cho em hỏi:\n- hạn nộp là ngày nào\n- nộp ở đâu", ["hạn nộp là ngày nào", "nộp ở đâu"]),
        ("Hạn nộp là ngày nào? Nộp ở đâu? Em cảm ơn.", ["Hạn nộp là ngày nào?", "Nộp ở đâu? Em cảm ơn."]),
        ("Tôi mới vào làm. Tôi được nghỉ mấy ngày?", ["Tôi mới vào làm. Tôi được nghỉ mấy ngày?"]),
        ("Nộp ở đâu và ngày nào?", ["Nộp ở đâu và ngày nào?"]),
        ("Nộp hồ sơ ở đâu??", ["Nộp hồ sơ ở đâu??"]),
        ("Nộp ở đâu? Gấp!", ["Nộp ở đâu? Gấp!"]),
        ("quy định\nnghỉ phép", ["quy định nghỉ phép"]),
        ("?", ["?"]),
    ],
)
def test_questions_are_told_apart(text: str, questions: list[str]) -> None:
    """By question marks, or as the items of a list; one question stays whole."""
    assert split_questions(text) == questions

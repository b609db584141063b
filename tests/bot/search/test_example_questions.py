"""Questions made from the documents' own words."""

from __future__ import annotations

import pytest

from bot.search.example_questions import example_questions
from retrieval import Passage


def passage(text: str, section: str = "") -> Passage:
    return Passage("a#1", "a", "paragraph", 1, 1, 0, len(text), text, section=section)


@pytest.mark.parametrize(
    ("text", "section", "questions"),
    [
        ("Đối ngoại quốc phòng là bộ phận của đối ngoại.", "", ["Đối ngoại quốc phòng là gì?"]),
        ("2. Tai nạn lao động (TNLĐ) là tai nạn.", "", ["Tai nạn lao động là gì?"]),
        ("Bệnh viện cấp 2 có hơn 70 người.", "", ["Bệnh viện cấp 2 có bao nhiêu người?"]),
        ("Báo cáo năm được nộp trước ngày 31/01.", "", ["Báo cáo năm được nộp trước ngày nào?"]),
        (
            "Sáng 14-4, tại Hà Nội, Bộ Nội vụ tổ chức Hội nghị tổng kết năm 2022.",
            "",
            ["Bộ Nội vụ tổ chức Hội nghị tổng kết khi nào?"],
        ),
        ("Hồ sơ gồm đơn và ảnh.", "Chương I › Điều 5. Hồ sơ đăng ký", ["Quy định về hồ sơ đăng ký như thế nào?"]),
        ("Đây là điều quan trọng.", "", []),
        ("Nhiệm vụ này là của mọi người.", "", []),
        ("Quân đội đã là chỗ dựa của dân.", "", []),
    ],
)
def test_a_question_is_what_the_sentence_answers(text: str, section: str, questions: list[str]) -> None:
    """Definitions, counts, dates, events and articles; a pronoun makes none."""
    assert list(example_questions([passage(text, section)], ruled="Quy định về {name} như thế nào?")) == questions

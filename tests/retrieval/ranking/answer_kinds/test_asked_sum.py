"""
Sums of money that are asked for.
"""

from __future__ import annotations

import pytest

from retrieval.ranking.answer_kinds.asked_sum import misses_sum


@pytest.mark.parametrize(
    ("question", "text", "misses"),
    [
        ("Kinh phí tổ chức hội nghị là bao nhiêu?", "Hội nghị có 70 người dự trong 2 ngày.", True),
        ("Lương giảng viên bao nhiêu?", "Giảng viên hưởng lương theo quy định.", True),
        ("Kinh phí tổ chức hội nghị là bao nhiêu?", "Hội nghị được cấp 70 triệu đồng.", False),
        ("Mức phạt bao nhiêu tiền?", "Phạt từ 1.000.000 đến 2.000.000.", False),
        ("Học phí bao nhiêu?", "Học phí bằng 50 % mức của năm trước.", False),
        ("Phụ cấp là bao nhiêu?", "Phụ cấp bằng 0,3 lần mức lương cơ sở.", False),
        ("Có bao nhiêu đơn vị được đánh giá tốt?", "Mười đơn vị được khen.", False),
        ("Ai duyệt kinh phí?", "Trưởng phòng duyệt.", False),
    ],
)
def test_a_text_without_a_sum_does_not_say_what_costs(question: str, text: str, misses: bool) -> None:
    """Amounts, percentages and multiples of a wage are sums; a count of people or days is none."""
    assert misses_sum(question, text) is misses

"""
Sums of money: whether a question asks for one, and whether a text holds any.

A paragraph about the thing that costs, without a sum, does not answer what it costs.
"""

from __future__ import annotations

import re

ASKS_SUM = re.compile(
    r"(?<!\w)(?<!đánh )(?:kinh phí|chi phí|học phí|viện phí|lệ phí|giá|lương|phụ cấp|trợ cấp|tiền|mức phạt|ngân sách)"
    r"(?!\w)(?! trị)",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(r"\b(?:bao nhiêu|mấy)\b", re.IGNORECASE)
_SUM = re.compile(
    r"\d[\d.,]*\s*(?:(?:trăm|nghìn|ngàn|triệu|tỷ|tỉ)\s*)*"
    r"(?:đồng|đ|VND|VNĐ|USD|EUR|đô la|đô|euro|yên|nhân dân tệ|bảng|%)(?!\w)|"
    r"\d\s*(?:nghìn|ngàn|triệu|tỷ|tỉ)\b|[$€£¥]\s?\d|\b(?:nghìn|ngàn|triệu|tỷ|tỉ) đồng\b|phần trăm"
    r"|\blần (?:mức )?lương\b|mức lương (?:cơ sở|tối thiểu)|\d{1,3}(?:[.,]\d{3})+(?![\d/])",
    re.IGNORECASE,
)


def misses_sum(question: str, text: str) -> bool:
    """
    Whether a question asks for a sum of money, and a text holds none.

    Example: "Kinh phí hội nghị là bao nhiêu?", "Hội nghị có 70 người dự." -> True
    """
    asks = ASKS_SUM.search(question) is not None and _HOW_MUCH.search(question) is not None
    return asks and _SUM.search(text) is None

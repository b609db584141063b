"""
What ends the articles of a statute: signatures, recipients, annexes, forms and annexed regulations.
"""

from __future__ import annotations

import re
from typing import Final

from retrieval.reading.text.characters import CAPITAL

_LONGEST: Final = 150  # characters of a heading
_SHORT: Final = 12  # characters: a full stop behind "PHỤ LỤC II." ends no sentence
_NUMBER = r"(?:(?i:số)\s*)?(?:\d{1,3}\w{0,2}|[IVXLC]{1,7}|[A-Z])(?:[-./][\w-]{1,15}){0,4}"
_NAME = rf"\s*[.:–-].*|\s+{CAPITAL}.*"
_ANNEX = re.compile(rf"(?i:phụ lục)(?:\s+{_NUMBER}(?:{_NAME})?)?\s*[.:]?|PHỤ LỤC\b.*")
_FORM = re.compile(rf"(?i:mẫu|biểu mẫu|mẫu biểu|biểu)\s+{_NUMBER}(?:{_NAME})?\s*[.:]?")
_RECIPIENTS = re.compile(r"(?:^|\|\s*)nơi nhận\s*:", re.IGNORECASE)
_PROXY = re.compile(r"(?:^|\|\s*)(?:TM|KT|TL|TUQ)\s*\.\s*[^\W\d_]")
_OFFICE = re.compile(
    r"(?:PHÓ |QUYỀN |Q\. ?|TỔNG )*(?:BÍ THƯ|BỘ TRƯỞNG|CHÁNH ÁN|CHÁNH VĂN PHÒNG|CHỦ NHIỆM|CHỦ TỊCH|CỤC TRƯỞNG|GIÁM ĐỐC"
    r"|HIỆU TRƯỞNG|KIỂM TOÁN|THANH TRA|THỐNG ĐỐC|THỦ TƯỚNG|THỨ TRƯỞNG|TRƯỞNG BAN|TRƯỞNG PHÒNG|VIỆN TRƯỞNG|VỤ TRƯỞNG)\b"
    r"[^.;:|]{0,60}"
)
_LAW = re.compile(
    r"(?:(?:BỘ )?LUẬT|HIẾN PHÁP|PHÁP LỆNH|NGHỊ ĐỊNH|NGHỊ QUYẾT|THÔNG TƯ(?: LIÊN TỊCH)?|QUYẾT ĐỊNH|QUY CHẾ|QUY ĐỊNH"
    r"|NỘI QUY|ĐIỀU LỆ|ĐIỀU LỆNH)\b[^\n]{0,150}"
)
_ISSUED_WITH = re.compile(
    r"\(?\s*(?:được\s+)?(?:ban hành\s+)?(?:kèm theo|theo)\s+"
    r"(?:quyết định|nghị định|nghị quyết|thông tư|công văn|tờ trình|kế hoạch|thông báo)",
    re.IGNORECASE,
)


def is_annex(words: str) -> bool:
    """Whether a line is the heading of an annex: "PHỤ LỤC II. DANH SÁCH"."""
    return _is_heading(words) and _ANNEX.fullmatch(words) is not None


def is_form(words: str) -> bool:
    """Whether a line is the heading of a form: "Mẫu số 01. Đơn đăng ký"."""
    return _is_heading(words) and _FORM.fullmatch(words) is not None


def is_signature(words: str, after: str) -> bool:
    """
    Whether a line or row is a signature, or names the recipients.

    `after` is the next line: the name of a chapter about an office ("CHỦ TỊCH NƯỚC") stands above an article.
    """
    if _RECIPIENTS.search(words) or _PROXY.search(words):
        return True
    is_office = words.isupper() and _OFFICE.fullmatch(words) is not None
    return is_office and not after.startswith(("Điều ", "Mục ", "ĐIỀU "))


def is_law_title(words: str) -> bool:
    """Whether a line opens the title of a statute: "QUY CHẾ QUẢN LÝ CHỢ"."""
    return words.isupper() and _LAW.fullmatch(words) is not None


def is_issued_with(words: str) -> bool:
    """Whether a line says what issued a regulation: "(Ban hành kèm theo …)"."""
    return _ISSUED_WITH.match(words) is not None


def _is_heading(words: str) -> bool:
    is_closed = len(words) > _SHORT and words.endswith((".", ";", ",", ":", "…"))
    return len(words) <= _LONGEST and "\n" not in words and not is_closed

"""
Bylines: the short line, usually below the last paragraph, that names the author.

Names are recognised by shape (capitals, number of words), so nobody's name is listed; only family names are, of which
few exist.
"""

from __future__ import annotations

import re

from retrieval.reading.text.characters import CAPITAL, SMALL

_SURNAME = re.compile(
    r"nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|đinh|trịnh|đoàn|mai|cao|lương"
    r"|tạ|tô|lưu"
    r"|châu|thái|hà|đào|trương|lâm|phùng|quách|kiều|tống|nghiêm|chu|vương|la|thạch|tăng|triệu|từ|khổng|bạch"
    r"|đàm",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    # Places, and the words after them, may also stand alone below a text or before a date.
    r"an giang|bà rịa|bạc liêu|bắc (?:giang|kạn|ninh)|bến tre|bình (?:dương|định|phước|thuận)|cà mau"
    r"|cao bằng|cần thơ|đà nẵng|đắk (?:lắk|nông)|điện biên|đồng (?:nai|tháp)|gia lai|hà (?:giang|nam"
    r"|nội|tĩnh)|hải (?:dương|phòng)|hậu giang|hòa bình|huế|hưng yên|khánh hòa|kiên giang|kon tum"
    r"|lai châu|lạng sơn"
    r"|lào cai|lâm đồng|long an|nam định|nghệ an|ninh (?:bình|thuận)|phú (?:thọ|yên)"
    r"|quảng (?:bình|nam|ngãi|ninh|trị)|sóc trăng|sơn la|tây ninh|thái (?:bình|nguyên)|thanh hóa|tiền giang"
    r"|trà vinh|tuyên quang|vĩnh (?:long|phúc)|yên bái|việt nam|trung quốc|hoa kỳ|liên bang nga|nhật bản"
    r"|hàn quốc|liên hợp quốc|hội nghị|bộ quốc phòng|quân đội nhân dân|quân ủy trung ương|nơi nhận|kính gửi"
    r"|trân trọng|kết luận|tài liệu tham khảo|phụ lục|mục lục|còn nữa|xem tiếp|hết",
    re.IGNORECASE,
)
_CASED = rf"{CAPITAL}{SMALL}*"  # a capital, then small letters: one syllable of a name
_NAME = rf"{_CASED}(?: {_CASED}){{1,4}}"
_RANK = (
    r"(?:(?:Đại|Thượng|Trung|Thiếu) (?:tướng|tá|úy)|Chuẩn đô đốc|(?:Phó )?[ĐT]ô đốc|GS|PGS|TS|ThS|BS|KS|CN"
    r"|NCS|LS"
    r"|Giáo sư|Phó Giáo sư|Tiến sĩ|Thạc sĩ|Luật sư|Nhà báo|Đồng chí)"
)
_RANKED = re.compile(
    rf"(?:{_RANK}[.,]*\s*)+{CAPITAL}[^\W\d_]*(?: {CAPITAL}[^\W\d_]*){{1,4}}(?:\s*[,–-]\s*{CAPITAL}.*)?"
)
_OUTLET = r"(?:P\.V|Nhóm PV|Phóng viên|[A-ZĐ]{2,6}(?:[.-][A-ZĐ]{2,5})?|(?:[\w-]+\.)+(?:vn|com|net|org))"
_TAIL = r"(?:\s*\((?:t/h|th|tổng hợp|ghi|dịch|lược dịch|biên soạn|theo [^()]{2,30}|[A-ZĐ.]{2,12})\))?"
_SIGNED = re.compile(
    rf"(?:{_NAME}|{_OUTLET})(?:(?:\s*[-–,/&]\s*|\s+và\s+)(?:{_NAME}|{_CASED}|{_OUTLET}|nguồn {_OUTLET}"
    rf"|[Tt]heo {_OUTLET}))*{_TAIL}"
)
_SOURCED = re.compile(
    rf"(?:Theo|Nguồn|Nguồn tin|Source)(?::\s*|\s+)(?={CAPITAL}"
    rf"|\S+\.\w{{2,4}}\b)[^\d.:;!?]{{2,60}}(?:\.\w{{2,4}})?"
)
_LABEL = re.compile(
    r"(?:Tác giả|Người viết|Thực hiện|Bài(?:,| và)? ảnh|Tin(?:,| và)? ảnh|Tin(?:,| và)? bài|Bài|Tin"
    r"|Biên dịch|Biên soạn|Dịch|Author|By)"
    rf"(?:\s*[:-]\s*|(?<=By)\s+)(?={CAPITAL})",
)


def byline_of(text: str) -> str:
    """The author in a byline, without labels such as "Bài, ảnh:"; else ""."""
    if len(text) > 250 or "\n" in text:
        return ""
    label = _LABEL.match(text)
    name = text[label.end() :] if label else text
    if label and len(name.split()) <= 10 and not re.search(r"[.!?;:]$|\d", name):
        return name
    known = _RANKED.fullmatch(name) if len(name) > 60 else _RANKED.fullmatch(name) or _is_signature(name)
    ends_as_text = re.search(r"[.!?…:;,]$", name) is not None
    return name if (known and not ends_as_text) or _SOURCED.fullmatch(name) else ""


def is_full_name(text: str) -> bool:
    """Whether a text is one Vietnamese name, starting with a family name."""
    words = text.split()
    if not 2 <= len(words) <= 4 or _NOT_A_NAME.fullmatch(text):
        return False
    return _SURNAME.fullmatch(words[0]) is not None and re.fullmatch(_NAME, text) is not None


def _is_signature(text: str) -> bool:
    if _NOT_A_NAME.fullmatch(text):
        return False
    return _SIGNED.fullmatch(text) is not None and len(text) > 1

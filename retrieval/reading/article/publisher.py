"""
Publisher names outside sentences: an abbreviation, a domain, "Báo …".
"""

from __future__ import annotations

import re

_NAME = re.compile(
    r"Dân trí|VnExpress|VietNamNet"
    # QPTD, TTXVN, VOV.VN, QĐND Online
    r"|[A-ZĐ]{2,10}(?:[./-][A-ZĐ]{2,6})?(?: Online| [Đđ]iện tử)?"
    r"|(?:[\w-]+\.)+(?:vn|com|net|org|info)"
    r"|(?:Báo(?! cáo| động| hiệu| chí)|Tạp chí|Cổng|Cổng thông tin|Trang (?:tin|thông tin)|Đài|Thông tấn xã"
    r"|TTXVN)"
    r"(?: [\w&-]+){1,10}",
)
_STANDALONE = re.compile(r"\(?(?P<name>[^()]{2,40}?)\)?\s*[-–—]+")
_INLINE = re.compile(r"(?:\((?P<name>[^()]{2,30})\)|(?P<domain>[A-Z]{2,10}\.VN))\s*[-–—]\s*")


def is_publisher(text: str) -> bool:
    """Whether a text is only a publisher's name."""
    return _NAME.fullmatch(text) is not None


def publisher_line(text: str) -> str:
    """
    The publisher on a line that holds only its name and a dash; else "".

    Example: "ĐNA -" -> "ĐNA"
    """
    found = _STANDALONE.fullmatch(text)
    return found["name"] if found and is_publisher(found["name"]) else ""


def opening_publisher(paragraph: str) -> str:
    """
    The publisher, bracketed or a domain, that opens a first paragraph; else "".

    Example: "(QPTD) - Ngày 8/1, ..." -> "QPTD"
    """
    found = _INLINE.match(paragraph)
    name = (found["name"] or found["domain"]) if found else ""
    return name if is_publisher(name) else ""


def strip_opening_publisher(paragraph: str) -> str:
    """
    Strip the publisher that opens a first paragraph.

    Example: "(QPTD) - Ngày 8/1, ..." -> "Ngày 8/1, ..."
    """
    return _INLINE.sub("", paragraph, count=1) if opening_publisher(paragraph) else paragraph

"""
Remarks on what was read: what was left out, and how sure recognised words are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.reading.document import OcrConfidence, Unread, UnreadKind

_NAMES: dict[UnreadKind, str] = {
    "page": "trang quét chưa đọc được",
    "text-box": "hộp văn bản",
    "content-control": "ô điều khiển nội dung",
    "equation": "công thức",
    "chart": "biểu đồ",
    "picture": "hình ảnh",
    "embedded-object": "đối tượng nhúng",
    "form-field": "trường biểu mẫu",
    "macro": "macro",
    "sheet": "trang tính",
    "slide": "trang chiếu ẩn",
    "attachment": "tệp đính kèm",
    "bytes": "byte không đọc được",
}


def unread_text(unread: Iterable[Unread]) -> str:
    """Name the parts left out: "hộp văn bản (2), biểu đồ (trang 3)"."""
    return ", ".join(map(_part, unread))


def confidence_text(confidence: OcrConfidence) -> str:
    """The OCR confidence: "độ tin cậy 91 %, thấp nhất 67 % (trang 3)"."""
    return f"độ tin cậy {confidence.mean:.0f} %, thấp nhất {confidence.lowest:.0f} % (trang {confidence.page})"


def _part(unread: Unread) -> str:
    """One part with its name, page and number."""
    page = "" if unread.page is None else f"trang {unread.page}"
    count = str(unread.count) if unread.count > 1 else ""
    about = ", ".join(filter(None, (unread.name, page, count)))
    return _NAMES[unread.kind] + (f" ({about})" if about else "")

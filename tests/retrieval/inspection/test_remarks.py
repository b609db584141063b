"""Remarks in the report: parts of a file that were left out, and how sure recognised words are."""

from __future__ import annotations

from typing import get_args

from retrieval.inspection.remarks import confidence_text, unread_text
from retrieval.reading.document import OcrConfidence, Unread, UnreadKind


def test_parts_are_named_with_page_and_number() -> None:
    """Name, page and number stand in brackets where they are known."""
    parts = (Unread("text-box", count=2), Unread("page", page=3), Unread("sheet", name="Phụ lục"), Unread("macro"))

    text = unread_text(parts)

    assert text == "hộp văn bản (2), trang quét chưa đọc được (trang 3), trang tính (Phụ lục), macro"


def test_every_kind_has_a_name() -> None:
    """A reader can report any kind."""
    assert all(unread_text([Unread(kind)]) for kind in get_args(UnreadKind))


def test_the_confidence_names_the_worst_page() -> None:
    """In whole per cent."""
    assert confidence_text(OcrConfidence(90.6, 67.2, 3)) == "độ tin cậy 91 %, thấp nhất 67 % (trang 3)"

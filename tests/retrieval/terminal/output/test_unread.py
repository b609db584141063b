"""Parts of a file that were left out are named in the report."""

from __future__ import annotations

from typing import get_args

from retrieval.reading.document import Unread, UnreadKind
from retrieval.terminal.output.unread import unread_text


def test_parts_are_named_with_page_and_number() -> None:
    """Name, page and number stand in brackets where they are known."""
    parts = (Unread("text-box", count=2), Unread("page", page=3), Unread("sheet", name="Phụ lục"), Unread("macro"))

    text = unread_text(parts)

    assert text == "hộp văn bản (2), trang quét chưa đọc được (trang 3), trang tính (Phụ lục), macro"


def test_every_kind_has_a_name() -> None:
    """A reader can report any kind."""
    assert all(unread_text([Unread(kind)]) for kind in get_args(UnreadKind))

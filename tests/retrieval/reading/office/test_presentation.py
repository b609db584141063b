"""Slides of a .ppt that LibreOffice wrote from `real/slides.fodp`."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.errors import BrokenError
from retrieval.reading.document import Unread
from retrieval.reading.office.presentation import read_old_presentation

pytestmark = pytest.mark.slow

REAL = Path(__file__).parents[1] / "real"


def test_a_section_for_each_slide() -> None:
    """Its notes at the end of it, its number as the page; a hidden slide is named, not read."""
    content = read_old_presentation((REAL / "libreoffice-to-ppt.ppt").read_bytes(), "a.ppt")

    blocks = [(block.kind, block.page, content.text[block.start : block.end]) for block in content.outline.blocks]
    assert blocks == [
        ("heading", 1, "Nội quy phòng họp"),
        ("paragraph", 1, "Phòng họp mở cửa lúc bảy giờ sáng mỗi ngày."),
        ("paragraph", 1, "Người mượn phòng phải đăng ký trước một ngày."),
        ("paragraph", 1, "Nhắc mọi người về giờ đóng cửa buổi chiều."),
        ("heading", 3, "Thiết bị"),
        ("paragraph", 3, "Máy chiếu có ở phòng số ba."),
    ]
    assert content.outline.title == "Nội quy phòng họp"
    assert content.unread == (Unread("slide", page=2),)


def test_a_container_without_slides_is_refused() -> None:
    """A .xls under the suffix of a .ppt, say."""
    with pytest.raises(BrokenError, match=r"a\.ppt"):
        read_old_presentation((REAL / "libreoffice-to-xls.xls").read_bytes(), "a.ppt")

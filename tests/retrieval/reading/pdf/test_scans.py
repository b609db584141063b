"""Scanned pages, told one by one: neither a watermark nor a signature's stamp makes a picture a text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from retrieval.errors import BrokenError, ScannedError, SizeError
from retrieval.reading.document import Content, Unread
from retrieval.reading.pdf import pictures
from retrieval.reading.pdf.pictures import read_picture
from retrieval.reading.pdf.reader import read_pdf
from tests.support.document_makers import Paper

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PICTURE = Image.new("L", (60, 80), 230)
PROSE = (
    "Phòng họp mở cửa lúc bảy giờ sáng và đóng cửa lúc năm giờ chiều của mỗi ngày làm việc; người đăng ký nhận chìa "
    "khóa ở Văn phòng, giữ gìn tài sản trong phòng và trả lại chìa khóa ngay sau khi cuộc họp kết thúc trong ngày."
)
STAMP = (
    "Người ký: Văn phòng Ủy ban nhân dân thành phố Sông Xanh",
    "Email: vanphong@songxanh.example",
    "Cơ quan: Ủy ban nhân dân thành phố Sông Xanh, tỉnh Núi Biếc, phường Bến Cát",
    "Thời gian ký: 12.03.2024 08:15:00 +07:00",
)


def pages(count: int, write: Callable[[Paper, int], None]) -> Paper:
    """A PDF whose pages are written one by one."""
    paper = Paper()
    paper.set_auto_page_break(auto=False)
    for number in range(1, count + 1):
        if number > 1:
            paper.add_page()
        paper.set_font("Deja", size=10)
        write(paper, number)
    return paper


def scan(paper: Paper, lines: Sequence[str] = ()) -> None:
    """A picture over the page, with lines on top of it."""
    paper.image(PICTURE, 0, 0, paper.w, paper.h)
    for number, words in enumerate(lines):
        paper.text(20, 20 + 5 * number, words)


def read(paper: Paper) -> Content:
    return read_pdf(paper.finished(), "a.pdf")


def stamped(paper: Paper, number: int) -> None:
    scan(paper, STAMP if number == 1 else ())


def watermarked(paper: Paper, number: int) -> None:
    scan(paper, [f"Bản lưu của thư viện, trang {number}, tải về từ kho văn bản dùng chung của các cơ quan."] * 2)


@pytest.mark.parametrize("write", [lambda paper, _: scan(paper), stamped, watermarked])
def test_pictures_with_stamps_and_watermarks_are_scans(write: Callable[[Paper, int], None]) -> None:
    """Their letters are not the document's."""
    with pytest.raises(ScannedError, match=r"a\.pdf has 0 on 3 pages"):
        read(pages(3, write))


def test_the_scanned_pages_among_others_are_named() -> None:
    """The text pages are read, and nothing of the scan's stamp is quoted."""

    def write(paper: Paper, number: int) -> None:
        if number == 2:
            scan(paper, STAMP)
        else:
            paper.set_y(60)
            paper.write_paragraph(PROSE)

    content = read(pages(3, write))

    assert content.text.split("\n\n") == [PROSE, PROSE]
    assert content.unread == (Unread("page", page=2),)


def test_a_background_picture_does_not_make_a_scan() -> None:
    """A page with letters of its own is read, whatever is behind them."""

    def write(paper: Paper, _: int) -> None:
        scan(paper)
        paper.set_y(60)
        paper.write_paragraph(PROSE)

    content = read(pages(1, write))

    assert (content.text, content.origin, content.unread) == (PROSE, "", ())


def hidden(words: str) -> Paper:
    """A scan with an invisible text over it."""

    def write(paper: Paper, _: int) -> None:
        scan(paper)
        paper.set_y(60)
        with paper.local_context(text_mode="INVISIBLE"):
            paper.write_paragraph(words)

    return pages(1, write)


@pytest.mark.parametrize("words", [PROSE, "The head of the office opens the room at seven and closes it at five. " * 4])
def test_what_another_program_recognised_well_is_read_as_recognised(words: str) -> None:
    """Citations say so."""
    content = read(hidden(words))

    assert (" ".join(content.text.split()), content.origin) == (words.strip(), "ocr")


@pytest.mark.parametrize(
    "words",
    [
        "CQNG HOA XA HQI CHU NGHIA VIET NAM Dqc lap - Tv do - Hanh phuc " * 4,
        "Phdng hpp md cura luc bay gid sang va ddng cura luc nam gid chieu cua mdi ngay lam viec " * 4,
        "Phỏng hợp mớ cửw lủc bảv giớ sảng vả đỏng cửw lủc nắm giớ chìẻu cửw mổì ngảv lảm vìẻc " * 4,
    ],
)
def test_a_badly_recognised_layer_is_not_read(words: str) -> None:
    """Vietnamese without its marks, or words that are none: such a page is a scan."""
    with pytest.raises(ScannedError, match="badly recognised"):
        read(hidden(words))


def test_a_signature_stamp_of_a_text_comes_last() -> None:
    """It is not the title, and no part of an article."""

    def write(paper: Paper, _: int) -> None:
        for number, words in enumerate(STAMP):
            paper.text(20, 20 + 5 * number, words)
        paper.set_y(60)
        paper.write_paragraph(PROSE)

    assert read(pages(1, write)).text.split("\n\n") == [PROSE, *STAMP]


def test_a_form_that_asks_who_signs_is_no_stamp() -> None:
    """The words alone are not enough."""

    def write(paper: Paper, _: int) -> None:
        paper.set_y(60)
        paper.write_paragraph("Người ký: Giám đốc sở hoặc người được ủy quyền.")
        paper.write_paragraph(PROSE)

    assert read(pages(1, write)).text.startswith("Người ký: Giám đốc")


def saved(format_: str, image: Image.Image = PICTURE, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "TIFF"])
def test_a_picture_of_a_page_is_a_scan(format_: str) -> None:
    """Refused with the remedy."""
    with pytest.raises(ScannedError, match=r"a\.png is a picture.*index --ocr"):
        read_picture(saved(format_), "a.png")


@pytest.mark.parametrize("data", [b"", b"GIF89a", saved("PNG")[:20], b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    """With a sentence, not with the library's own error."""
    with pytest.raises(BrokenError, match=r"a\.png is damaged"):
        read_picture(data, "a.png")


def test_too_large_a_picture_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is unpacked, and so is one with too many pages."""
    monkeypatch.setattr(pictures, "_LARGEST", 4000)
    monkeypatch.setattr(pictures, "MAX_PAGES", 2)

    with pytest.raises(SizeError, match="60 x 80"):
        read_picture(saved("PNG"), "a.png")
    small = PICTURE.resize((30, 40))
    with pytest.raises(SizeError, match=r"at most 2 pages, a\.tif has 3"):
        read_picture(saved("TIFF", small, save_all=True, append_images=[small, small]), "a.tif")

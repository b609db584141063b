"""Tables of a PDF: ruled ones by their lines, whatever the words in them wrap to."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from retrieval.reading.document import Block, Content
from retrieval.reading.pdf.page_image import PageRequest, draw_pages
from retrieval.reading.pdf.reader import read_pdf
from tests.support.document_makers import Paper

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = ("STT", "Văn bản hết hiệu lực", "Lý do", "Ngày hết hiệu lực")
ROWS = (
    ("1", "Quy chế số 03/QC-CT ngày 01/3/2017 về quản lý xe công", "Thay bởi Quy chế số 01/QC-CT", "05/4/2024"),
    ("2", "Quy định số 08/QĐ-CT ngày 10/3/2017 về chuẩn chuyên môn", "Thay bởi Quy định số 05/QĐ-CT", "25/6/2024"),
)
WIDTHS = (15, 40, 45, 30)
PROSE = "Phòng họp mở cửa lúc bảy giờ sáng và đóng cửa lúc năm giờ chiều của mỗi ngày làm việc trong tuần."


def ruled(paper: Paper, rows: Sequence[Sequence[str]], *, left: float = 25, size: float = 11) -> None:
    """A table at the current height, every cell bordered and its words wrapped."""
    paper.set_font("Deja", size=size)
    for cells in rows:
        heights = [
            paper.multi_cell(width, 6, words, dry_run=True, output="HEIGHT") if words else 6
            for words, width in zip(cells, WIDTHS, strict=True)
        ]
        top = paper.get_y()
        for number, (words, width) in enumerate(zip(cells, WIDTHS, strict=True)):
            x = left + sum(WIDTHS[:number])
            paper.rect(x, top, width, max(heights))
            paper.set_xy(x, top)
            paper.multi_cell(width, 6, words)
        paper.set_xy(left, top + max(heights))


def grid(paper: Paper, boxes: Sequence[tuple[float, float, float, float, str]]) -> None:
    """Bordered boxes: left, top, width and height in millimetres, with their words."""
    paper.set_font("Deja", size=11)
    for x, y, width, height, words in boxes:
        paper.rect(x, y, width, height)
        paper.text(x + 2, y + 5, words)


def read(paper: Paper) -> Content:
    return read_pdf(paper.finished(), "a.pdf")


def rows_of(content: Content) -> list[str]:
    return [content.text[block.start : block.end] for block in row_blocks(content)]


def row_blocks(content: Content) -> list[Block]:
    return [block for block in content.outline.blocks if block.is_row]


def test_a_ruled_row_is_one_paragraph_whatever_wraps_in_it() -> None:
    """Lines of a cell are joined, and the names of the columns are the context of the rows below."""
    paper = Paper()
    paper.write_paragraph("Danh mục văn bản", size=14)
    ruled(paper, [NAMES, *ROWS])

    content = read(paper)

    assert rows_of(content) == [" | ".join(cells) for cells in (NAMES, *ROWS)]
    assert [block.context for block in row_blocks(content)] == ["", " | ".join(NAMES), " | ".join(NAMES)]


def test_title_and_date_are_not_taken_from_cells() -> None:
    """A table says something of other documents."""
    paper = Paper()
    paper.write_paragraph("Danh mục văn bản của công ty", size=11)
    ruled(paper, [("Hà Nội, ngày 5 tháng 4 năm 2024", "", "", ""), NAMES, *ROWS], size=13)

    outline = read(paper).outline

    assert (outline.title, outline.published) == ("Danh mục văn bản của công ty", None)


def test_a_merged_cell_stands_in_each_of_its_rows() -> None:
    """And a header of two levels gives each column both names."""
    paper = Paper()
    grid(
        paper,
        [
            (20, 40, 40, 14, "Nhóm khách"), (60, 40, 40, 14, "Dịch vụ"), (100, 40, 60, 7, "Mức phí"),
            (100, 47, 30, 7, "Ngày thường"), (130, 47, 30, 7, "Ngày lễ"),
            (20, 54, 40, 14, "Hộ gia đình"), (60, 54, 40, 7, "Thu gom rác"), (100, 54, 30, 7, "40.000"),
            (130, 54, 30, 7, "60.000"), (60, 61, 40, 7, "Cấp nước"), (100, 61, 30, 7, "9.500"),
            (130, 61, 30, 7, ""),
        ],
    )  # fmt: skip

    content = read(paper)

    assert rows_of(content) == [
        "Nhóm khách | Dịch vụ | Mức phí",
        "Nhóm khách | Dịch vụ | Ngày thường | Ngày lễ",
        "Hộ gia đình | Thu gom rác | 40.000 | 60.000",
        "Hộ gia đình | Cấp nước | 9.500 | –",
    ]
    assert row_blocks(content)[3].context == "Nhóm khách | Dịch vụ | Mức phí: Ngày thường | Mức phí: Ngày lễ"


def test_a_table_goes_on_overleaf() -> None:
    """The header that is repeated there is left out, and a row that the page divides is one."""
    paper = Paper()
    paper.set_auto_page_break(auto=False)
    paper.set_y(240)
    ruled(paper, [NAMES, ("1", ROWS[0][1], "Thay bởi Quy chế", "05/4/2024")])
    paper.add_page()
    paper.set_y(60)
    ruled(paper, [NAMES, ("", "của Giám đốc", "", ""), ROWS[1]])

    content = read(paper)

    assert rows_of(content) == [
        " | ".join(NAMES),
        f"1 | {ROWS[0][1]} của Giám đốc | Thay bởi Quy chế | 05/4/2024",
        " | ".join(ROWS[1]),
    ]
    assert [(block.page, block.last_page) for block in row_blocks(content)] == [(1, 1), (1, 2), (2, 2)]


def test_a_merged_cell_keeps_its_value_overleaf() -> None:
    """Where the first column names groups, an empty cell at the head of a page is the group that goes on."""
    paper = Paper()
    grid(
        paper,
        [
            (20, 260, 40, 14, "Hộ gia đình"), (60, 260, 40, 7, "Thu gom rác"), (100, 260, 40, 7, "40.000"),
            (60, 267, 40, 7, "Cấp nước"), (100, 267, 40, 7, "9.500"),
        ],
    )  # fmt: skip
    paper.set_auto_page_break(auto=False)
    paper.add_page()
    grid(paper, [(20, 50, 40, 7, ""), (60, 50, 40, 7, "Vệ sinh"), (100, 50, 40, 7, "5.000")])

    assert rows_of(read(paper)) == [
        "Hộ gia đình | Thu gom rác | 40.000",
        "Hộ gia đình | Cấp nước | 9.500",
        "Hộ gia đình | Vệ sinh | 5.000",
    ]


def test_a_frame_around_a_paragraph_is_no_table() -> None:
    """Nor is a line below a heading."""
    paper = Paper()
    paper.line(25, 30, 180, 30)
    paper.rect(20, 35, 170, 30)
    paper.set_xy(25, 38)
    paper.set_font("Deja", size=11)
    paper.multi_cell(150, 6, PROSE)

    content = read(paper)

    assert (content.text, rows_of(content)) == (PROSE, [])


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_table_on_a_turned_page_is_read_as_it_is_seen(rotation: int) -> None:
    """Its running head along the other edge gets into no row, and comes last."""
    paper = Paper()
    paper.set_auto_page_break(auto=False)
    centre = (paper.w / 2, paper.w / 2 if rotation == 90 else paper.h - paper.w / 2 if rotation == 270 else paper.h / 2)
    with paper.rotation(rotation, *centre):
        paper.set_y(30)
        ruled(paper, [NAMES, *ROWS])
        with paper.rotation(270, 190, 30):
            paper.text(190, 30, "Công báo số 12")
    document = pypdfium2.PdfDocument(paper.finished())
    document[0].set_rotation(rotation)
    turned = pypdfium2.PdfDocument.new()
    turned.import_pages(document)
    buffer = io.BytesIO()
    turned.save(buffer)

    content = read_pdf(buffer.getvalue(), "a.pdf")

    assert rows_of(content) == [" | ".join(cells) for cells in (NAMES, *ROWS)]
    assert content.text.endswith("Công báo số 12")


def test_a_row_is_marked_on_the_picture_of_its_page() -> None:
    """It is located by its cells."""
    paper = Paper()
    ruled(paper, [NAMES, *ROWS])

    (image,) = draw_pages(paper.finished(), "a.pdf", PageRequest(" | ".join(ROWS[1]), 1, 1))

    assert image.marked


def placed(*words: tuple[float, float, str]) -> Content:
    """A page without lines: words at millimetres from its left and upper edge."""
    paper = Paper()
    paper.set_font("Deja", size=10)
    for x, y, text in words:
        paper.text(x, y, text)
    return read(paper)


def test_wrapped_cells_join_their_row_where_there_are_no_lines() -> None:
    """In the header too, whose names become the context."""
    content = placed(
        (20, 40, "STT"), (40, 40, "Ngành học"), (110, 40, "Học phí"), (160, 40, "Lệ phí"),
        (110, 45, "(đồng/tháng)"), (160, 45, "(đồng/năm)"),
        (20, 53, "1"), (40, 53, "Điều dưỡng"), (117, 53, "1.450.000"), (170, 53, "300.000"),
        (20, 60, "2"), (40, 60, "Kỹ thuật xét nghiệm"), (117, 60, "1.640.000"), (170, 60, "350.000"),
        (40, 65, "y học"),
        (20, 72, "3"), (40, 72, "Dược"), (117, 72, "1.640.000"), (170, 72, "350.000"),
        (20, 90, "Học phí nộp trước ngày 15 hằng tháng tại phòng tài vụ của trường."),
    )  # fmt: skip

    names = "STT | Ngành học | Học phí (đồng/tháng) | Lệ phí (đồng/năm)"
    assert rows_of(content) == [
        names,
        "1 | Điều dưỡng | 1.450.000 | 300.000",
        "2 | Kỹ thuật xét nghiệm y học | 1.640.000 | 350.000",
        "3 | Dược | 1.640.000 | 350.000",
    ]
    assert [block.context for block in row_blocks(content)] == ["", names, names, names]


def test_a_cell_that_begins_above_its_row_joins_it() -> None:
    """Where short cells stand in the middle beside a wrapped one."""
    content = placed(
        (20, 40, "STT"), (40, 40, "Ngành học"), (117, 40, "Học phí"),
        (40, 50, "Kỹ thuật xét nghiệm"), (20, 52.5, "1"), (117, 52.5, "1.640.000"), (40, 55, "y học"),
        (40, 65, "Phục hồi chức năng"), (20, 67.5, "2"), (117, 67.5, "1.450.000"), (40, 70, "cho người già"),
    )  # fmt: skip

    assert rows_of(content)[1:] == [
        "1 | Kỹ thuật xét nghiệm y học | 1.640.000",
        "2 | Phục hồi chức năng cho người già | 1.450.000",
    ]

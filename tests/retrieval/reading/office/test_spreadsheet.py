"""Sheets of .xls files: cells as they are shown, the names of their columns, and what is hidden."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlwt

from retrieval.errors import BrokenError, EmptyError
from retrieval.reading.document import Content, Unread
from retrieval.reading.office.spreadsheet import read_old_spreadsheet
from retrieval.reading.sandbox.process import Sandbox
from tests.support.document_makers import xls_bytes, xls_of
from tests.support.legacy_fonts import in_tcvn3, in_vni

pytestmark = pytest.mark.slow

REAL = Path(__file__).parents[1] / "real"


def rows(content: Content) -> list[tuple[str, str]]:
    """Each row with the names of its columns."""
    blocks = content.outline.blocks
    return [(content.text[block.start : block.end], block.context) for block in blocks if block.is_row]


def test_rows_carry_the_names_of_their_columns() -> None:
    """Below title lines, which are paragraphs; the first in capitals is the title."""
    table = [["Trường Y"], ["BẢNG HỌC PHÍ NĂM HỌC MỚI"], ["TT", "Ngành", "Học phí"], [1, "Dược", 500], [2, "", 700]]

    content = read_old_spreadsheet(xls_of(table), "a.xls")

    names = "TT | Ngành | Học phí"
    assert rows(content) == [(names, ""), ("1 | Dược | 500", names), ("2 | – | 700", names)]
    assert content.outline.title == "BẢNG HỌC PHÍ NĂM HỌC MỚI"
    assert content.text.startswith("Trường Y\n\nBẢNG HỌC PHÍ NĂM HỌC MỚI")


def test_a_header_of_two_rows() -> None:
    """Names of merged columns stand before those of their parts; a row of column numbers belongs to it."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    sheet.write_merge(0, 1, 0, 0, "TT")
    sheet.write_merge(0, 1, 1, 1, "Tên")
    sheet.write_merge(0, 0, 2, 3, "Vốn góp")
    for row, cells in ((1, ("", "", "Tổng", "Tỷ lệ")), (2, ("A", "B", "1", "2")), (3, ("1", "Bình", 5, 10))):
        for column, words in enumerate(cells):
            if words:
                sheet.write(row, column, words)

    content = read_old_spreadsheet(xls_bytes(book), "a.xls")

    assert rows(content)[-1] == ("1 | Bình | 5 | 10", "TT | Tên | Vốn góp: Tổng | Vốn góp: Tỷ lệ")
    assert [words for words, _ in rows(content)[:2]] == ["TT | Tên | Vốn góp", "– | – | Tổng | Tỷ lệ"]


def test_a_cell_merged_over_rows_stands_in_each() -> None:
    """One merged over columns stands once."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    for column, words in enumerate(("Khoa", "Ngành", "Số", "Nợ")):
        sheet.write(0, column, words)
    sheet.write_merge(1, 2, 0, 0, "Y")
    sheet.write(1, 1, "Dược")
    sheet.write_merge(1, 1, 2, 3, 7)
    sheet.write(2, 1, "Răng")
    sheet.write(2, 2, 8)
    sheet.write(2, 3, 9)

    content = read_old_spreadsheet(xls_bytes(book), "a.xls")

    assert [words for words, _ in rows(content)[1:]] == ["Y | Dược | 7", "Y | Răng | 8 | 9"]


def test_a_hidden_sheet_is_named_and_not_read() -> None:
    """Rows and columns that a filter or a folded group hides belong to the text."""
    book = xlwt.Workbook()
    sheet, other = book.add_sheet("Chính"), book.add_sheet("Nháp")
    for row in range(3):
        for column in range(3):
            sheet.write(row, column, f"{row}{column}x")
    sheet.row(1).hidden = True
    sheet.col(2).hidden = True
    other.write(0, 0, "kín")
    other.visibility = 1

    content = read_old_spreadsheet(xls_bytes(book), "a.xls")

    assert [words for words, _ in rows(content)] == ["00x | 01x | 02x", "10x | 11x | 12x", "20x | 21x | 22x"]
    assert content.unread == (Unread("sheet", name="Nháp"),)


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (1640000, "#,##0", "1.640.000"),
        (0.125, "0.0%", "12,5%"),
        (-5, "0;(0)", "(5)"),
        (date(2024, 3, 5), "DD/MM/YYYY", "05/03/2024"),
        (date(2024, 3, 5), "M/D/YY", "05/03/2024"),
        (date(2024, 3, 5), '"ngày" D "tháng" M', "ngày 5 tháng 3"),
        (0.1 + 0.2, "General", "0,3"),
        (True, "General", "TRUE"),
    ],
)
def test_cells_are_read_as_they_are_shown(value: object, form: str, shown: str) -> None:
    """Numbers and dates in the format of their cell."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    sheet.write(0, 0, "Giá")
    sheet.write(0, 1, value, xlwt.easyxf(num_format_str=form))

    assert read_old_spreadsheet(xls_bytes(book), "a.xls").text.endswith(f"Giá | {shown}")


def test_fonts_of_cells_and_runs() -> None:
    """TCVN3 and VNI beside one another, in one cell too, and a foreign name that is no syllable."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    old, other, capitals = (xlwt.easyfont(f"name {name}") for name in (".VnTime", "VNI-Times", ".VnTimeH"))
    sheet.write(0, 0, in_tcvn3("Bảng kê vốn đầu tư của huyện"), xlwt.easyxf("font: name .VnTime"))
    sheet.write(1, 0, in_tcvn3("Hồng Kông"), xlwt.easyxf("font: name .VnTime"))
    sheet.write_rich_text(
        2,
        0,
        [(in_vni("nước ngoài, "), other), (in_tcvn3("được góp "), old), (in_tcvn3("mỗi tháng"), capitals)],
        xlwt.easyxf("font: name Arial"),
    )

    content = read_old_spreadsheet(xls_bytes(book), "a.xls")

    assert content.text.split("\n\n")[1:] == [
        "Bảng kê vốn đầu tư của huyện", "Hồng Kông", "nước ngoài, được góp MỖI THÁNG"
    ]  # fmt: skip
    assert content.origin == "tcvn3"


def test_sheets_are_sections() -> None:
    """Where there are several, or one with a name of its own."""
    book = xlwt.Workbook()
    for name in ("Quý một", "Quý hai", "Trống"):
        sheet = book.add_sheet(name)
        if name != "Trống":
            sheet.write(0, 0, f"Thu của {name}.")

    blocks = read_old_spreadsheet(xls_bytes(book), "a.xls").outline.blocks

    assert [block.kind for block in blocks] == ["heading", "paragraph", "heading", "paragraph"]


def test_a_blank_workbook_is_refused() -> None:
    """It holds nothing to quote."""
    with pytest.raises(EmptyError, match=r"a\.xls"):
        read_old_spreadsheet(xls_of([[""]]), "a.xls")


def test_sectors_that_refer_to_themselves_end_nothing() -> None:
    """Found by fuzzing: a table of small sectors, each of which is its own next one; xlrd alone follows it for ever."""
    damaged = bytearray((REAL / "libreoffice-to-xls.xls").read_bytes())
    damaged[1536:2048] = bytes(512)

    with Sandbox(seconds=60.0) as sandbox, pytest.raises(BrokenError):
        sandbox.read(bytes(damaged), "a.xls")

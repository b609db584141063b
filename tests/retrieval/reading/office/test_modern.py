"""Workbooks and slides of today's formats say what those of before say, whichever program wrote them."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pptx
import pytest

from retrieval.errors import EmptyError, LockedError
from retrieval.reading.document import Content, Unread
from retrieval.reading.office.slides import read_presentation
from retrieval.reading.office.workbook import read_workbook
from retrieval.reading.reader import READERS

pytestmark = pytest.mark.slow

REAL = Path(__file__).parents[1] / "real"


def workbook(book: openpyxl.Workbook) -> Content:
    """What is read of a workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return read_workbook(buffer.getvalue(), "a.xlsx")


def words(suffix: str) -> list[str]:
    """The paragraphs of LibreOffice's file of this format."""
    data = (REAL / f"libreoffice-to-{suffix[1:]}{suffix}").read_bytes()
    return READERS[suffix](data, f"a{suffix}").text.split("\n\n")


def test_workbooks_are_the_same_in_every_format() -> None:
    """Rows, names of columns, numbers, dates and merged cells; LibreOffice stores English separators in .ods."""
    assert words(".xlsx") == words(".xls")
    assert words(".ods")[3] == "Xét nghiệm y học | 1,640,000 | 12.5% | 01/09/2024"
    assert len(words(".ods")) == len(words(".xls"))


def test_slides_are_the_same_in_every_format() -> None:
    """Titles, texts and notes; hidden slides are left out."""
    assert words(".pptx") == words(".odp") == words(".ppt")


def test_a_hidden_sheet_is_named_and_not_read() -> None:
    """Rows and columns that a filter or a folded group hides belong to the text."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Tên", "Lương", "Ghi chú"], ["An", 5, "mật"], ["Bình", 6, "mật"]):
        sheet.append(row)
    sheet.column_dimensions.group("B", "C", hidden=True)
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("Kín").sheet_state = "hidden"

    content = workbook(book)

    assert content.text.split("\n\n")[1:] == ["An | 5 | mật", "Bình | 6 | mật"]
    assert content.unread == (Unread("sheet", name="Kín"),)


def test_a_formula_without_a_value_is_no_empty_cell() -> None:
    """A program that computes nothing stores none; "–" would say that the cell is empty."""
    book = openpyxl.Workbook()
    book.active.append(["Ngành", "Mức thu", "Tăng"])
    book.active.append(["Dược", "=1+1", None])
    book.active.append(["Y", None, "5%"])

    assert workbook(book).text.split("\n\n")[1:] == ["Dược | […]", "Y | – | 5%"]


def test_a_table_on_a_slide_is_read_row_by_row() -> None:
    """With the names of its columns; a merged cell stands in each row, the number of the slide nowhere."""
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Phòng họp"
    table = slide.shapes.add_table(3, 2, 0, 0, 99, 99).table
    for place, text in enumerate(("Tầng", "Phòng", "Một", "A1", "", "A2")):
        table.cell(place // 2, place % 2).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    buffer = io.BytesIO()
    deck.save(buffer)

    content = read_presentation(buffer.getvalue(), "a.pptx")

    blocks = content.outline.blocks
    assert content.text == "Phòng họp\n\nTầng | Phòng\n\nMột | A1\n\nMột | A2"
    assert [(block.kind, block.context, block.page) for block in blocks[2:]] == [("paragraph", "Tầng | Phòng", 1)] * 2


@pytest.mark.parametrize("reader", [read_workbook, read_presentation])
def test_an_encrypted_file_asks_for_its_password(reader) -> None:
    """Office wraps it into its older container."""
    with pytest.raises(LockedError, match="password"):
        reader(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a")


def test_a_blank_workbook_is_refused() -> None:
    """It holds nothing to quote."""
    with pytest.raises(EmptyError, match=r"a\.xlsx"):
        workbook(openpyxl.Workbook())

"""The words of a page where they stand, as an independent program put them there."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from retrieval.reading.layout.file_layout import layout_of_file
from retrieval.reading.layout.page_layout import LayoutRequest, PageLayout
from retrieval.reading.pdf.ocr import RecognisedPage, Recognition
from retrieval.reading.sandbox.messages import layout_from_reply, reply_from_layout
from tests.retrieval.reading.pdf.test_ocr import scan_of, table_of
from tests.support.document_makers import Paper, docx_of, pdf_of, xls_of

MM = 25.4 / 72  # millimetres in a point
FIRST = LayoutRequest(1, 1)


def layout(data: bytes, name: str = "a.pdf", recognition: Recognition | None = None) -> PageLayout:
    """The first page."""
    (page,) = layout_of_file(data, name, FIRST, recognition or Recognition(runs=False)).layouts
    return page


def test_words_stand_where_they_were_written() -> None:
    """Within a millimetre of the place that the program that made the file was told."""
    paper = Paper()
    paper.set_font("Deja", size=12)
    paper.text(100, 200, "Nghỉ lễ")

    (words,) = layout(paper.finished()).lines

    place = words[0].place
    assert [word.text for word in words] == ["Nghỉ", "lễ"]
    assert place.left * paper.w == pytest.approx(100, abs=1)
    assert place.bottom * paper.h == pytest.approx(200 + 12 * MM * 0.24, abs=1)  # "g" reaches below the line
    assert place.right < words[1].place.left < words[1].place.right < 1


def test_pages_are_drawn_on_request() -> None:
    """As JPEG, upright, in the shape of the paper."""
    drawn = layout(pdf_of(["Nghỉ lễ."]))
    (bare,) = layout_of_file(
        pdf_of(["Nghỉ lễ."]), "a.pdf", LayoutRequest(1, 1, draws=False), Recognition(runs=False)
    ).layouts

    image = Image.open(io.BytesIO(drawn.image))

    assert image.format == "JPEG"
    assert image.width / image.height == pytest.approx(drawn.width / drawn.height, abs=0.01)
    assert bare.image == b""


def test_only_the_pages_that_there_are() -> None:
    """A request may ask for more; a format without pages has at most its words."""
    pdf = pdf_of(["Dòng chữ."] * 60)

    whole = layout_of_file(pdf, "a.pdf", LayoutRequest(2, 90, draws=False), Recognition(runs=False))
    flow = layout_of_file(docx_of(["Nghỉ lễ."]), "a.docx", FIRST, Recognition(runs=False))
    none = layout_of_file(xls_of([["Nghỉ lễ."]]), "a.xls", FIRST, Recognition(runs=False))

    assert [each.number for each in whole.layouts] == list(range(2, whole.pages + 1))
    assert [[word.text for line in each.lines for word in line] for each in flow.layouts] == [["Nghỉ", "lễ."]]
    assert (flow.pages, none.pages, none.layouts) == (0, 0, ())


def test_pictures_have_their_place() -> None:
    """Their words are nobody's: the page says where they are."""
    paper = Paper()
    paper.image(Image.new("L", (60, 80), 128), 50, 100, 60, 80)

    (place,) = layout(paper.finished()).pictures

    found = (place.left * paper.w, place.top * paper.h, place.right * paper.w, place.bottom * paper.h)
    assert found == pytest.approx((50, 100, 110, 180), abs=0.5)


@pytest.mark.parametrize(("turned", "shape"), [(0, 210 / 297), (90, 297 / 210)])
def test_a_recognised_page_has_the_words_that_were_recognised(turned: int, shape: float) -> None:
    """Where tesseract found them on the page that it turned, and the picture is turned likewise."""
    recognition = Recognition({1: RecognisedPage(table_of("Nghỉ lễ"), 842, 300 / 72, turned)}, runs=False)

    page = layout(scan_of(Image.new("L", (60, 80), 255)), recognition=recognition)

    image = Image.open(io.BytesIO(page.image))
    assert [word.text for word in page.lines[0]] == ["Nghỉ", "lễ"]
    assert page.lines[0][0].place == pytest.approx((300 / 2480, 360 / 3508, 380 / 2480, 400 / 3508))
    assert image.width / image.height == pytest.approx(shape, abs=0.02)


def test_a_layout_survives_the_sandbox() -> None:
    """Word for word and byte for byte."""
    found = layout_of_file(pdf_of(["Nghỉ lễ."]), "a.pdf", FIRST, Recognition(runs=False))

    assert layout_from_reply(reply_from_layout(found)) == found

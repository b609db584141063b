"""Forms: what is filled in is read where it stands, and what cannot be placed is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.reading.document import Content, Unread
from retrieval.reading.pdf.page_image import PageRequest, draw_pages
from retrieval.reading.pdf.reader import read_pdf

if TYPE_CHECKING:
    from collections.abc import Sequence

FONT = "/DA (/Helv 11 Tf 0 g)"


def form_of(labels: Sequence[tuple[float, float, str]], fields: Sequence[str], drawn: str = "") -> bytes:
    """A page of labels (points from the lower left) and form fields, written by hand."""
    text = "".join(f"BT /Helv 11 Tf {x} {y} Td ({words}) Tj ET\n" for x, y, words in labels) + drawn
    numbers = range(7, 7 + len(fields))
    listed = " ".join(f"{number} 0 R" for number in numbers)
    fonts, found = (f"/{name} << /Font << /Helv 5 0 R >> >>" for name in ("Resources", "DR"))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{listed}] /NeedAppearances true {FONT} {found} >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R {fonts} /Annots [{listed}] >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /XObject /Subtype /Form /BBox [0 0 10 10] /Length 0 >>\nstream\n\nendstream",
        *fields,
    ]
    body = b"%PDF-1.7\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def text_field(name: str, x: float, y: float, value: str, width: float = 150) -> str:
    value = value.encode("utf-16-be").hex()
    return (
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /T ({name}) /V <FEFF{value}> {FONT} /F 4 /P 3 0 R "
        f"/Rect [{x} {y} {x + width} {y + 16}] >>"
    )


def check_box(name: str, x: float, y: float, *, checked: bool) -> str:
    state = "Yes" if checked else "Off"
    return (
        f"<< /Type /Annot /Subtype /Widget /FT /Btn /T ({name}) /V /{state} /AS /{state} /F 4 /P 3 0 R "
        f"/Rect [{x} {y} {x + 10} {y + 10}] /AP << /N << /Yes 6 0 R /Off 6 0 R >> >> >>"
    )


LABELS = (
    (60, 750, "Ten vat tu:"),
    (60, 720, "So luong: ................................ cho phong"),
    (60, 690, "Ly do:"),
)


def paragraphs(content: Content) -> list[str]:
    return content.text.split("\n\n")


def test_values_stand_behind_their_labels() -> None:
    """In the middle of a line too, where the dots to write on give way."""
    data = form_of(
        LABELS,
        [text_field("a", 130, 746, "May in"), text_field("b", 110, 716, "12 chiec", 90), text_field("c", 130, 686, "")],
    )

    content = read_pdf(data, "a.pdf")

    assert paragraphs(content) == ["Ten vat tu: May in", "So luong: 12 chiec cho phong", "Ly do:"]
    assert content.unread == ()


def test_a_value_in_a_ruled_cell_is_that_cell_s() -> None:
    """Not the label's beside it."""
    data = form_of(
        ((60, 705, "Ten"), (60, 685, "So luong cua phong")),
        [text_field("a", 205, 702, "May in"), text_field("b", 205, 682, "12 chiec")],
        "50 680 300 20 re S 50 700 300 20 re S 200 680 m 200 720 l S",
    )

    assert paragraphs(read_pdf(data, "a.pdf")) == ["Ten | May in", "So luong cua phong | 12 chiec"]


def test_boxes_are_ticked_beside_their_labels() -> None:
    """A box far from every word is counted instead."""
    data = form_of(
        ((75, 750, "Dong y"), (75, 730, "Khong dong y"), (60, 700, "Ly do: da co y kien cua phong")),
        [
            check_box("a", 60, 748, checked=True),
            check_box("b", 60, 728, checked=False),
            check_box("c", 400, 400, checked=True),
        ],
    )

    content = read_pdf(data, "a.pdf")

    assert paragraphs(content)[:2] == ["☑ Dong y", "☐ Khong dong y"]
    assert content.unread == (Unread("form-field", page=1),)


def test_a_value_that_the_page_cannot_show_is_counted() -> None:
    """The form's font has no such letters: what would be seen is not what was written."""
    content = read_pdf(form_of(LABELS, [text_field("a", 130, 746, "Mười chiếc")]), "a.pdf")

    assert content.unread == (Unread("form-field", page=1),)


def test_a_value_is_marked_on_the_picture_of_its_page() -> None:
    """Where it is seen."""
    data = form_of(LABELS, [text_field("a", 130, 746, "May in")])

    (image,) = draw_pages(data, "a.pdf", PageRequest("Ten vat tu: May in", 1, 1))

    assert image.marked

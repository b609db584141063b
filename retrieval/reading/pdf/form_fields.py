"""
Filled form fields of a PDF: their values become part of the page.

Values are written where they are seen, and checked against what the file says. A box is ☑ or ☐ beside its label; one
without a label, or a value that the page does not show, is counted as unread.
"""

from __future__ import annotations

import ctypes
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from retrieval.reading.pdf.page import upright_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfDocument, PdfPage

_LONGEST = 100_000  # bytes of a value
_MOST_FIELDS = 2000  # of a page


class Area(NamedTuple):
    """Where a field stands, in points from the lower left."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(slots=True)
class Fields:
    """The form fields of a page."""

    boxes: list[tuple[Area, bool]] = field(default_factory=list)  # and whether they are ticked
    filled: list[Area] = field(default_factory=list)
    unread: int = 0


@contextmanager
def page_with_fields(document: PdfDocument, number: int) -> Iterator[tuple[PdfPage, Fields]]:
    """Open an upright page, the values of its form fields written into its content."""
    fields = Fields()
    values = _filled_in(document, number, fields) if document.get_formtype() else []
    with upright_page(document, number) as page:
        fields.unread += _missing(page, values)
        yield page, fields


def _filled_in(document: PdfDocument, number: int, fields: Fields) -> list[str]:
    """Write the values of a page's fields into it; boxes are noted, other annotations removed."""
    from pypdfium2 import raw

    if document.formenv is None:
        document.init_forms()
    page = document[number]
    try:
        values = _values(document, page, fields)
        if values:
            raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
        if page.get_rotation():
            fields.unread += len(fields.boxes)
            fields.boxes.clear()
            fields.filled.clear()
        return values
    finally:
        page.close()


def _values(document: PdfDocument, page: PdfPage, fields: Fields) -> list[str]:
    from pypdfium2 import raw

    written = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
    values: list[str] = []
    for place in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_FIELDS) - 1, -1, -1):
        annotation = raw.FPDFPage_GetAnnot(page, place)
        kind = raw.FPDFAnnot_GetFormFieldType(document.formenv, annotation)
        value = _value(document, annotation) if kind in written else ""
        if value.strip():
            values.append(value)
            fields.filled.append(_area(annotation))
        elif kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
            fields.boxes.append((_area(annotation), bool(raw.FPDFAnnot_IsChecked(document.formenv, annotation))))
        raw.FPDFPage_CloseAnnot(annotation)
        if not value.strip():
            raw.FPDFPage_RemoveAnnot(page, place)
    return values


def _value(document: PdfDocument, annotation: Any) -> str:  # noqa: ANN401 - pdfium has no types
    from pypdfium2 import raw

    length = raw.FPDFAnnot_GetFormFieldValue(document.formenv, annotation, None, 0)
    if not 2 < length <= _LONGEST:
        return ""
    letters = (ctypes.c_ushort * (length // 2))()
    raw.FPDFAnnot_GetFormFieldValue(document.formenv, annotation, letters, length)
    return bytes(letters)[:-2].decode("utf-16-le", "replace")


def _area(annotation: Any) -> Area:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    place = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, place)
    return Area(place.left, place.bottom, place.right, place.top)


def _missing(page: PdfPage, values: list[str]) -> int:
    """How many values the page does not show as the file has them."""
    if not values:
        return 0
    letters = page.get_textpage()
    shown = "".join(str(letters.get_text_range()).split())
    letters.close()
    return sum("".join(value.split()) not in shown for value in values)

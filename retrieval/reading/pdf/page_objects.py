"""
The objects of a PDF page, those inside form objects included.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfDocument, PdfPage

    Point = tuple[float, float]

MOST_OBJECTS: Final = 50_000  # per page; maps and drawings have more, and no tables
_MOST_ANNOTATIONS = 200  # per page
_LONGEST_NOTE = 400  # bytes of an annotation that is read
_DEEPEST = 4  # form objects within form objects


class Matrix(NamedTuple):
    """An affine transformation, as the PDF reference writes it."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def moved(self, x: float, y: float) -> Point:
        """Where a point comes to stand."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, other: Matrix) -> Matrix:
        """This transformation and another one after it."""
        (a, b), (c, d), (e, f) = ((self.a, self.b), (self.c, self.d), (self.e, self.f))
        return Matrix(
            a * other.a + b * other.c,
            a * other.b + b * other.d,
            c * other.a + d * other.c,
            c * other.b + d * other.d,
            *other.moved(e, f),
        )


_IDENTITY = Matrix(1, 0, 0, 1, 0, 0)


def objects_of_page(page: PdfPage, kinds: frozenset[int]) -> Iterator[tuple[Any, Matrix]]:
    """The objects of these kinds, each with its form's matrix; none if too many."""
    from pypdfium2 import raw

    count = raw.FPDFPage_CountObjects(page)
    if count <= MOST_OBJECTS:
        for place in range(count):
            yield from _objects(raw.FPDFPage_GetObject(page, place), kinds, _IDENTITY, 0)


def matrix_of(shape: Any) -> Matrix:  # noqa: ANN401 - pdfium has no types
    """An object's own matrix."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX(*_IDENTITY)
    raw.FPDFPageObj_GetMatrix(shape, matrix)
    return Matrix(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def annotated_words(document: PdfDocument) -> Iterator[str]:
    """The words of stamps and notes on the pages, which are no text."""
    from pypdfium2 import raw

    for number in range(len(document)):
        page = document[number]
        for place in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
            annotation = raw.FPDFPage_GetAnnot(page, place)
            if raw.FPDFAnnot_GetSubtype(annotation) in (raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_FREETEXT):
                yield _contents(annotation)
            raw.FPDFPage_CloseAnnot(annotation)
        page.close()


def _contents(annotation: Any) -> str:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    length = raw.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    if not 2 < length <= _LONGEST_NOTE:
        return ""
    letters = (ctypes.c_ushort * (length // 2))()
    raw.FPDFAnnot_GetStringValue(annotation, b"Contents", letters, length)
    return bytes(letters)[:-2].decode("utf-16-le", "replace")


def _objects(shape: Any, kinds: frozenset[int], outer: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    kind = raw.FPDFPageObj_GetType(shape)
    if kind in kinds:
        yield shape, outer
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        inner = matrix_of(shape).then(outer)
        for place in range(min(raw.FPDFFormObj_CountObjects(shape), MOST_OBJECTS)):
            yield from _objects(raw.FPDFFormObj_GetObject(shape, place), kinds, inner, depth + 1)

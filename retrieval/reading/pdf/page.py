"""
Pages of a PDF, turned upright.

pdfium gives coordinates before the page's rotation is applied, and from an origin that may lie anywhere. Such a page is
therefore rewritten once, so that "left" and "above" mean what the reader of the paper sees.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfDocument, PdfPage

_NEAR = 1.0  # points that the origin may be off the page's corner


@contextmanager
def upright_page(document: PdfDocument, number: int) -> Iterator[PdfPage]:
    """Open the page at an index, its rotation applied."""
    page = document[number]
    left, bottom, *_ = page.get_bbox()
    if page.get_rotation() or max(abs(left), abs(bottom)) > _NEAR:
        _turn(page)
        page.close()
        page = document[number]
    try:
        yield page
    finally:
        page.close()


def _turn(page: PdfPage) -> None:
    """Write the rotation into the page's content."""
    from pypdfium2 import raw

    left, bottom, right, top = page.get_bbox()
    matrix = {
        0: (1, 0, 0, 1, -left, -bottom),
        90: (0, -1, 1, 0, -bottom, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }[page.get_rotation()]
    width, height = page.get_size()
    raw.FPDFPage_TransFormWithClip(page, raw.FS_MATRIX(*matrix), None)
    page.set_rotation(0)
    for box in (page.set_mediabox, page.set_cropbox):
        box(0, 0, width, height)

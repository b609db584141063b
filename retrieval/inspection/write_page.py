"""
Write the page of HTML of one file.

Its pages are laid out a few at a time, so that a long file fits the memory.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retrieval.inspection.page_of_html import HtmlPage
from retrieval.private_file import make_private_file
from retrieval.reading.layout.page_layout import LayoutRequest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.reading.document import Document
    from retrieval.reading.layout.page_layout import PageLayout
    from retrieval.reading.sandbox.process import Sandbox

MAX_IMAGES: Final = 100  # pages that are drawn
MAX_IMAGE_BYTES: Final = 24 * 1024 * 1024  # of all of them; in HTML they take a third more
_DRAWN_AT_ONCE: Final = 8  # pages of one request
_UNDRAWN_AT_ONCE: Final = 64


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """What was written: pages of the file, how many of them are drawn, paragraphs."""

    pages: int
    drawn: int
    paragraphs: int


def write_html_page(
    document: Document, data: bytes, sandbox: Sandbox, target: Path, *, images: int = MAX_IMAGES
) -> WrittenPage:
    """
    Write the page of a document to `target`, in one step.

    Args:
        data: the bytes that the document was read from.
        images: how many pages are drawn at most.

    Raises:
        DocumentError: a page cannot be laid out.
        OSError: the file cannot be written.
    """
    page = HtmlPage(document)
    pages = drawn = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as body:
        source_text: PageLayout | None = None
        for pages, layout in _layouts(data, document.source, sandbox, images):
            drawn += bool(layout.image)
            source_text = None if pages else layout
            body.writelines(page.page(layout) if pages else ())
        body.writelines(() if pages else page.flow(source_text))
        body.seek(0)
        partial = target.with_name(f"{target.name}.partial")
        try:
            make_private_file(partial)  # it holds the document's text
            with partial.open("w", encoding="utf-8", errors="replace") as out:
                out.writelines(page.head(pages, drawn))
                shutil.copyfileobj(body, out)
                out.write(page.foot())
            partial.replace(target)
        except BaseException:
            with suppress(OSError):
                partial.unlink()
            raise
    return WrittenPage(pages, drawn, len(page.paragraphs))


def _layouts(data: bytes, source: str, sandbox: Sandbox, images: int) -> Iterator[tuple[int, PageLayout]]:
    """Every page, with how many there are; the first ones drawn, until they are enough."""
    first, pages = 1, 1
    size = 0
    while first <= pages:
        draws = first <= images and size < MAX_IMAGE_BYTES
        last = min(images, first + _DRAWN_AT_ONCE - 1) if draws else first + _UNDRAWN_AT_ONCE - 1
        found = sandbox.layout(data, source, LayoutRequest(first, last, draws))
        pages, first = found.pages, last + 1
        for layout in found.layouts:
            size += len(layout.image)
            yield pages, layout

"""
Show the page of a quote as an image, in the desktop's viewer.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from retrieval.errors import PagelessError
from retrieval.reading.sandbox.process import Sandbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from retrieval.answering.quote import Quote
    from retrieval.reading.pdf.page_image import PageImage
    from retrieval.retriever import Retriever

_SECONDS = 60.0  # limit for drawing a paragraph's pages
_STEM = 50  # characters of a file name, at most four bytes each
UNMARKED = "the paragraph's place on the page is not certain, so nothing is marked"


def open_quote(console: Console, retriever: Retriever, quote: Quote) -> None:
    """
    Draw the pages of a quote, print their paths and open the viewer.

    The images go into a new temporary folder. For a format without pages, prints the reason and the file instead.
    """
    try:
        with Sandbox(seconds=_SECONDS) as sandbox:
            images = retriever.page_images(quote, sandbox=sandbox)
    except PagelessError as error:
        _print(console, str(error))
        return
    files = _write_images(images, quote)
    for image, file in zip(images, files, strict=True):
        _print(console, f"page {image.page}: {file}")
    if not all(image.marked for image in images):
        _print(console, UNMARKED)
    _open_in_viewer(files)


def _write_images(images: Sequence[PageImage], quote: Quote) -> list[Path]:
    folder = Path(tempfile.mkdtemp(prefix="trichdan-"))  # not removed: a viewer may read it at any time
    stem = PurePath(quote.citation.source).stem[:_STEM]
    files = [folder / f"{stem}-{image.page}.png" for image in images]
    for image, file in zip(images, files, strict=True):
        file.write_bytes(image.png)
    return files


def _open_in_viewer(files: Sequence[Path]) -> None:
    """Start the viewer, if there is one, without waiting for it."""
    viewer = _find_viewer()
    silent = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in range(3)]
    for file in files if viewer else ():
        # In a process group of its own, so that Ctrl-C in the REPL does not close it.
        os.posix_spawn(viewer, [viewer, str(file)], os.environ, file_actions=silent, setpgroup=0)


def _find_viewer() -> str:
    if sys.platform == "darwin":
        return shutil.which("open") or ""
    has_desktop = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return (shutil.which("xdg-open") or "") if has_desktop else ""


def _print(console: Console, sentence: str) -> None:
    console.print(sentence, style="dim", markup=False, soft_wrap=True)

"""
Read scanned PDFs with tesseract, where it is installed.

A page with low confidence, or whose words belong to no language, is left out rather than quoted. Recognised text is not
what the file contains: every citation says so.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Final

from retrieval.errors import ScannedError, SizeError
from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable
from retrieval.reading.assembly.content import Metadata
from retrieval.reading.document import Unread
from retrieval.reading.pdf.lines import PdfLine
from retrieval.reading.pdf.reader import content_of_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdfium2 import PdfDocument

    from retrieval.reading.document import Content

LANGUAGE: Final = "vie"
PROGRAM: Final = "tesseract"
_MAX_PAGES = 300
_DPI = 300  # what tesseract is trained for
_MOST_PIXELS = 40_000_000  # per page; A4 has 9 million
_PAGE_SECONDS = 120  # a page takes about five, on a busy machine thirty
_SURE = 60.0  # of 100, mean over a page's characters; clean print has 90, a bad photograph 40
_WORDS = 0.5  # smallest share of words that are Vietnamese syllables, or ASCII with a vowel


@dataclass(frozen=True, slots=True)
class _Word:
    """A recognised word; pixels from the upper left corner, confidence from 0 to 100."""

    line: tuple[int, int, int]
    left: int
    top: int
    width: int
    height: int
    confidence: float
    text: str


def read_scan(data: bytes, source: str) -> Content:
    """Read a PDF of page images; ScannedError if tesseract is missing or nothing is legible."""
    import pypdfium2

    program = _program(source)
    document = pypdfium2.PdfDocument(data)
    try:
        if len(document) > _MAX_PAGES:
            raise SizeError(
                f"a scanned PDF has at most {_MAX_PAGES} pages, {source} has {len(document)}: split it into several"
            )
        pages = [_page(document, number, program) for number in range(len(document))]
    finally:
        document.close()
    unread = tuple(Unread("page", page=number) for number, page in enumerate(pages, 1) if page is None)
    lines = [line for page in pages if page for line in page]
    if not lines:
        raise ScannedError(
            f"a scanned page is recognised surely enough to be quoted, none of the {len(pages)} of {source} was: "
            "scan it again, straight and at 300 dpi, or index the original document"
        )
    size = median(line.size for line in lines)  # the height of a line's box depends on its letters
    content = content_of_lines([replace(line, size=size) for line in lines], Metadata(), origin="ocr")
    return replace(content, unread=unread)


def _program(source: str) -> str:
    program = shutil.which(PROGRAM)
    try:
        languages = _run(program, "--list-langs").split() if program else []
    except (OSError, subprocess.SubprocessError) as error:
        raise ScannedError(
            f"the text of a scanned PDF is recognised by {PROGRAM}, which does not run ({type(error).__name__}), "
            f"{source} needs it: install {PROGRAM}-ocr and {PROGRAM}-ocr-{LANGUAGE} again"
        ) from error
    if program is None or LANGUAGE not in languages:
        lacking = "is not installed" if program is None else f"has no language {LANGUAGE!r}"
        raise ScannedError(
            f"the text of a scanned PDF is recognised by {PROGRAM}, which {lacking}, {source} needs it: install "
            f"{PROGRAM}-ocr and {PROGRAM}-ocr-{LANGUAGE}"
        )
    return program


def _run(program: str, *arguments: str, given: bytes = b"") -> str:
    ended = subprocess.run(  # noqa: S603 - the program is found on the operator's own path
        [program, *arguments],
        input=given,
        capture_output=True,
        timeout=_PAGE_SECONDS,
        check=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # its threads cost more than they gain
    )
    return ended.stdout.decode("utf-8", "replace")


def _page(document: PdfDocument, number: int, program: str) -> list[PdfLine] | None:
    """The lines of a page, [] if blank; None if confidence is too low."""
    page = document[number]
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    picture = page.render(scale=scale, grayscale=True)
    rows = picture.to_numpy().reshape(picture.height, -1)[:, : picture.width]
    given = b"P5 %d %d 255\n" % (picture.width, picture.height) + rows.tobytes()
    page.close()
    try:
        table = _run(program, "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(round(72 * scale)), "tsv", given=given)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    words = words_of_table(table)
    return lines_of_words(words, number + 1, height, scale) if is_legible(words) else None


def words_of_table(table: str) -> list[_Word]:
    """Parse tesseract's TSV; words are the rows of level 5."""
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        _Word(
            (int(row["block_num"]), int(row["par_num"]), int(row["line_num"])),
            left=int(row["left"]),
            top=int(row["top"]),
            width=int(row["width"]),
            height=int(row["height"]),
            confidence=float(row["conf"]),
            text=row["text"].strip(),
        )
        for row in rows
        if row["level"] == "5" and (row["text"] or "").strip()
    ]


def is_legible(words: Sequence[_Word]) -> bool:
    """Whether a page was recognised with enough confidence; a blank page was."""
    if not words:
        return True
    letters = sum(len(word.text) for word in words)
    sure = sum(word.confidence * len(word.text) for word in words) / letters
    lettered = [stripped for word in words if (stripped := word.text.strip(".,;:!?()[]\"'“”-–")).isalpha()]
    return sure >= _SURE and sum(map(_is_word, lettered)) >= _WORDS * len(lettered)


def lines_of_words(words: Sequence[_Word], page: int, height: float, scale: float) -> list[PdfLine]:
    """Group words into lines with coordinates in points, as native text has."""
    lines: list[PdfLine] = []
    for _, group in groupby(words, lambda word: word.line):
        line = list(group)
        bottom = max(word.top + word.height for word in line)
        lines.append(
            PdfLine(
                text=" ".join(word.text for word in line),
                page=page,
                left=line[0].left / scale,
                right=max(word.left + word.width for word in line) / scale,
                baseline=height - bottom / scale,
                size=median(word.height for word in line) / scale,
                bold=False,
                height=height,
            )
        )
    return lines


def _is_word(word: str) -> bool:
    bare = fold(word)
    return is_syllable(bare) or (word.isascii() and len(word) > 1 and not set(bare).isdisjoint("aeiouy"))

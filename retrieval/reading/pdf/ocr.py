"""
Read scanned pages with tesseract, where it is installed.

A page with low confidence, or whose words belong to no language, is left out rather than quoted. Recognised text is not
what the file contains: every citation says so.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, replace
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING

from retrieval.code_digest import program_digest
from retrieval.errors import ScannedError, SizeError
from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable
from retrieval.reading.assembly.content import Metadata
from retrieval.reading.document import OcrConfidence, Unread
from retrieval.reading.pdf.legacy_font import legacy_fonts_of_pdf
from retrieval.reading.pdf.lines import PdfLine
from retrieval.reading.pdf.pictures import (
    MAX_PAGES,
    frame_count,
    is_picture_file,
    pictures_of_file,
    pictures_of_pdf,
)
from retrieval.reading.pdf.reader import content_of_lines, margins_of, opened_pdf, sheets_of, unread_of
from retrieval.reading.pdf.scans import lines_beside_scans, pages_to_recognise
from retrieval.reading.pdf.tesseract import Tesseract, installed_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrieval.reading.document import Content
    from retrieval.reading.pdf.pictures import Picture

_CODE = tuple(f"reading/pdf/{name}.py" for name in ("ocr", "page", "pictures", "tesseract"))
_LIBRARIES = ("pillow", "pypdfium2")
_SURE = 60.0  # of 100, mean over a page's characters; clean print has 90, a bad photograph 40
_FEWEST = 5  # words of a page that need not be turned
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


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """Tesseract's table of a page as it stands upright, in pixels; "" if it failed."""

    table: str
    height: float  # of the paper, in points
    scale: float  # pixels per point
    turned: int = 0  # degrees clockwise that the file's page was turned by

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as tesseract states them."""
        first = next(row for row in rows_of_table(self.table) if row["level"] == "1")
        return max(1, int(first["width"])), max(1, int(first["height"]))


@dataclass(slots=True)
class Recognition:
    """Recognised pages by number, and whether tesseract may run for others."""

    pages: dict[int, RecognisedPage] = field(default_factory=dict)
    version: str = ""  # of tesseract and of our code around it
    runs: bool = True

    def missing(self, numbers: Iterable[int]) -> list[int]:
        """The indexes of pages to recognise: all, if the program has changed."""
        if self.runs and self.pages and installed_version() and self.version != _version():
            self.pages.clear()
        return [number for number in numbers if number + 1 not in self.pages] if self.runs else []

    def extend(self, pictures: Iterable[tuple[int, Picture]], source: str) -> None:
        """Recognise pages; one that tesseract fails on is tried again next time."""
        tesseract: Tesseract | None = None
        for number, picture in pictures:
            tesseract = tesseract or Tesseract.found(source)
            page = _recognise(picture, tesseract)
            if page.table:
                self.pages[number + 1] = page
        self.version = _version() if tesseract else self.version

    def lines(self, numbers: Iterable[int]) -> dict[int, list[PdfLine] | None]:
        """The lines of each page by its number; None if they cannot be quoted."""
        return {number + 1: _lines(number + 1, self.pages.get(number + 1)) for number in numbers}

    def confidence(self, numbers: Iterable[int]) -> OcrConfidence | None:
        """How sure these pages' words are; None if none can be quoted."""
        known = {number + 1: self.pages[number + 1] for number in numbers if number + 1 in self.pages}
        found = {number: words_of_table(page.table) for number, page in known.items()}
        legible = {number: words for number, words in found.items() if words and is_legible(words)}
        if not legible:
            return None
        lowest, page = min((mean_confidence(words), number) for number, words in legible.items())
        whole = mean_confidence([word for words in legible.values() for word in words])
        return OcrConfidence(round(whole, 1), round(lowest, 1), page)


def read_scan(data: bytes, source: str, recognition: Recognition | None = None) -> Content:
    """
    Read a PDF or picture file with scanned pages, added to `recognition`.

    ScannedError if tesseract is missing or nothing is legible.
    """
    recognition = recognition or Recognition()
    if is_picture_file(source):
        numbers = list(range(frame_count(data, source)))
        recognition.extend(pictures_of_file(data, source, recognition.missing(numbers)), source)
        content = _content([], recognition.lines(numbers), source)
        return replace(content, ocr_confidence=recognition.confidence(numbers))
    with opened_pdf(data, source) as document:
        sheets = sheets_of(document, legacy_fonts_of_pdf(document))
        scanned = pages_to_recognise(sheets)
        if len(scanned) > MAX_PAGES:
            raise SizeError(
                f"a PDF has at most {MAX_PAGES} scanned pages, {source} has {len(scanned)}: split it into several"
            )
        numbers = sorted(scanned)
        recognition.extend(pictures_of_pdf(document, recognition.missing(numbers)), source)
        content = _content(lines_beside_scans(sheets, scanned), recognition.lines(numbers), source)
        unread = (*content.unread, *unread_of(sheets, ()))
        confidence = recognition.confidence(numbers)
        margins = (*content.margins, *margins_of(document, sheets, scanned))
        return replace(content, unread=unread, ocr_confidence=confidence, margins=margins)


def _content(native: Sequence[PdfLine], pages: Mapping[int, list[PdfLine] | None], source: str) -> Content:
    """Put recognised pages between the others."""
    lines = [line for page in pages.values() for line in page or ()]
    if not lines:
        raise ScannedError(
            f"a scanned page is recognised surely enough to be quoted, none of the {len(pages)} of {source} was: "
            "scan it again, straight and at 300 dpi, or index the original document"
        )
    size = median(line.size for line in lines)  # the height of a line's box depends on its letters
    whole = sorted([*native, *(replace(line, size=size) for line in lines)], key=lambda line: line.page)
    unread = tuple(Unread("page", page=number) for number, page in pages.items() if page is None)
    return replace(content_of_lines(whole, Metadata(), origin="ocr"), unread=unread)


def _version() -> str:
    """What recognises pages: tesseract's version and a digest of the code around it."""
    return f"{installed_version()} {program_digest(_CODE, _LIBRARIES)}"


def _recognise(picture: Picture, tesseract: Tesseract) -> RecognisedPage:
    """Recognise a page, turned upright where that makes it legible."""
    page = RecognisedPage(tesseract.table(picture.pixels, picture.dpi), picture.height, picture.scale)
    words = words_of_table(page.table)
    if len(words) >= _FEWEST and is_legible(words):
        return page
    rotation = tesseract.rotation(picture.pixels, picture.dpi)
    if not rotation:
        return page
    upright = picture.turned(rotation)
    table = tesseract.table(upright.pixels, upright.dpi)
    turned = RecognisedPage(table, upright.height, upright.scale, rotation)
    found = words_of_table(turned.table)
    return turned if len(found) >= max(_FEWEST, len(words)) and is_legible(found) else page


def words_of_table(table: str) -> list[_Word]:
    """Parse tesseract's TSV; words are the rows of level 5."""
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
        for row in rows_of_table(table)
        if row["level"] == "5" and (row["text"] or "").strip()
    ]


def rows_of_table(table: str) -> Iterable[dict[str, str]]:
    """The rows of tesseract's TSV: pages, blocks, lines and words."""
    return csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)


def is_legible(words: Sequence[_Word]) -> bool:
    """Whether a page was recognised with enough confidence; a blank page was."""
    if not words:
        return True
    lettered = [stripped for word in words if (stripped := word.text.strip(".,;:!?()[]\"'“”-–")).isalpha()]
    return mean_confidence(words) >= _SURE and sum(map(_is_word, lettered)) >= _WORDS * len(lettered)


def mean_confidence(words: Sequence[_Word]) -> float:
    """The mean of the words' confidences, each weighted by its letters."""
    return sum(word.confidence * len(word.text) for word in words) / sum(len(word.text) for word in words)


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


def _lines(number: int, page: RecognisedPage | None) -> list[PdfLine] | None:
    words = words_of_table(page.table) if page else []
    return lines_of_words(words, number, page.height, page.scale) if page and is_legible(words) else None


def _is_word(word: str) -> bool:
    bare = fold(word)
    return is_syllable(bare) or (word.isascii() and len(word) > 1 and not set(bare).isdisjoint("aeiouy"))

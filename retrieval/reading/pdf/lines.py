"""
The lines of a PDF page: text, position, size and weight.

Only this module and `characters` speak to pdfium. What the lines mean is decided from these numbers alone.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from retrieval.reading.assembly.content import in_one_line
from retrieval.reading.assembly.table_rows import row_text
from retrieval.reading.pdf.characters import (
    HYPHEN,
    SMALLER,
    Character,
    font_name,
    font_size,
    visible_characters,
    visual_lines,
)
from retrieval.reading.pdf.form_lines import with_fields
from retrieval.reading.pdf.line_breaks import join_lines
from retrieval.reading.pdf.tables.cells import RuledRow, split_at_rules
from retrieval.reading.pdf.tables.grid import grids_of
from retrieval.reading.pdf.tables.rules import rules_of_page

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

    from retrieval.reading.pdf.form_fields import Fields
    from retrieval.reading.pdf.legacy_font import PdfLegacyFonts

_SUPERSCRIPTS = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_RAISED = 0.12  # of the line's size: smallest rise of a superscript digit
_BOLD = 600  # of 1000: weights from here look bold
_SPACED = 0.7  # smallest share of one-letter words in a letter-spaced heading
_SLANT = 2.0  # degrees that an upright line may be tilted
_TILT = 10.0  # degrees that a line of text may be tilted, in a crooked scan
_GAP = 0.4  # of the font size: smallest gap between cells; a space is at most a third


@dataclass(frozen=True, slots=True)
class Cell:
    """The text between two gaps or of a ruled cell; points from the left edge."""

    text: str
    left: float
    right: float
    rows: int = 1  # of a ruled table, over which it extends
    bold: bool = False  # in a ruled table; true of an empty cell


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of text or row of a ruled table; points from the lower left."""

    text: str
    page: int
    left: float
    right: float
    baseline: float
    size: float  # of the letters, in points
    bold: bool
    height: float  # of the paper
    cells: tuple[Cell, ...] = ()  # two or more, where gaps part the line
    is_row: bool = False  # of a table
    columns: tuple[float, ...] = ()  # of a ruled table: the edges of its columns
    is_turned: bool = False  # slanted or upright along an edge, as a stamp or a running head is


class Box(NamedTuple):
    """A rectangle in points from the left and lower edge of the unrotated page."""

    left: float
    bottom: float
    right: float
    top: float


def lines_of_page(
    page: PdfPage, number: int, legacy: PdfLegacyFonts | None = None, fields: Fields | None = None
) -> list[PdfLine]:
    """The lines of a page in file order, legacy fonts converted; ruled rows as lines."""
    return [line for line, _ in lines_with_boxes(page, number, legacy, fields, boxed=False)]


def lines_with_boxes(
    page: PdfPage,
    number: int,
    legacy: PdfLegacyFonts | None = None,
    fields: Fields | None = None,
    *,
    boxed: bool = True,
) -> list[tuple[PdfLine, Box | None]]:
    """
    The same lines, each with its bounding box.

    None for a slanted line, whose box would cover other text, and for one without visible characters.
    """
    grids = grids_of(rules_of_page(page))
    textpage = page.get_textpage()
    try:
        height = page.get_height()
        found: list[tuple[PdfLine, Box | None]] = []
        lines = visual_lines(textpage, legacy)
        if fields is not None and (fields.filled or fields.boxes):
            lines = with_fields(textpage, lines, fields)
        for part in split_at_rules(lines, grids):
            letters, line = _read(textpage, part, number, height)
            found.append((line, _box(textpage, letters) if boxed else None))
        return found
    finally:
        textpage.close()


def _read(
    textpage: Any,  # noqa: ANN401 - pypdfium2 has no types
    part: list[Character] | RuledRow,
    page: int,
    height: float,
) -> tuple[list[Character], PdfLine]:
    """A line or a row, and its characters."""
    if isinstance(part, list):
        return part, _line(textpage, part, page, height)
    return (
        [letter for cell in part.cells for line in cell.lines for letter in line],
        _row(textpage, part, page, height),
    )


def _row(textpage: Any, row: RuledRow, page: int, height: float) -> PdfLine:  # noqa: ANN401 - as above
    cells: list[Cell] = []
    sizes: list[float] = []
    for cell in row.cells:
        lines = [_line(textpage, line, page, height) for line in cell.lines]
        sizes += [line.size for line in lines]
        words = join_lines(line.text for line in lines)
        is_bold = all(line.bold for line in lines)
        cells.append(Cell(words, cell.left, cell.right, cell.rows, is_bold))
    return PdfLine(
        text=row_text([cell.text for cell in cells]),
        page=page,
        left=cells[0].left,
        right=cells[-1].right,
        baseline=row.bottom,
        size=median(sizes),
        bold=all(cell.bold for cell in cells),
        height=height,
        cells=tuple(cells),
        is_row=True,
        columns=row.columns,
    )


def _line(textpage: Any, line: list[Character], page: int, height: float) -> PdfLine:  # noqa: ANN401 - as above
    seen = visible_characters(line)
    first, last = (textpage.get_charbox(letter.place) for letter in (seen[0], seen[-1]))
    sample = seen[:: max(1, len(seen) // 7)]
    size = median(font_size(textpage, letter.place) for letter in sample)
    foot = median(letter.y for letter in sample)
    line = [_as_superscript(textpage, letter, size, foot) for letter in line]
    parts = _cells_of(textpage, line, size)
    return PdfLine(
        text=_words(textpage, line),
        page=page,
        left=first[0],
        right=last[2],
        baseline=seen[0].y,
        size=size,
        bold=Counter(_is_bold(textpage, letter.place) for letter in sample).most_common(1)[0][0],
        height=height,
        cells=tuple(_cell(textpage, part) for part in parts) if len(parts) > 1 else (),
        is_turned=_is_turned(textpage, seen),
    )


def _box(textpage: Any, line: list[Character]) -> Box | None:  # noqa: ANN401 - as above
    boxes = [
        Box(*textpage.get_charbox(letter.place))
        for letter in line
        if not letter.char.isspace() and _is_upright(textpage, letter.place)
    ]
    boxes = [box for box in boxes if box.right > box.left and box.top > box.bottom]
    if len(boxes) < 0.9 * sum(not letter.char.isspace() for letter in line):
        return None
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return Box(min(lefts), min(bottoms), max(rights), max(tops))


def _is_turned(textpage: Any, seen: list[Character]) -> bool:  # noqa: ANN401 - as above
    """Whether a line is not horizontal."""
    from pypdfium2 import raw

    middle = seen[len(seen) // 2]
    off = math.degrees(raw.FPDFText_GetCharAngle(textpage, middle.place)) % 180
    return min(off, 180 - off) > _TILT


def _is_upright(textpage: Any, place: int) -> bool:  # noqa: ANN401 - as above
    """Whether a character is parallel to an edge of the page."""
    from pypdfium2 import raw

    off = math.degrees(raw.FPDFText_GetCharAngle(textpage, place)) % 90
    return min(off, 90 - off) <= _SLANT


def _cells_of(textpage: Any, line: list[Character], size: float) -> list[list[Character]]:  # noqa: ANN401 - as above
    """Split a line at gaps that are wider than a space."""
    parts: list[list[Character]] = [[]]
    last: Character | None = None
    for letter in line:
        if letter.char.isspace() or letter.char == HYPHEN:
            parts[-1].append(letter)
            continue
        if last is not None and letter.x - last.x > _GAP * size:
            gap = letter.x - textpage.get_charbox(last.place, loose=True)[2]
            parts += [[]] if gap > _GAP * size else []
        parts[-1].append(letter)
        last = letter
    return parts


def _cell(textpage: Any, part: list[Character]) -> Cell:  # noqa: ANN401 - as above
    seen = visible_characters(part)
    first, last = (textpage.get_charbox(letter.place) for letter in (seen[0], seen[-1]))
    return Cell(_words(textpage, part), first[0], last[2])


def _as_superscript(textpage: Any, letter: Character, size: float, foot: float) -> Character:  # noqa: ANN401 - as above
    """Turn a small raised digit into a superscript: "2022¹" must not become "20221"."""
    if letter.char not in _SUPERSCRIPTS or letter.y < foot + _RAISED * size:
        return letter
    is_small = font_size(textpage, letter.place) <= SMALLER * size
    return letter._replace(char=_SUPERSCRIPTS[letter.char]) if is_small else letter


def _is_bold(textpage: Any, place: int) -> bool:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    return "bold" in font_name(textpage, place).lower() or raw.FPDFText_GetFontWeight(textpage, place) >= _BOLD


def _words(textpage: Any, line: list[Character]) -> str:  # noqa: ANN401 - as above
    text = "".join(letter.char for letter in line)
    words = text.split()
    single = sum(len(word) == 1 and word.isalpha() for word in words)
    is_spaced = len(words) >= 4 and single >= _SPACED * len(words)
    kept = _join_spaced(textpage, line) if is_spaced else text
    return in_one_line(kept.rstrip(HYPHEN)) + (HYPHEN if text.rstrip().endswith(HYPHEN) else "")


def _join_spaced(textpage: Any, line: list[Character]) -> str:  # noqa: ANN401 - as above
    """
    Join a letter-spaced line to words at its wider gaps.

    Example: "C Ộ N G  H Ò A" -> "CỘNG HÒA"
    """
    seen = [letter for letter in line if not letter.char.isspace()]
    boxes = [textpage.get_charbox(letter.place) for letter in seen]
    gaps = [after[0] - before[2] for before, after in pairwise(boxes)]
    wide = 1.6 * max(median(gaps), 0.1)
    parts = [seen[0].char]
    for letter, gap in zip(seen[1:], gaps, strict=True):
        parts += [" ", letter.char] if gap > wide else [letter.char]
    return "".join(parts)

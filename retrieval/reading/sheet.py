"""
The Sheet: one page of a PDF as lines, each with its words, its place on the paper, its size and its weight.

Apart from `pdf` because only this file speaks to pdfium; what the lines mean is told from these numbers alone.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from retrieval.reading.composition import in_one_line
from retrieval.reading.pdffont import in_unicode_letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfPage

    from retrieval.reading.legacy import Legacy

HYPHEN = "\u00ad"  # at a line's end: a hyphen of the word's own, or where the typesetter divided it
_SOFT = 0xAD  # within a line the paper shows it as any hyphen, "2011-2013"
_DIVIDED = (0x02, 0xFFFE)  # what pdfium gives in a hyphen's place there
_HALVES = range(0xD800, 0xE000)  # of letters beyond the first plane, which pdfium gives in two; left out
_SUPERSCRIPTS = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_SMALLER = 0.85  # of the line's letters, at most, and
_RAISED = 0.12  # of their size, at least: a superscript
_BOLD = 600  # of 1000: the weight from which letters look bold
_SPACED = 0.7  # of the words are single letters: a heading set with wide letters
_SLANT = 2.0  # degrees that an upright line may be off


@dataclass(frozen=True, slots=True)
class SheetLine:
    """Words of one line; points from the paper's left and lower edge."""

    text: str
    page: int
    left: float
    right: float
    baseline: float
    size: float  # of the letters, in points
    bold: bool
    height: float  # of the paper


class Box(NamedTuple):
    """A rectangle on the paper, in points from the left and lower edge of what is not turned."""

    left: float
    bottom: float
    right: float
    top: float


class _Letter(NamedTuple):
    char: str
    place: int


def lines_of_page(page: PdfPage, number: int, legacy: Legacy | None = None) -> list[SheetLine]:
    """The lines of a page in the order in which the file writes them; those in a legacy font in Unicode."""
    letters = page.get_textpage()
    try:
        height = page.get_height()
        return [_line(letters, line, number, height) for line in _seen_lines(letters, legacy)]
    finally:
        letters.close()


def boxed_lines_of_page(page: PdfPage, number: int, legacy: Legacy | None = None) -> list[tuple[SheetLine, Box | None]]:
    """
    The same lines, each with the box around its letters; None for one of which a box would cover other words too,
    because it runs aslant, or which has no letters of any size.
    """
    letters = page.get_textpage()
    try:
        height = page.get_height()
        return [(_line(letters, line, number, height), _box(letters, line)) for line in _seen_lines(letters, legacy)]
    finally:
        letters.close()


def _seen_lines(letters: Any, legacy: Legacy | None) -> Iterator[list[_Letter]]:  # noqa: ANN401 - pypdfium2 has no types
    for line in _raw_lines(letters, "-" if legacy is None else HYPHEN):
        if any(not letter.char.isspace() for letter in line):
            yield line if legacy is None else _in_unicode(line, legacy)


def _in_unicode(line: list[_Letter], legacy: Legacy) -> list[_Letter]:
    words = "".join(letter.char for letter in line)
    return [_Letter(char, line[place].place) for char, place in in_unicode_letters(words, legacy)]


def _raw_lines(letters: Any, soft: str) -> Iterator[list[_Letter]]:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    line: list[_Letter] = []
    for place in range(letters.count_chars()):
        code = raw.FPDFText_GetUnicode(letters, place)
        if code in (0x0A, 0x0D):
            yield line
            line = []
        elif code in _DIVIDED:  # pdfium gives no line break after it
            line.append(_Letter(HYPHEN, place))
            yield line
            line = []
        elif code == _SOFT:
            line.append(_Letter(soft, place))
        elif code and code not in _HALVES:
            line.append(_Letter(chr(code), place))
    yield line


def _line(letters: Any, line: list[_Letter], page: int, height: float) -> SheetLine:  # noqa: ANN401 - as above
    seen = [letter for letter in line if not letter.char.isspace() and letter.char != HYPHEN] or line
    first, last = (letters.get_charbox(letter.place) for letter in (seen[0], seen[-1]))
    sample = seen[:: max(1, len(seen) // 7)]
    size = median(_size(letters, letter.place) for letter in sample)
    foot = median(_baseline(letters, letter.place) for letter in sample)
    return SheetLine(
        text=_words(letters, [_as_set(letters, letter, size, foot) for letter in line]),
        page=page,
        left=first[0],
        right=last[2],
        baseline=_baseline(letters, seen[0].place),
        size=size,
        bold=Counter(_is_bold(letters, letter.place) for letter in sample).most_common(1)[0][0],
        height=height,
    )


def _box(letters: Any, line: list[_Letter]) -> Box | None:  # noqa: ANN401 - as above
    boxes = [
        Box(*letters.get_charbox(letter.place))
        for letter in line
        if not letter.char.isspace() and _is_upright(letters, letter.place)
    ]
    boxes = [box for box in boxes if box.right > box.left and box.top > box.bottom]
    if len(boxes) < 0.9 * sum(not letter.char.isspace() for letter in line):
        return None
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return Box(min(lefts), min(bottoms), max(rights), max(tops))


def _is_upright(letters: Any, place: int) -> bool:  # noqa: ANN401 - as above
    """Whether a letter stands or lies along an edge of the paper."""
    from pypdfium2 import raw

    off = math.degrees(raw.FPDFText_GetCharAngle(letters, place)) % 90
    return min(off, 90 - off) <= _SLANT


def _as_set(letters: Any, letter: _Letter, size: float, foot: float) -> _Letter:  # noqa: ANN401 - as above
    """The letter, a small raised digit as a superscript: note 1 after "2022" must not make it "20221"."""
    if letter.char not in _SUPERSCRIPTS or _baseline(letters, letter.place) < foot + _RAISED * size:
        return letter
    is_small = _size(letters, letter.place) <= _SMALLER * size
    return letter._replace(char=_SUPERSCRIPTS[letter.char]) if is_small else letter


def _size(letters: Any, place: int) -> float:  # noqa: ANN401 - as above
    """The size as it is seen: many producers set size 1 and enlarge it by the matrix, so the box is measured."""
    box = letters.get_charbox(place, loose=True)
    return float(round(abs(box[3] - box[1]), 1))


def _baseline(letters: Any, place: int) -> float:  # noqa: ANN401 - as above
    """Where the letter stands; its box would hang lower for a "g" or a dot below."""
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(letters, place, ctypes.byref(x), ctypes.byref(y))
    return float(y.value)


def _is_bold(letters: Any, place: int) -> bool:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    name = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(letters, place, name, len(name), ctypes.byref(ctypes.c_int()))
    return b"bold" in name.value.lower() or raw.FPDFText_GetFontWeight(letters, place) >= _BOLD


def _words(letters: Any, line: list[_Letter]) -> str:  # noqa: ANN401 - as above
    text = "".join(letter.char for letter in line)
    words = text.split()
    single = sum(len(word) == 1 and word.isalpha() for word in words)
    is_spaced = len(words) >= 4 and single >= _SPACED * len(words)
    kept = _closed_up(letters, line) if is_spaced else text
    return in_one_line(kept.rstrip(HYPHEN)) + (HYPHEN if text.rstrip().endswith(HYPHEN) else "")


def _closed_up(letters: Any, line: list[_Letter]) -> str:  # noqa: ANN401 - as above
    """
    A line of letters set apart, put together to words by the wider gaps between them.
    Example: "C Ộ N G  H Ò A" -> "CỘNG HÒA"
    """
    seen = [letter for letter in line if not letter.char.isspace()]
    boxes = [letters.get_charbox(letter.place) for letter in seen]
    gaps = [after[0] - before[2] for before, after in pairwise(boxes)]
    wide = 1.6 * max(median(gaps), 0.1)
    parts = [seen[0].char]
    for letter, gap in zip(seen[1:], gaps, strict=True):
        parts += [" ", letter.char] if gap > wide else [letter.char]
    return "".join(parts)

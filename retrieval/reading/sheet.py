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
from unicodedata import combining, normalize

from retrieval.reading.composition import in_one_line
from retrieval.reading.pdffont import in_unicode_letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
_SAME_LINE = 0.5  # of the letters' size: notes' markers stand no higher above their line
_ADJOINING = 0.6  # of the letters' size, between two stretches of one line; columns stand further apart
_FORWARD = 0.6  # of the letters stand to the right of the one before them, unless the paper lies upside down
_WORD_GAP = 0.12  # of the letters' size: a space is a quarter wide, and half of that where a line is squeezed
_HORN = "\u031b"  # of "ơ" and "ư", which reaches into the space behind them
_HORN_GAP = 0.03
_GAP = 0.4  # of the letters' size: what may part the cells of a table; a space is at most a third
_TWICE = 0.1  # of the letters' size: nothing but a letter over itself, to look bold, stands as close


@dataclass(frozen=True, slots=True)
class Cell:
    """The words between two gaps of a line; points from the paper's left edge."""

    text: str
    left: float
    right: float


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
    cells: tuple[Cell, ...] = ()  # two or more, where gaps part the line
    is_row: bool = False  # of a table


class Box(NamedTuple):
    """A rectangle on the paper, in points from the left and lower edge of what is not turned."""

    left: float
    bottom: float
    right: float
    top: float


class _Letter(NamedTuple):
    char: str
    place: int
    x: float
    y: float


def lines_of_page(page: PdfPage, number: int, legacy: Legacy | None = None) -> list[SheetLine]:
    """
    The lines of a page in the order in which the file writes them, each from left to right; those in a legacy font in
    Unicode.
    """
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


def _seen_lines(letters: Any, legacy: Legacy | None) -> list[list[_Letter]]:  # noqa: ANN401 - pypdfium2 has no types
    seen = [
        line if legacy is None else _in_unicode(line, legacy)
        for line in _raw_lines(letters, "-" if legacy is None else HYPHEN)
        if any(not letter.char.isspace() for letter in line)
    ]
    return _whole_lines(letters, seen)


def _in_unicode(line: list[_Letter], legacy: Legacy) -> list[_Letter]:
    words = "".join(letter.char for letter in line)
    return [line[place]._replace(char=char) for char, place in in_unicode_letters(words, legacy)]


def _raw_lines(letters: Any, soft: str) -> Iterator[list[_Letter]]:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    line: list[_Letter] = []
    for place in range(letters.count_chars()):
        code = raw.FPDFText_GetUnicode(letters, place)
        if code in (0x0A, 0x0D):
            yield line
            line = []
        elif code in _DIVIDED:  # pdfium gives no line break after it
            line.append(_Letter(HYPHEN, place, *_origin(letters, place)))
            yield line
            line = []
        elif code and code not in _HALVES:
            char = soft if code == _SOFT else chr(code)
            line.append(_Letter(char, place, *_origin(letters, place)))
    yield line


def _whole_lines(letters: Any, raw: Sequence[list[_Letter]]) -> list[list[_Letter]]:  # noqa: ANN401 - as above
    """
    The lines as the paper shows them. A note's marker ends pdfium's line, though the words go on behind it; letters
    that a font lacks are written from another font, behind the words that they belong into.
    """
    whole: list[list[_Letter]] = []
    for line in raw:
        if whole and _is_same_line(letters, whole[-1], line):
            whole[-1] = whole[-1] + line
        else:
            whole.append(line)
    return [_from_left_to_right(letters, line) for line in whole]


def _is_same_line(letters: Any, line: list[_Letter], following: list[_Letter]) -> bool:  # noqa: ANN401 - as above
    """Whether what follows stands among the letters of a line or close behind them."""
    ours, theirs = _visible(line), _visible(following)
    sizes = _size(letters, ours[0].place), _size(letters, theirs[0].place)
    size = max(sizes)
    is_raised = min(sizes) <= _SMALLER * size and theirs[0].y > ours[0].y
    if abs(ours[0].y - theirs[0].y) >= _SAME_LINE * size / (1 if is_raised else 2) or line[-1].char == HYPHEN:
        return False
    start, end = min(letter.x for letter in ours), max(letter.x for letter in ours)
    last = max(ours, key=lambda letter: letter.x)
    return start < theirs[0].x < letters.get_charbox(last.place, loose=True)[2] + _ADJOINING * size or (
        theirs[0].x < start < end < max(letter.x for letter in theirs)
    )


def _from_left_to_right(letters: Any, line: list[_Letter]) -> list[_Letter]:  # noqa: ANN401 - as above
    """The letters in the order of their places where the file has another; gaps are then spaces, too."""
    from pypdfium2 import raw

    seen = _visible(line)
    size = _size(letters, seen[0].place)
    steps = [after.x - before.x for before, after in pairwise(seen) if not combining(after.char)]
    is_level = all(abs(letter.y - seen[0].y) < _SAME_LINE * size for letter in seen)
    if (
        not any(step < -_TWICE * size for step in steps)
        or not is_level
        or sum(step > 0 for step in steps) < _FORWARD * len(steps)
    ):
        return line
    ordered: list[_Letter] = []
    end = seen[0].x
    spaces = [
        letter for letter in line if letter.char.isspace() and not raw.FPDFText_IsGenerated(letters, letter.place)
    ]
    for letter in sorted([*_with_marks(seen), *spaces], key=lambda letter: letter.x):
        if ordered and letter.char == ordered[-1].char and letter.x - ordered[-1].x < _TWICE * size:
            continue
        gap = _HORN_GAP if ordered and _HORN in normalize("NFD", ordered[-1].char) else _WORD_GAP
        if ordered and letter.x - end > gap * size:
            ordered.append(letter._replace(char=" "))
        ordered.append(letter)
        end = letters.get_charbox(letter.place, loose=True)[2]
    return ordered


def _with_marks(seen: list[_Letter]) -> list[_Letter]:
    """The letters, each in one with the combining marks behind it, which stand above or before it on the paper."""
    joined: list[_Letter] = []
    for letter in seen:
        if joined and combining(letter.char):
            joined[-1] = joined[-1]._replace(char=joined[-1].char + letter.char)
        else:
            joined.append(letter)
    return joined


def _visible(line: list[_Letter]) -> list[_Letter]:
    return [letter for letter in line if not letter.char.isspace() and letter.char != HYPHEN] or line


def _line(letters: Any, line: list[_Letter], page: int, height: float) -> SheetLine:  # noqa: ANN401 - as above
    seen = _visible(line)
    first, last = (letters.get_charbox(letter.place) for letter in (seen[0], seen[-1]))
    sample = seen[:: max(1, len(seen) // 7)]
    size = median(_size(letters, letter.place) for letter in sample)
    foot = median(letter.y for letter in sample)
    line = [_as_set(letters, letter, size, foot) for letter in line]
    parts = _parted(letters, line, size)
    return SheetLine(
        text=_words(letters, line),
        page=page,
        left=first[0],
        right=last[2],
        baseline=seen[0].y,
        size=size,
        bold=Counter(_is_bold(letters, letter.place) for letter in sample).most_common(1)[0][0],
        height=height,
        cells=tuple(_cell(letters, part) for part in parts) if len(parts) > 1 else (),
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


def _parted(letters: Any, line: list[_Letter], size: float) -> list[list[_Letter]]:  # noqa: ANN401 - as above
    """The letters between the gaps of a line that no single space makes."""
    parts: list[list[_Letter]] = [[]]
    last: _Letter | None = None
    for letter in line:
        if letter.char.isspace() or letter.char == HYPHEN:
            parts[-1].append(letter)
            continue
        if last is not None and letter.x - last.x > _GAP * size:
            gap = letter.x - letters.get_charbox(last.place, loose=True)[2]
            parts += [[]] if gap > _GAP * size else []
        parts[-1].append(letter)
        last = letter
    return parts


def _cell(letters: Any, part: list[_Letter]) -> Cell:  # noqa: ANN401 - as above
    seen = _visible(part)
    first, last = (letters.get_charbox(letter.place) for letter in (seen[0], seen[-1]))
    return Cell(_words(letters, part), first[0], last[2])


def _as_set(letters: Any, letter: _Letter, size: float, foot: float) -> _Letter:  # noqa: ANN401 - as above
    """The letter, a small raised digit as a superscript: note 1 after "2022" must not make it "20221"."""
    if letter.char not in _SUPERSCRIPTS or letter.y < foot + _RAISED * size:
        return letter
    is_small = _size(letters, letter.place) <= _SMALLER * size
    return letter._replace(char=_SUPERSCRIPTS[letter.char]) if is_small else letter


def _size(letters: Any, place: int) -> float:  # noqa: ANN401 - as above
    """
    The size as it is seen: many producers set size 1 and enlarge it by the matrix. The letter's box would not do: it
    depends on the font, of which a line has two where one lacks letters.
    """
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(letters, place, ctypes.byref(matrix))
    return float(round(raw.FPDFText_GetFontSize(letters, place) * math.hypot(matrix.c, matrix.d), 1))


def _origin(letters: Any, place: int) -> tuple[float, float]:  # noqa: ANN401 - as above
    """Where the letter stands; its box would hang lower for a "g" or a dot below."""
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(letters, place, ctypes.byref(x), ctypes.byref(y))
    return x.value, y.value


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

"""
The letters of one page of a PDF as lines: in the order in which the paper shows them, whatever order the file has.

Apart from `sheet` because here letters are brought into lines, there lines are measured.
"""

from __future__ import annotations

import ctypes
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import combining, normalize

from retrieval.reading.pdf.legacy_font import convert_pdf_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.reading.text.legacy_font import LegacyFont

HYPHEN = "\u00ad"  # at a line's end: a hyphen of the word's own, or where the typesetter divided it
_SOFT = 0xAD  # within a line the paper shows it as any hyphen, "2011-2013"
_DIVIDED = (0x02, 0xFFFE)  # what pdfium gives in a hyphen's place there
_HALVES = range(0xD800, 0xE000)  # of letters beyond the first plane, which pdfium gives in two; left out
SMALLER = 0.85  # of the line's letters, at most: what is raised above them
_SAME_LINE = 0.5  # of the letters' size: notes' markers stand no higher above their line
_ADJOINING = 0.6  # of the letters' size, between two stretches of one line; columns stand further apart
_FORWARD = 0.5  # of the letters stand to the right of the one before them, unless the paper lies upside down
_WORD_GAP = 0.12  # of the letters' size: a space is a quarter wide, and half of that where a line is squeezed
_HORN = "\u031b"  # of "ơ" and "ư", which reaches into the space behind them
_HORN_GAP = 0.03
_TWICE = 0.1  # of the letters' size: nothing but a letter over itself, to look bold, stands as close


class Character(NamedTuple):
    """A character, its place in pdfium's text, and where it stands on the paper, in points."""

    char: str
    place: int
    x: float
    y: float


def visual_lines(textpage: Any, legacy: LegacyFont | None) -> list[list[Character]]:  # noqa: ANN401 - pypdfium2 has no types
    """The letters of a page line by line, lines as the paper shows them; those in a legacy font in Unicode."""
    seen = [
        line if legacy is None else _in_unicode(line, legacy)
        for line in _raw_lines(textpage, "-" if legacy is None else HYPHEN)
        if any(not letter.char.isspace() for letter in line)
    ]
    return _whole_lines(textpage, seen)


def _in_unicode(line: list[Character], legacy: LegacyFont) -> list[Character]:
    words = "".join(letter.char for letter in line)
    return [line[place]._replace(char=char) for char, place in convert_pdf_line(words, legacy)]


def _raw_lines(textpage: Any, soft: str) -> Iterator[list[Character]]:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    line: list[Character] = []
    for place in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, place)
        if code in (0x0A, 0x0D):
            yield line
            line = []
        elif code in _DIVIDED:  # pdfium gives no line break after it
            line.append(Character(HYPHEN, place, *_origin(textpage, place)))
            yield line
            line = []
        elif code and code not in _HALVES:
            char = soft if code == _SOFT else chr(code)
            line.append(Character(char, place, *_origin(textpage, place)))
    yield line


def _whole_lines(textpage: Any, raw: Sequence[list[Character]]) -> list[list[Character]]:  # noqa: ANN401 - as above
    """
    The lines as the paper shows them. A note's marker ends pdfium's line, though the words go on behind it; letters
    that a font lacks are written from another font, behind the words that they belong into.
    """
    whole: list[list[Character]] = []
    for line in raw:
        if whole and _is_same_line(textpage, whole[-1], line):
            whole[-1] = whole[-1] + line
        else:
            whole.append(line)
    return [_from_left_to_right(textpage, line) for line in whole]


def _is_same_line(textpage: Any, line: list[Character], following: list[Character]) -> bool:  # noqa: ANN401 - as above
    """Whether what follows stands among the letters of a line or close behind them."""
    ours, theirs = visible_characters(line), visible_characters(following)
    sizes = font_size(textpage, ours[0].place), font_size(textpage, theirs[0].place)
    size = max(sizes)
    is_raised = min(sizes) <= SMALLER * size and theirs[0].y > ours[0].y
    if abs(ours[0].y - theirs[0].y) >= _SAME_LINE * size / (1 if is_raised else 2) or line[-1].char == HYPHEN:
        return False
    start, end = min(letter.x for letter in ours), max(letter.x for letter in ours)
    last = max(ours, key=lambda letter: letter.x)
    return start < theirs[0].x < textpage.get_charbox(last.place, loose=True)[2] + _ADJOINING * size or (
        theirs[0].x < start < end < max(letter.x for letter in theirs)
    )


def _from_left_to_right(textpage: Any, line: list[Character]) -> list[Character]:  # noqa: ANN401 - as above
    """The letters in the order of their places where the file has another; gaps are then spaces, too."""
    from pypdfium2 import raw

    seen = visible_characters(line)
    size = font_size(textpage, seen[0].place)
    steps = [after.x - before.x for before, after in pairwise(seen) if not combining(after.char)]
    is_level = all(abs(letter.y - seen[0].y) < _SAME_LINE * size for letter in seen)
    if (
        not any(step < -_TWICE * size for step in steps)
        or not is_level
        or sum(step > 0 for step in steps) < _FORWARD * len(steps)
    ):
        return line
    ordered: list[Character] = []
    end = seen[0].x
    spaces = [
        letter for letter in line if letter.char.isspace() and not raw.FPDFText_IsGenerated(textpage, letter.place)
    ]
    for letter in sorted([*_with_marks(seen), *spaces], key=lambda letter: letter.x):
        if ordered and letter.char == ordered[-1].char and letter.x - ordered[-1].x < _TWICE * size:
            continue
        gap = _HORN_GAP if ordered and _HORN in normalize("NFD", ordered[-1].char) else _WORD_GAP
        if ordered and letter.x - end > gap * size:
            ordered.append(letter._replace(char=" "))
        ordered.append(letter)
        end = textpage.get_charbox(letter.place, loose=True)[2]
    return ordered


def _with_marks(seen: list[Character]) -> list[Character]:
    """The letters, each in one with the combining marks behind it, which stand above or before it on the paper."""
    joined: list[Character] = []
    for letter in seen:
        if joined and combining(letter.char):
            joined[-1] = joined[-1]._replace(char=joined[-1].char + letter.char)
        else:
            joined.append(letter)
    return joined


def visible_characters(line: list[Character]) -> list[Character]:
    """Those that leave ink and end no line; all where none do."""
    return [letter for letter in line if not letter.char.isspace() and letter.char != HYPHEN] or line


def font_size(textpage: Any, place: int) -> float:  # noqa: ANN401 - as above
    """
    The size as it is seen: many producers set size 1 and enlarge it by the matrix. The letter's box would not do: it
    depends on the font, of which a line has two where one lacks letters.
    """
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(textpage, place, ctypes.byref(matrix))
    return float(round(raw.FPDFText_GetFontSize(textpage, place) * math.hypot(matrix.c, matrix.d), 1))


def _origin(textpage: Any, place: int) -> tuple[float, float]:  # noqa: ANN401 - as above
    """Where the letter stands; its box would hang lower for a "g" or a dot below."""
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(textpage, place, ctypes.byref(x), ctypes.byref(y))
    return x.value, y.value

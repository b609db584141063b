"""
The characters of a PDF page, line by line in visual order.
"""

from __future__ import annotations

import ctypes
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import combining, normalize

from retrieval.reading.pdf.legacy_font import as_it_is, convert_pdf_line, plain_font_name

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from retrieval.reading.pdf.legacy_font import PdfLegacyFonts

HYPHEN = "\u00ad"  # at a line's end: the word's own hyphen, or the typesetter's
_SOFT = 0xAD  # within a line, shown like any hyphen: "2011-2013"
_DIVIDED = (0x02, 0xFFFE)  # what pdfium gives for a hyphen at a line's end
_HALVES = range(0xD800, 0xE000)  # surrogates, into which pdfium splits other planes; left out
SMALLER = 0.85  # largest size of superscripts, relative to the line
_SAME_LINE = 0.5  # of the font size: footnote markers are raised less
_ADJOINING = 0.6  # of the font size, largest gap inside a line; columns are further apart
_FORWARD = 0.5  # smallest share of steps to the right, unless the page is upside down
_WORD_GAP = 0.12  # of the font size: a space is a quarter, half of that in squeezed lines
_HORN = "\u031b"  # of "ơ" and "ư": reaches into the following space
_HORN_GAP = 0.03
_TWICE = 0.1  # of the font size: closer only when overprinted as bold


class Character(NamedTuple):
    """A character, its index in pdfium's text, and its origin on the paper in points."""

    char: str
    place: int
    x: float
    y: float


def visual_lines(textpage: Any, legacy: PdfLegacyFonts | None) -> list[list[Character]]:  # noqa: ANN401 - pypdfium2 has no types
    """The characters of a page by visual line, legacy fonts converted to Unicode."""
    fonts = legacy if legacy and legacy.origin else None
    seen = [
        line if fonts is None else _in_unicode(textpage, line, fonts)
        for raw in _raw_lines(textpage, "-" if fonts is None else HYPHEN)
        for line in _levels(textpage, raw)
        if any(not letter.char.isspace() for letter in line)
    ]
    return _whole_lines(textpage, seen)


def _in_unicode(textpage: Any, line: list[Character], fonts: PdfLegacyFonts) -> list[Character]:  # noqa: ANN401 - as above
    words = "".join(letter.char for letter in line)
    legacy = fonts.font_of(words)
    if legacy is None:
        return [line[place]._replace(char=char) for char, place in as_it_is(words)]

    def is_legacy(place: int) -> bool:
        return legacy.fonts.match(plain_font_name(font_name(textpage, line[place].place))) is not None

    found = [line[place]._replace(char=char) for char, place in convert_pdf_line(words, legacy, is_legacy)]
    if legacy.capitals is None:
        return found
    return [_as_capital(textpage, letter, legacy.capitals) for letter in found]


def _as_capital(textpage: Any, letter: Character, capitals: re.Pattern[str]) -> Character:  # noqa: ANN401 - as above
    """A letter as it is shown: some legacy fonts show small letters as capitals."""
    shows_capital = letter.char.islower() and capitals.match(plain_font_name(font_name(textpage, letter.place)))
    return letter._replace(char=letter.char.upper()) if shows_capital else letter


def _raw_lines(textpage: Any, soft: str) -> Iterator[list[Character]]:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    line: list[Character] = []
    for place in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, place)
        if code in (0x0A, 0x0D):
            yield line
            line = []
        elif code in _DIVIDED:  # pdfium gives no line break after these
            line.append(Character(HYPHEN, place, *_origin(textpage, place)))
            yield line
            line = []
        elif code and code not in _HALVES:
            char = soft if code == _SOFT else chr(code)
            line.append(Character(char, place, *_origin(textpage, place)))
    yield line


def _levels(textpage: Any, line: list[Character]) -> Iterator[list[Character]]:  # noqa: ANN401 - as above
    """Split where pdfium's line jumps back to another level, as between table cells."""
    begin = 0
    last = line[0] if line else None
    for place, letter in enumerate(line):
        if letter.char.isspace():
            continue
        if last is not None and letter.x < last.x and abs(letter.y - last.y) > 1:
            size = font_size(textpage, letter.place)
            if last.x - letter.x > size and abs(letter.y - last.y) >= _SAME_LINE * size:
                yield line[begin:place]
                begin = place
        last = letter
    yield line[begin:]


def _whole_lines(textpage: Any, raw: Sequence[list[Character]]) -> list[list[Character]]:  # noqa: ANN401 - as above
    """
    Join pdfium's lines into visual lines.

    pdfium ends a line at a footnote marker although the text goes on, and appends characters from a fallback font
    after the words that they belong to.
    """
    whole: list[list[Character]] = []
    for line in raw:
        if whole and _is_same_line(textpage, whole[-1], line):
            whole[-1] = whole[-1] + line
        else:
            whole.append(line)
    return [from_left_to_right(textpage, line) for line in whole]


def _is_same_line(textpage: Any, line: list[Character], following: list[Character]) -> bool:  # noqa: ANN401 - as above
    """Whether `following` stands among the characters of a line or right behind them."""
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


def from_left_to_right(textpage: Any, line: list[Character]) -> list[Character]:  # noqa: ANN401 - as above
    """Sort by position if the file's order differs; gaps then become spaces."""
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
    """Join each character with the combining marks behind it, wherever they are drawn."""
    joined: list[Character] = []
    for letter in seen:
        if joined and combining(letter.char):
            joined[-1] = joined[-1]._replace(char=joined[-1].char + letter.char)
        else:
            joined.append(letter)
    return joined


def visible_characters(line: list[Character]) -> list[Character]:
    """The characters that leave ink, except line-end hyphens; all if there are none."""
    return [letter for letter in line if not letter.char.isspace() and letter.char != HYPHEN] or line


def font_size(textpage: Any, place: int) -> float:  # noqa: ANN401 - as above
    """
    The visible font size in points.

    Many producers set size 1 and scale by the matrix. Character boxes would not do: they depend on the font, and a line
    with fallback characters has two.
    """
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(textpage, place, ctypes.byref(matrix))
    return float(round(raw.FPDFText_GetFontSize(textpage, place) * math.hypot(matrix.c, matrix.d), 1))


def _origin(textpage: Any, place: int) -> tuple[float, float]:  # noqa: ANN401 - as above
    """The origin on the baseline; boxes hang lower for "g" or a dot below."""
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(textpage, place, ctypes.byref(x), ctypes.byref(y))
    return x.value, y.value


def font_name(textpage: Any, place: int) -> str:  # noqa: ANN401 - as above
    """The name of a character's font."""
    from pypdfium2 import raw

    name = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(textpage, place, name, len(name), ctypes.byref(ctypes.c_int()))
    return name.value.decode("utf-8", "replace")

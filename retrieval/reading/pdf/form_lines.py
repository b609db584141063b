"""
The lines of a filled form: values after their labels, and ticks beside theirs.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from retrieval.reading.pdf.characters import Character, font_size, from_left_to_right, visible_characters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.reading.pdf.form_fields import Area, Fields

_LEVEL = 0.4  # of the font size: baselines of a label and its value differ by less
_NEAR = 2.0  # of a box's width: farthest label
_LEADERS = frozenset("._…")
_TICKS = {True: "☑", False: "☐"}


def with_fields(textpage: Any, lines: list[list[Character]], fields: Fields) -> list[list[Character]]:  # noqa: ANN401 - pypdfium2 has no types
    """The lines with values in place; boxes without a label count as unread."""
    if fields.filled:
        bare = [_without_leaders(line, fields.filled) for line in lines]
        lines = _by_level(textpage, [line for line in bare if any(not letter.char.isspace() for letter in line)])
    for area, is_checked in fields.boxes:
        if not _tick(lines, area, _TICKS[is_checked]):
            fields.unread += 1
    return lines


def _without_leaders(line: list[Character], filled: Sequence[Area]) -> list[Character]:
    """The line without the dots to write on that a value covers."""
    kept: list[Character] = []
    for is_leader, group in groupby(line, lambda letter: letter.char in _LEADERS):
        run = list(group)
        if not is_leader or not any(_is_inside(letter, area) for letter in run for area in filled):
            kept += run
    return kept


def _is_inside(letter: Character, area: Area) -> bool:
    return area.left <= letter.x <= area.right and area.bottom <= letter.y <= area.top


def _by_level(textpage: Any, lines: list[list[Character]]) -> list[list[Character]]:  # noqa: ANN401 - as above
    levels: list[list[list[Character]]] = []
    for line in sorted(lines, key=lambda line: (-round(visible_characters(line)[0].y), line[0].x)):
        first = visible_characters(line)[0]
        above = levels[-1][0] if levels else None
        size = font_size(textpage, first.place)
        if above is not None and abs(visible_characters(above)[0].y - first.y) < _LEVEL * size:
            levels[-1].append(line)
        else:
            levels.append([line])
    return [_joined(textpage, level) for level in levels]


def _joined(textpage: Any, level: list[list[Character]]) -> list[Character]:  # noqa: ANN401 - as above
    line: list[Character] = []
    for part in sorted(level, key=lambda part: part[0].x):
        line += [line[-1]._replace(char=" "), *part] if line else part
    return from_left_to_right(textpage, line)


def _tick(lines: list[list[Character]], area: Area, mark: str) -> bool:
    """Write a mark before the label right of a box, or behind one left."""
    width = area.right - area.left
    near: list[tuple[float, int, int, bool]] = []
    for number, line in enumerate(lines):
        for place, letter in enumerate(line):
            if letter.char.isspace() or not area.bottom - width / 2 <= letter.y <= area.top:
                continue
            is_right = letter.x >= area.right - 1
            gap = letter.x - area.right if is_right else area.left - letter.x
            if gap <= _NEAR * width:
                near.append((gap if is_right else gap + width, number, place, is_right))
    if not near:
        return False
    _, number, place, is_right = min(near)
    letter = lines[number][place]
    lines[number][place] = letter._replace(char=f"{mark} {letter.char}" if is_right else f"{letter.char} {mark}")
    return True

"""
Ruling lines of a PDF page: the strokes and bars that border table cells.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from retrieval.reading.pdf.page_objects import matrix_of, objects_of_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypdfium2 import PdfPage

    from retrieval.reading.pdf.page_objects import Matrix, Point

_THICKEST = 3.0  # points: a thicker bar is a picture's or a background
_SHORTEST = 5.0  # points: lower than any row
_SLOPE = 1.0  # points that the ends of a straight line may differ by
_MOST_RULES = 20_000
_WHITE = 250  # of 255: such a line is not seen on paper


class Rule(NamedTuple):
    """A ruling line: its level and its extent, in points from the lower left."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The ruling lines of a page; both lists are empty on a page without tables."""

    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)


def rules_of_page(page: PdfPage) -> Rules:
    """The visible horizontal and vertical lines of a page, none if there are too many."""
    rules = Rules()
    for points in islice(_strokes(page), _MOST_RULES + 1):
        _add(rules, points)
    is_drawing = len(rules.horizontal) + len(rules.vertical) > _MOST_RULES
    return Rules() if is_drawing else rules


def _add(rules: Rules, points: Sequence[Point]) -> None:
    """Add what the bounds of the points show: a line, or nothing."""
    (left, right), (bottom, top) = ((min(side), max(side)) for side in zip(*points, strict=True))
    if top - bottom <= _THICKEST and right - left >= _SHORTEST:
        rules.horizontal.append(Rule((bottom + top) / 2, left, right))
    elif right - left <= _THICKEST and top - bottom >= _SHORTEST:
        rules.vertical.append(Rule((left + right) / 2, bottom, top))


def _strokes(page: PdfPage) -> Iterator[Sequence[Point]]:
    from pypdfium2 import raw

    for path, outer in objects_of_page(page, frozenset({raw.FPDF_PAGEOBJ_PATH})):
        yield from _strokes_of_path(path, outer)


def _strokes_of_path(path: Any, outer: Matrix) -> Iterator[Sequence[Point]]:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    if (not fill.value and not stroke.value) or _is_white(path, stroke=bool(stroke.value)):
        return
    matrix = matrix_of(path).then(outer)
    for points in _subpaths(path, matrix):
        if stroke.value:
            yield from (pair for pair in pairwise(points) if _is_straight(*pair))
        elif len(points) > 1:
            yield points


def _is_white(path: Any, *, stroke: bool) -> bool:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    colour = [ctypes.c_uint() for _ in range(4)]
    (raw.FPDFPageObj_GetStrokeColor if stroke else raw.FPDFPageObj_GetFillColor)(path, *colour)
    return all(part.value >= _WHITE for part in colour[:3]) or not colour[3].value


def _is_straight(one: Point, other: Point) -> bool:
    return min(abs(one[0] - other[0]), abs(one[1] - other[1])) <= _SLOPE


def _subpaths(path: Any, matrix: Matrix) -> Iterator[list[Point]]:  # noqa: ANN401 - as above
    """The parts of a path as points on the page; curves are left out."""
    from pypdfium2 import raw

    points: list[Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for place in range(min(raw.FPDFPath_CountSegments(path), _MOST_RULES)):
        segment = raw.FPDFPath_GetPathSegment(path, place)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == raw.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(matrix.moved(x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points

"""
Ruling lines of a PDF page: the strokes and bars that border table cells.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypdfium2 import PdfPage

_Point = tuple[float, float]
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1, 0, 0, 1, 0, 0)
_THICKEST = 3.0  # points: a thicker bar is a picture's or a background
_SHORTEST = 5.0  # points: lower than any row
_SLOPE = 1.0  # points that the ends of a straight line may differ by
_MOST_OBJECTS = 50_000  # per page; maps and drawings have more, and no tables
_MOST_RULES = 20_000
_DEEPEST = 4  # form objects within form objects
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


def _add(rules: Rules, points: Sequence[_Point]) -> None:
    """Add what the bounds of the points show: a line, or nothing."""
    (left, right), (bottom, top) = ((min(side), max(side)) for side in zip(*points, strict=True))
    if top - bottom <= _THICKEST and right - left >= _SHORTEST:
        rules.horizontal.append(Rule((bottom + top) / 2, left, right))
    elif right - left <= _THICKEST and top - bottom >= _SHORTEST:
        rules.vertical.append(Rule((left + right) / 2, bottom, top))


def _strokes(page: PdfPage) -> Iterator[Sequence[_Point]]:
    from pypdfium2 import raw

    count = raw.FPDFPage_CountObjects(page)
    if count <= _MOST_OBJECTS:
        for place in range(count):
            yield from _strokes_of(raw.FPDFPage_GetObject(page, place), _IDENTITY, 0)


def _strokes_of(shape: Any, outer: _Matrix, depth: int) -> Iterator[Sequence[_Point]]:  # noqa: ANN401 - pdfium has no types
    """The strokes of a path, or of the paths inside a form."""
    from pypdfium2 import raw

    kind = raw.FPDFPageObj_GetType(shape)
    if kind == raw.FPDF_PAGEOBJ_PATH:
        yield from _strokes_of_path(shape, outer)
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        inner = _product(_matrix_of(shape), outer)
        for place in range(min(raw.FPDFFormObj_CountObjects(shape), _MOST_OBJECTS)):
            yield from _strokes_of(raw.FPDFFormObj_GetObject(shape, place), inner, depth + 1)


def _strokes_of_path(path: Any, outer: _Matrix) -> Iterator[Sequence[_Point]]:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    if (not fill.value and not stroke.value) or _is_white(path, stroke=bool(stroke.value)):
        return
    matrix = _product(_matrix_of(path), outer)
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


def _is_straight(one: _Point, other: _Point) -> bool:
    return min(abs(one[0] - other[0]), abs(one[1] - other[1])) <= _SLOPE


def _subpaths(path: Any, matrix: _Matrix) -> Iterator[list[_Point]]:  # noqa: ANN401 - as above
    """The parts of a path as points on the page; curves are left out."""
    from pypdfium2 import raw

    points: list[_Point] = []
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
        points.append(_moved(x.value, y.value, matrix))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


def _matrix_of(shape: Any) -> _Matrix:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX(*_IDENTITY)
    raw.FPDFPageObj_GetMatrix(shape, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _product(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    corner = _moved(e, f, then)
    return (
        a * then[0] + b * then[2],
        a * then[1] + b * then[3],
        c * then[0] + d * then[2],
        c * then[1] + d * then[3],
        *corner,
    )


def _moved(x: float, y: float, matrix: _Matrix) -> _Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f

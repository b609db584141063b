"""
Rectangles around the lines of a paragraph on a page.

One holds several lines where no other words lie between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from retrieval.reading.layout.page_layout import Rectangle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.inspection.coverage import Run

_CORE: Final = 0.25  # of a line's height, at its top and bottom: lines that touch do not lie in each other


def boxes_of(runs: Sequence[Run], others: Sequence[Run]) -> list[Rectangle]:
    """The fewest rectangles around runs, in their order, that meet none of the other runs."""
    cores = [_core(other.place) for other in others]
    boxes: list[Rectangle] = []
    for run in runs:
        joined = boxes[-1].joined(run.place) if boxes else run.place
        if boxes and not any(joined.meets(core) for core in cores):
            boxes[-1] = joined
        else:
            boxes.append(run.place)
    return boxes


def _core(place: Rectangle) -> Rectangle:
    edge = _CORE * (place.bottom - place.top)
    return Rectangle(place.left, place.top + edge, place.right, place.bottom - edge)

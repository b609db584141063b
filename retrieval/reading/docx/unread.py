"""
What a Word file holds beside its text, to be named in the quality report.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from retrieval.reading.document import Unread
from retrieval.reading.docx.xml import find_all, find_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.reading.document import UnreadKind

_TWENTIETH: Final = 635  # a twentieth of a point, in which Word measures pages, in the units of drawings
_PAGE: Final = {"pgSz/@w:w": 11906, "pgMar/@w:left": 1440, "pgMar/@w:right": 1440, "pgSz/@w:h": 16838}  # A4
_WIDE: Final = 0.85  # of the width between the margins, from which on a picture stands for the text of a page
_HIGH: Final = 0.5  # of the page's height
_LENGTH = re.compile(r"(?:^|;)\s*(?P<side>width|height)\s*:\s*(?P<number>\d{1,6}(?:\.\d{1,6})?)(?P<unit>pt|in|cm|mm)")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835}


def unread_parts(body: Any, *, chunks: int, has_macros: bool) -> Iterator[Unread]:  # noqa: ANN401 - an XML element, which has no types
    """The parts that are not read, by kind; `chunks` of them are embedded files."""
    objects = find_all(body, ".//o:OLEObject/@ProgID")
    equations = sum(str(name).startswith("Equation") for name in objects)
    counts: dict[UnreadKind, int] = {
        "chart": len(find_all(body, ".//a:graphicData/c:chart | .//a:graphicData/dgm:relIds")),
        "equation": equations,
        "embedded-object": len(find_all(body, ".//o:OLEObject")) - equations + chunks,
        "picture": _page_pictures(body),
        "macro": int(has_macros),
    }
    for kind, count in counts.items():
        if count:
            yield Unread(kind, count=count)


def _page_pictures(body: Any) -> int:  # noqa: ANN401 - as above
    """How many pictures are as large as a page, like scans."""
    stated = (_number(find_value(body, f"./w:sectPr/w:{place}")) or default for place, default in _PAGE.items())
    across, left, right, height = stated
    width = max(across - left - right, 1)
    sizes = [*_drawn(body), *_drawn_in_vml(body)]
    return sum(wide >= _WIDE * width and high >= _HIGH * height for wide, high in sizes)


def _drawn(body: Any) -> Iterator[tuple[float, float]]:  # noqa: ANN401 - as above
    for extent in find_all(body, ".//w:drawing[.//pic:pic]/*/wp:extent"):
        yield _number(extent.get("cx", "")) / _TWENTIETH, _number(extent.get("cy", "")) / _TWENTIETH


def _drawn_in_vml(body: Any) -> Iterator[tuple[float, float]]:  # noqa: ANN401 - as above
    for style in find_all(body, ".//w:pict//*[v:imagedata]/@style"):
        sides = {
            found["side"]: 20 * float(found["number"]) * _POINTS[found["unit"]]
            for found in _LENGTH.finditer(str(style))
        }
        yield sides.get("width", 0.0), sides.get("height", 0.0)


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 12 else 0

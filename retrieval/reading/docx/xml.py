"""
XPath access to the XML of a .docx, where python-docx offers none.
"""

from __future__ import annotations

from functools import cache
from typing import Any

_OFFICE = "http://schemas.openxmlformats.org"
_NAMES = {
    "a": f"{_OFFICE}/drawingml/2006/main",
    "c": f"{_OFFICE}/drawingml/2006/chart",
    "dgm": f"{_OFFICE}/drawingml/2006/diagram",
    "m": f"{_OFFICE}/officeDocument/2006/math",
    "mc": f"{_OFFICE}/markup-compatibility/2006",
    "o": "urn:schemas-microsoft-com:office:office",
    "pic": f"{_OFFICE}/drawingml/2006/picture",
    "r": f"{_OFFICE}/officeDocument/2006/relationships",
    "v": "urn:schemas-microsoft-com:vml",
    "w": f"{_OFFICE}/wordprocessingml/2006/main",
    "wp": f"{_OFFICE}/drawingml/2006/wordprocessingDrawing",
}


def find_all(element: Any, path: str) -> list[Any]:  # noqa: ANN401 - lxml's elements and strings, which have no types
    """The results of an XPath below an element: elements, or strings for attributes."""
    return list(_compiled(path)(element))


def find_value(element: Any, path: str) -> str:  # noqa: ANN401 - as above
    """The first string that an XPath finds, "" if there is none."""
    return next((str(one) for one in find_all(element, path)), "")


def is_on(element: Any, path: str) -> bool:  # noqa: ANN401 - as above
    """Whether a property that is on or off is there and on."""
    return bool(find_all(element, f"{path}[not(@w:val='0' or @w:val='false' or @w:val='off')]"))


@cache
def _compiled(path: str) -> Any:  # noqa: ANN401 - as above
    from lxml import etree

    return etree.XPath(path, namespaces=_NAMES)

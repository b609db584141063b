"""
Looking into the XML of a .docx where python-docx offers no way: numbering, footnotes, tracked changes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

_NAMES = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}


def found(element: Any, path: str) -> list[Any]:  # noqa: ANN401 - lxml's elements and strings, which have no types
    """What an XPath finds below an element: elements, or strings for attributes."""
    return list(_compiled(path)(element))


def value(element: Any, path: str) -> str:  # noqa: ANN401 - as above
    """The first string that an XPath finds, "" when there is none."""
    return next((str(one) for one in found(element, path)), "")


@cache
def _compiled(path: str) -> Any:  # noqa: ANN401 - as above
    from lxml import etree

    return etree.XPath(path, namespaces=_NAMES)

"""
XPath access to the XML of a .docx, where python-docx offers none.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from retrieval.reading.text.characters import to_superscript

_NAMES = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}


def find_all(element: Any, path: str) -> list[Any]:  # noqa: ANN401 - lxml's elements and strings, which have no types
    """The results of an XPath below an element: elements, or strings for attributes."""
    return list(_compiled(path)(element))


def find_value(element: Any, path: str) -> str:  # noqa: ANN401 - as above
    """The first string that an XPath finds, "" if there is none."""
    return next((str(one) for one in find_all(element, path)), "")


def text_of(paragraph: Any) -> str:  # noqa: ANN401 - as above
    """The text as Word shows it, tracked changes accepted, without text boxes."""
    nodes = find_all(
        paragraph,
        ".//*[self::w:t or self::w:tab or self::w:br or self::w:cr or self::w:noBreakHyphen]"
        "[not(ancestor::w:txbxContent) and not(ancestor::w:del) and not(ancestor::w:moveFrom) "
        "and not(ancestor::w:pPr)]",
    )
    return "".join(map(_characters, nodes))


def _characters(node: Any) -> str:  # noqa: ANN401 - as above
    name = str(node.tag).rpartition("}")[2]
    words = str(node.text or "") if name == "t" else "-" if name == "noBreakHyphen" else " "
    return to_superscript(words) if find_value(node, "../w:rPr/w:vertAlign/@w:val") == "superscript" else words


@cache
def _compiled(path: str) -> Any:  # noqa: ANN401 - as above
    from lxml import etree

    return etree.XPath(path, namespaces=_NAMES)

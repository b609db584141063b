"""
Clean up HTML before trafilatura: keep what it would drop and readers see.

Rows styled as headers, cells that span rows or columns, text in anchors, and footnotes.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from retrieval.reading.assembly.content import Piece, in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANCHORS = "//a[not(@href)]"  # targets of links: Word and sites of laws put whole headings into them
_STYLED = "//table//*[self::thead or self::tbody or self::tr or self::th or self::td][@class or @id]"
_SPANNING = "//table[.//*[@rowspan or @colspan]]"
_HEAD_ELEMENTS = ("base", "link", "meta", "noscript", "script", "style", "template", "title")
_ROWS = "./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"
_WIDEST = 100  # largest span accepted; browsers stop at 1000 columns
_MAX_COPIES = 2000  # copied cells per page; a table with more is not meant to be read
# Footnotes of pandoc and GitHub, python-markdown and kramdown, LibreOffice, Word.
_NOTES = (
    "//*[@role='doc-endnotes' or contains(concat(' ', normalize-space(@class), ' '), ' footnotes ')"
    " or self::div[@class='footnote']]//li | //div[starts-with(@id, 'sdfootnote') or starts-with(@id, 'ftn')]"
)
_BACK = ".//a[@role='doc-backlink' or contains(@class, 'backref') or contains(@class, 'footnote-back')]"
_REFERENCE = "//a[@role='doc-noteref' or contains(@class, 'footnote-ref') or contains(@class, 'sdfootnoteanc')]"
_NUMBER = re.compile(r"[\[(]?(\d{1,3})[\])]?\s*")


def clean_page(page: str) -> tuple[Any, list[Piece]]:
    """The cleaned page as a tree without its footnotes, and the footnotes."""
    tree = parse_html(page)
    for anchor in tree.xpath(_ANCHORS):
        anchor.drop_tag()
    for element in tree.xpath(_STYLED):
        _without(element, "class", "id")
    left = _MAX_COPIES
    for table in tree.xpath(_SPANNING):
        left = _repeat_spanning_cells(table, left)
    notes = _notes(tree)
    for reference in tree.xpath(_REFERENCE) if notes else ():
        _without(reference, "class", "id", "role")
    return tree, notes


def page_text(tree: Any) -> str:  # noqa: ANN401 - lxml's elements, which have no types
    """The page as HTML again."""
    from lxml import html

    return str(html.tostring(tree, encoding="unicode", doctype="<!doctype html>"))


def parse_html(page: str) -> Any:  # noqa: ANN401 - as above
    """Parse a page."""
    from lxml import html

    tree = html.document_fromstring(page.encode() or b" ", parser=html.HTMLParser(encoding="utf-8"))
    if tree.find("body") is None:
        _give_body(tree)
    return tree


def _give_body(tree: Any) -> None:  # noqa: ANN401 - as above
    """Part head and body as browsers do where neither tag is written."""
    from lxml import etree

    head, body = tree.find("head"), etree.SubElement(tree, "body")
    shown = [element for element in (head if head is not None else ()) if element.tag not in _HEAD_ELEMENTS]
    for element in shown:
        body.append(element)


def _without(element: Any, *names: str) -> None:  # noqa: ANN401 - as above
    for name in names:
        element.attrib.pop(name, None)


def _repeat_spanning_cells(table: Any, left: int) -> int:  # noqa: ANN401 - as above
    """
    Copy row-spanning cells into each row, at most `left` copies; returns how many are left.

    A column-spanning cell is written once.
    """
    hanging: dict[int, tuple[int, Any]] = {}  # by column: in how many more rows, which cell
    for row in table.xpath(_ROWS):
        column = 0
        cells = list(row.xpath("./td | ./th"))
        place = 0
        while place < len(cells) or column in hanging:
            if column in hanging:
                rows, cell = hanging.pop(column)
                if left > 0:
                    left -= 1
                    row.insert(row.index(cells[place]) if place < len(cells) else len(row), deepcopy(cell))
                hanging |= {column: (rows - 1, cell)} if rows > 1 else {}
                column += _span(cell, "colspan")
                if rows > 1:
                    continue
            else:
                cell = cells[place]
                place += 1
                rows = _span(cell, "rowspan")
                _without(cell, "rowspan")
                hanging |= {column: (rows - 1, cell)} if rows > 1 else {}
                column += _span(cell, "colspan")
    for cell in table.xpath(".//*[@colspan]"):
        _without(cell, "colspan")
    return left


def _span(cell: Any, name: str) -> int:  # noqa: ANN401 - as above
    count = cell.get(name, "")
    return min(max(int(count), 1), _WIDEST) if count.isascii() and count.isdigit() and len(count) < 6 else 1


def _notes(tree: Any) -> list[Piece]:  # noqa: ANN401 - as above
    """Remove the footnotes from the tree and return them."""
    elements = tree.xpath(_NOTES)
    for link in (link for element in elements for link in element.xpath(_BACK)):
        link.drop_tree()
    notes = list(_read(elements))
    for element in elements:
        element.drop_tree()
    return notes


def _read(elements: list[Any]) -> Iterator[Piece]:
    for count, element in enumerate(elements, 1):
        words = in_one_line(element.text_content())
        number = _NUMBER.match(words) if element.tag == "div" else None
        marker = number[1] if number else str(count)
        yield Piece(words[number.end() :] if number else words, kind="footnote", marker=marker)

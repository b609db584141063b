"""
The headings, paragraphs, list items and table rows of a page, as browsers show them.

Unlike trafilatura's extraction nothing is judged: a page that is a document is kept whole. What a browser does not show
(hidden, struck-out, a program's own comments) is left out, and so are links within the page, which only list contents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from retrieval.reading.assembly.content import Piece, in_one_line
from retrieval.reading.assembly.line_breaks import divide_at_breaks
from retrieval.reading.assembly.list_number import format_number
from retrieval.reading.assembly.table_rows import row_pieces
from retrieval.reading.text.characters import to_superscript

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCKS: Final = frozenset(
    "address article blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2"
    " h3 h4 h5 h6 header hr legend li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_UNSHOWN: Final = frozenset(
    "aside audio button canvas del dialog head iframe math nav noscript object s script select strike style svg"
    " template textarea title video xml".split()
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|line-through|mso-element\s*:\s*comment",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"(?:^|\s)MsoToc|^Table of Contents|^toc$|(?:^|\s)MsoComment", re.IGNORECASE)
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_CSS_FORMS = {
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "decimal-leading-zero": "decimalZero",
}
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_PADDING = re.compile(r"[^\S\n]{2,}")  # of list numbers and indents, by no-break spaces
_LONGEST_HEADING = 200  # characters
_LAYOUT = 4  # paragraphs in a cell: more than data have


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A piece and the element that holds it."""

    piece: Piece
    element: Any


def page_blocks(root: Any) -> Iterator[PageBlock]:  # noqa: ANN401 - lxml's elements, which have no types
    """The blocks below an element, in reading order."""
    from lxml import etree

    text = _Text()
    lists: list[_List | None] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event in ("comment", "pi"):
            text.add(node.tail)
            continue
        is_block = node.tag in _BLOCKS
        if is_block:
            yield from text.flush(len(lists))
        if event == "end":
            text.close(node)
            if node.tag in ("ol", "ul") and lists:
                lists.pop()
            text.add(node.tail if node is not root else "")
        elif _is_unshown(node):
            walk.skip_subtree()
        elif node.tag == "table" and not _is_layout(node):
            walk.skip_subtree()
            yield from (PageBlock(piece, node) for piece in _rows(node))
        else:
            if node.tag in ("ol", "ul"):
                lists.append(_List.of(node) if node.tag == "ol" else None)
            text.open(node)
            if node.tag == "li" and lists and lists[-1]:
                text.number = lists[-1].number_of(node)
            text.add("\n" if node.tag == "br" else node.text, is_break=node.tag == "br")
    yield from text.flush()


@dataclass(slots=True)
class _List:
    """An ordered list: its next count, step and format; "" for no numbers."""

    count: int
    step: int
    form: str

    @classmethod
    def of(cls, element: Any) -> _List:  # noqa: ANN401 - as above
        step = -1 if element.get("reversed") is not None else 1
        first = 1 if step > 0 else len(element.findall("li"))
        return cls(_int(element.get("start"), first), step, _form(element, "decimal"))

    def number_of(self, item: Any) -> str:  # noqa: ANN401 - as above
        count = _int(item.get("value"), self.count)
        self.count = count + self.step
        form = _form(item, self.form)
        return f"{format_number(count, form)}." if form else ""


@dataclass(slots=True)
class _Text:
    """The text of the block that is being read."""

    parts: list[str] = field(default_factory=list)
    letters: int = 0
    linked: int = 0  # letters in links within the page
    raised: int = 0  # open <sup> elements
    links: int = 0  # open links within the page
    pre: int = 0
    heading: int = 0  # level
    number: str = ""  # of a list item
    element: Any = None

    def open(self, node: Any) -> None:  # noqa: ANN401 - as above
        self._count(node, 1)
        if node.tag in _BLOCKS:
            self.element = node
            self.heading = int(node.tag[1]) if _is_heading(node) else self.heading

    def close(self, node: Any) -> None:  # noqa: ANN401 - as above
        if _is_unshown(node):
            return
        self._count(node, -1)
        if node.tag in _BLOCKS:
            self.element = node.getparent()
            self.number = "" if node.tag == "li" else self.number
            self.heading = 0 if _is_heading(node) else self.heading

    def add(self, words: str | None, *, is_break: bool = False) -> None:
        if words:
            words = words if is_break or self.pre else _SPACES.sub(" ", words)
            self.parts.append(to_superscript(words) if self.raised else words)
            self.letters += sum(map(str.isalpha, words))
            self.linked += sum(map(str.isalpha, words)) if self.links else 0

    def flush(self, depth: int = 0) -> Iterator[PageBlock]:
        words = _PADDING.sub(" ", "".join(self.parts)).strip()
        is_entry = self.linked > 0 and self.linked == self.letters and not self.heading
        self.parts, self.letters, self.linked = [], 0, 0
        if not words or is_entry:
            return
        number, self.number = self.number, ""
        paragraphs = [" ".join(words.split("\n"))] if self.heading else divide_at_breaks(words)
        for place, paragraph in enumerate(paragraphs):
            piece = self._piece(f"{number} {paragraph}" if number and not place else paragraph)
            yield PageBlock(replace(piece, depth=depth), self.element)

    def _piece(self, words: str) -> Piece:
        is_sentence = self.heading > 1 and words.endswith((".", ";", ",", "!"))  # a title may be one
        if self.heading and len(words) <= _LONGEST_HEADING and not is_sentence:
            return Piece(words, kind="heading", level=self.heading)
        return Piece(words, kind="paragraph" if self.heading else None)

    def _count(self, node: Any, step: int) -> None:  # noqa: ANN401 - as above
        self.raised += step * (node.tag == "sup")
        self.pre += step * (node.tag == "pre")
        self.links += step * (node.tag == "a" and (node.get("href") or "").startswith("#"))


def _is_heading(node: Any) -> bool:  # noqa: ANN401 - as above
    return len(node.tag) == 2 and node.tag[0] == "h" and node.tag[1].isdigit()


def _is_unshown(node: Any) -> bool:  # noqa: ANN401 - as above
    return (
        node.tag in _UNSHOWN
        or node.get("hidden") is not None
        or _HIDDEN.search(node.get("style") or "") is not None
        or any(_CONTENTS.search(node.get(name) or "") is not None for name in ("class", "id"))
    )


def _int(words: str | None, otherwise: int) -> int:
    return int(words) if words and re.fullmatch(r"-?[0-9]{1,6}", words) else otherwise


def _form(element: Any, otherwise: str) -> str:  # noqa: ANN401 - as above
    """The number format that a list or an item states."""
    style = _LIST_STYLE.search(element.get("style") or "")
    if style:
        return "" if style[1] in ("none", "disc", "circle", "square") else _CSS_FORMS.get(style[1], "decimal")
    return _FORMS.get(element.get("type") or "", otherwise)


def _is_layout(table: Any) -> bool:  # noqa: ANN401 - as above
    """Whether a table only places the text: single cells, or many paragraphs in one."""
    rows = [row.xpath("./td | ./th") for row in _table_rows(table)]
    if table.get("role") == "presentation" or all(len(cells) <= 1 for cells in rows):
        return True
    return any(
        len(cell.xpath("./p | ./div | ./h1 | ./h2 | ./h3 | ./table")) > _LAYOUT for cells in rows for cell in cells
    )


def _table_rows(table: Any) -> list[Any]:  # noqa: ANN401 - as above
    return list(table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"))


def _rows(table: Any) -> Iterator[Piece]:  # noqa: ANN401 - as above
    for caption in table.xpath("./caption"):
        yield Piece(_words_in(caption))
    rows = [
        [(cell.tag, in_one_line(_words_in(cell))) for cell in row.xpath("./td | ./th")] for row in _table_rows(table)
    ]
    if rows:
        headed = bool(table.xpath("./thead/tr")) or all(tag == "th" for tag, _ in rows[0])
        yield from row_pieces([[words for _, words in cells] for cells in rows], headed=headed)


def _words_in(cell: Any) -> str:  # noqa: ANN401 - as above
    """The text of a cell; rows of an inner table are parted by "; "."""
    from lxml import etree

    text = _Text()
    walk = etree.iterwalk(cell, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event == "start" and _is_unshown(node):
            walk.skip_subtree()
        elif event == "start":
            text.open(node)
            text.add(_gap_before(node) if node is not cell else "")
            text.add(node.text)
        else:
            if event == "end":
                text.close(node)
                text.add(" " if node.tag in _BLOCKS - {"td", "th", "tr"} else "")
            text.add(node.tail if node is not cell else "")
    return "".join(text.parts)


def _gap_before(node: Any) -> str:  # noqa: ANN401 - as above
    """What parts an element inside a cell from the text before it."""
    is_next = node.getprevious() is not None
    if node.tag in ("td", "th", "tr") and is_next:
        return "; " if node.tag == "tr" else " | "
    return " " if node.tag in _BLOCKS or node.tag == "br" else ""

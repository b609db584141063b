"""
All words that a file without pages holds, also those that its reader leaves out.

Read as simply as possible: which of them belong to the document is for the reader to say.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any, Final

from retrieval.errors import DocumentError
from retrieval.reading.assembly.content import in_one_line
from retrieval.reading.assembly.zip_parts import open_parts
from retrieval.reading.html.cleanup import parse_html
from retrieval.reading.html.reader import text_of_page

if TYPE_CHECKING:
    from collections.abc import Iterator

# Parts of office files with words, by their suffix: Word, PowerPoint, OpenDocument.
_PARTS: Final = {
    ".docx": re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml"),
    ".pptx": re.compile(r"ppt/(?:slides/slide|notesSlides/notesSlide)\d+\.xml"),
    ".odt": re.compile(r"(?:content|styles)\.xml"),
    ".odp": re.compile(r"(?:content|styles)\.xml"),
}
_ALIKE: Final = {
    ".docm": ".docx", ".dotx": ".docx", ".dotm": ".docx", ".pptm": ".pptx", ".ott": ".odt", ".htm": ".html",
}  # fmt: skip
_MATHS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/math"  # equations are read as linear text
_GAPS = frozenset(("br", "cr", "tab", "line-break", "s"))
_SILENT = frozenset("head iframe noscript object script select style svg template textarea title".split())
_INLINE = frozenset("a abbr b big cite code em font i ins kbd mark q s small span strong sub sup tt u".split())


def source_lines(data: bytes, source: str, suffix: str) -> list[str]:
    """The paragraphs of a file that have words, in its order; [] for other formats."""
    kind = _ALIKE.get(suffix, suffix)
    try:
        if kind == ".html":
            lines = list(_lines_of_page(parse_html(text_of_page(data, source)).find("body")))
        else:
            lines = list(_lines_of_office(data, source, kind)) if kind in _PARTS else []
    except (DocumentError, SyntaxError, ValueError, zipfile.BadZipFile):  # the reader says what is wrong with a file
        return []
    return [line for words in lines if any(map(str.isalnum, line := in_one_line(words)))]


def _lines_of_office(data: bytes, source: str, kind: str) -> Iterator[str]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    with open_parts(data, source) as parts:
        for name in filter(_PARTS[kind].fullmatch, parts.namelist()):
            yield from _paragraphs(etree.fromstring(parts.read(name), parser), is_open=kind.startswith(".od"))


def _paragraphs(root: Any, *, is_open: bool) -> Iterator[str]:  # noqa: ANN401 - lxml's elements, which have no types
    """The words of each paragraph, without those of paragraphs inside it."""
    words: dict[Any, list[str]] = {}
    texts = "//text()" if is_open else f"//*[local-name()='t' and namespace-uri()!='{_MATHS}']/text()"
    for text in root.xpath(texts):
        holder = next(_holders(text.getparent(), is_tail=text.is_tail), None)
        if holder is not None:
            words.setdefault(holder, []).append(f"{' ' * _is_after_gap(text)}{text}")
    yield from map("".join, words.values())


def _is_after_gap(text: Any) -> bool:  # noqa: ANN401 - as above
    """Whether a line break or a tab stands before a text."""
    from lxml import etree

    parent = text.getparent()
    before = parent if text.is_tail else parent.getprevious() if etree.QName(parent).localname == "t" else None
    return before is not None and isinstance(before.tag, str) and etree.QName(before).localname in _GAPS


def _holders(element: Any, *, is_tail: bool) -> Iterator[Any]:  # noqa: ANN401 - as above
    """The paragraph around a text, if it is shown at all."""
    from lxml import etree

    chain = [*([] if is_tail else [element]), *element.iterancestors()]
    names = [etree.QName(each).localname if isinstance(each.tag, str) else "" for each in chain]
    if "Fallback" not in names:  # the same words for older programs
        yield from (each for each, name in zip(chain, names, strict=True) if name in ("p", "h"))


def _lines_of_page(body: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    """The words between two elements that begin a line of their own."""
    from lxml import etree

    words: list[str] = []
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, node in walk:
        is_break = not isinstance(node.tag, str) or node.tag not in _INLINE
        if is_break:
            yield "".join(words)
            words = []
        if event == "start" and (node.tag in _SILENT or not isinstance(node.tag, str)):
            walk.skip_subtree()
        elif event == "start":
            words.append(node.text or "")
        if event == "end":
            words.append(node.tail or "")
    yield "".join(words)

"""
Read web pages: documents whole, articles with trafilatura without the page around them.

Trafilatura drops what looks like furniture, short headings with anchors among it, and so would lend the paragraphs of
one article to another. A page that is a document is therefore read by `paragraphs`. No link is followed and nothing is
fetched.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from retrieval.errors import EmptyError, EncodingError
from retrieval.reading.assembly.content import (
    Metadata,
    Piece,
    content_of,
    in_one_line,
    shown_title,
    structured_content,
    with_notes,
)
from retrieval.reading.assembly.line_breaks import divide_at_breaks
from retrieval.reading.assembly.table_rows import row_pieces
from retrieval.reading.document import Content, Unread
from retrieval.reading.html.cleanup import clean_page, page_text, parse_html
from retrieval.reading.html.legacy_font import convert_legacy_page
from retrieval.reading.html.page_kind import page_kind, statute_in
from retrieval.reading.html.paragraphs import page_blocks
from retrieval.reading.text.characters import to_superscript
from retrieval.reading.text.encoding import decode, decode_windows_1252

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.reading.html.page_kind import PageKind
    from retrieval.reading.html.paragraphs import PageBlock

_CHARSET = re.compile(
    rb"(?:<meta[^>]{0,200}charset|<\?xml[^>]{0,200}encoding)\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE
)
# Lists numbered 1, 2, 3; other numbering is lost in trafilatura.
_COUNTED = "//ol[not(@start or @type or @reversed or li/@value or li/@type)]"
_RAISED = re.compile(r"(<sup\b[^>]*>)(.{1,500}?)(</sup\s*>)", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"(<[^>]*>|&[#\w]+;)")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_INNER = ("item", "p", "cell", "row")
_WESTERN = ("ascii", "iso8859-1", "cp1252")  # one encoding to browsers (WHATWG Encoding, 4.2)
_HEAD = 4096  # bytes in which browsers look for the encoding
# Only dates that the page states as its own: no search in the text, no comparison with today.
_DATES = {"original_date": True, "extensive_search": False, "min_date": "1900-01-01", "max_date": "2200-01-01"}


def read_web_page(data: bytes, source: str) -> Content:
    """Read an HTML file."""
    page, origin = convert_legacy_page(text_of_page(data, source))
    tree, notes = clean_page(page)
    blocks = list(page_blocks(tree))
    kind = page_kind(tree, blocks)
    if kind in ("office", "document"):
        metadata = _office_metadata(tree, blocks) if kind == "office" else _metadata(tree)
        content = content_of(with_notes([block.piece for block in blocks], notes), metadata, origin=origin)
        content = replace(content, unread=tuple(_unread(tree)))
    else:
        content = replace(_site_content(tree, blocks, notes, kind), origin=origin)
    if not content.text:
        raise EmptyError(f"a web page holds an article, none was found in {source}: save its text as .txt")
    return content


def _unread(tree: Any) -> Iterator[Unread]:  # noqa: ANN401 - lxml's elements, which have no types
    """Equations, whose letters alone would be another equation."""
    if equations := len(tree.xpath("//math")):
        yield Unread("equation", count=equations)


def pieces_of_page(data: bytes, source: str) -> list[Piece]:
    """All that a page shows, for pages inside other documents."""
    page, _ = convert_legacy_page(text_of_page(data, source))
    tree, notes = clean_page(page)
    return [*(block.piece for block in page_blocks(tree)), *notes]


def _site_content(tree: Any, blocks: list[PageBlock], notes: list[Piece], kind: PageKind) -> Content:  # noqa: ANN401 - as above
    """The article of a site's page as trafilatura finds it; a statute is kept whole."""
    from trafilatura import bare_extraction

    page = _RAISED.sub(_in_superscript, page_text(tree))
    found: Any = bare_extraction(
        page,
        include_comments=False,
        include_tables=True,
        favor_recall=True,
        with_metadata=True,
        date_extraction_params=_DATES,
    )
    metadata = Metadata() if found is None else _metadata_of(found)
    body = None if found is None else found.body
    pieces = [] if body is None else list(_pieces(body, _counted(page)))
    if kind == "statute":
        whole = [block.piece for block in statute_in(blocks, [piece.text for piece in pieces])]
        return content_of(with_notes(whole, notes), metadata)
    # Too short for an article: take all text.
    return structured_content(with_notes(pieces or [block.piece for block in blocks], notes), metadata)


def text_of_page(data: bytes, source: str) -> str:
    """Decode a page: as what it surely is, else by the encoding that it declares."""
    try:
        return decode(data, source)
    except EncodingError:
        named = None if b"\0" in data else _CHARSET.search(data[:_HEAD])
        try:
            if named:
                return decode(_in_encoding(data, named[1].decode()).encode(), source)
        except (LookupError, UnicodeError):
            pass  # the declared encoding is wrong
        page = decode_windows_1252(data)
        if "\0" in page or not convert_legacy_page(page)[1]:
            raise
        return page


def _in_encoding(data: bytes, name: str) -> str:
    return decode_windows_1252(data) if codecs.lookup(name).name in _WESTERN else data.decode(name)


def _in_superscript(found: re.Match[str]) -> str:
    """Turn <sup> digits into superscripts: trafilatura would make 10<sup>5</sup> 105."""
    parts = _MARKUP.split(found[2])
    words = "".join(part if _MARKUP.fullmatch(part) else to_superscript(part) for part in parts)
    return f"{found[1]}{words}{found[3]}"


def _counted(page: str) -> frozenset[tuple[str, ...]]:
    """The page's numbered lists, each as the letters of its items."""
    return frozenset(
        tuple(_letters(item.text_content()) for item in items.iterchildren("li"))
        for items in parse_html(page).xpath(_COUNTED)
    )


def _letters(words: str) -> str:
    return "".join(words.split())


def _pieces(element: Any, counted: frozenset[tuple[str, ...]]) -> Iterator[Piece]:  # noqa: ANN401 - an lxml element, which has no types
    for part in element:
        if part.tag == "head":
            level = re.sub(r"\D", "", part.get("rend") or "") or "2"
            yield Piece(_words(part), kind="heading", level=min(int(level), 6))
        elif part.tag == "list":
            yield from _items(part, counted)
        elif part.tag == "table":
            yield from _rows(part)
        elif part.tag == "quote" and len(part):
            yield from _pieces(part, counted)
        else:
            yield from map(Piece, divide_at_breaks(_words(part, at_break="\n")))


def _items(items: Any, counted: frozenset[tuple[str, ...]]) -> Iterator[Piece]:  # noqa: ANN401 - as above
    """List items, numbered as in a browser unless trafilatura has dropped some."""
    words = [_words(item) for item in items.iterchildren("item")]
    numbered = items.get("rend") == "ol" and tuple(map(_letters, words)) in counted
    for number, item in enumerate(words, 1):
        yield Piece(f"{number}. {item}" if numbered else item, depth=1)


def _rows(table: Any) -> Iterator[Piece]:  # noqa: ANN401 - as above
    rows = [list(row.iter("cell")) for row in table.iter("row")]
    headed = bool(rows) and all(cell.get("role") == "head" for cell in rows[0])
    yield from row_pieces([[in_one_line(_words(cell)) for cell in row] for row in rows], headed=headed)


def _words(element: Any, at_break: str = " ") -> str:  # noqa: ANN401 - as above
    """All text below an element, with spaces at inner blocks."""
    parts: list[str] = []
    for inner in element.iter():
        if not isinstance(inner.tag, str):
            continue  # a comment
        parts += [at_break] if inner.tag == "lb" else [" "] if inner.tag in _INNER else []
        parts.append(_SPACES.sub(" ", inner.text or ""))
        if inner is not element:
            parts += [" "] if inner.tag in _INNER else []
            parts.append(_SPACES.sub(" ", inner.tail or ""))
    return "".join(parts)


def _metadata(tree: Any) -> Metadata:  # noqa: ANN401 - as above
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(page_text(tree), date_config=_DATES)
    return Metadata() if found is None else _metadata_of(found)


def _metadata_of(found: Any) -> Metadata:  # noqa: ANN401 - trafilatura's document
    return Metadata(
        title=in_one_line(found.title or ""),
        publisher=in_one_line(found.sitename or ""),
        author=in_one_line(found.author or ""),
        published=_day(found.date or ""),
    )


def _office_metadata(tree: Any, blocks: list[PageBlock]) -> Metadata:  # noqa: ANN401 - as above
    """The title, if the text shows it: word processors fill in the rest themselves."""
    return Metadata(title=shown_title(" ".join(tree.xpath("//head/title/text()")), [one.piece for one in blocks]))


def _day(stated: str) -> date | None:
    try:
        return date.fromisoformat(stated[:10])
    except ValueError:
        return None

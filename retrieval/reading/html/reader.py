"""
Read web pages with trafilatura: the article without the page around it.

No link is followed and nothing is fetched.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from retrieval.errors import EmptyError, EncodingError
from retrieval.reading.assembly.content import Metadata, Piece, in_one_line, structured_content, with_notes
from retrieval.reading.assembly.table_rows import row_pieces
from retrieval.reading.html.cleanup import clean_page, parse_html
from retrieval.reading.html.legacy_font import convert_legacy_page
from retrieval.reading.text.characters import to_superscript
from retrieval.reading.text.encoding import decode, decode_windows_1252

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.reading.document import Content

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
# Lists numbered 1, 2, 3; other numbering is lost in trafilatura.
_COUNTED = "//ol[not(@start or @type or @reversed or li/@value or li/@type)]"
_RAISED = re.compile(r"(<sup\b[^>]*>)(.{1,500}?)(</sup\s*>)", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"(<[^>]*>|&[#\w]+;)")
_WESTERN = ("ascii", "iso8859-1", "cp1252")  # one encoding to browsers (WHATWG Encoding, 4.2)
_HEAD = 4096  # bytes in which browsers look for the encoding
# Only dates that the page states as its own: no search in the text, no comparison with today.
_DATES = {"original_date": True, "extensive_search": False, "min_date": "1900-01-01", "max_date": "2200-01-01"}


def read_web_page(data: bytes, source: str) -> Content:
    """Read an HTML file."""
    from trafilatura import bare_extraction

    page, origin = convert_legacy_page(_text(data, source))
    page, notes = clean_page(page)
    page = _RAISED.sub(_in_superscript, page)
    found: Any = bare_extraction(
        page,
        include_comments=False,
        include_tables=True,
        favor_recall=True,
        with_metadata=True,
        date_extraction_params=_DATES,
    )
    body = None if found is None else found.body
    pieces = [] if body is None else list(_pieces(body, _counted(page)))
    if not pieces:  # too short for an article: take all text
        pieces = [Piece(_all_words(page))]
    pieces = with_notes(pieces, notes)
    if not any(piece.text.strip() for piece in pieces):
        raise EmptyError(f"a web page holds an article, none was found in {source}: save its text as .txt")
    return replace(structured_content(pieces, Metadata() if found is None else _metadata(found)), origin=origin)


def _text(data: bytes, source: str) -> str:
    """Decode a page: as Unicode, else by the encoding that it declares."""
    named = _CHARSET.search(data[:_HEAD])
    if named and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and b"\0" not in data:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            try:
                return decode(_in_encoding(data, named[1].decode()).encode(), source)
            except (LookupError, UnicodeError):
                pass  # the declared encoding is wrong
    try:
        return decode(data, source)
    except EncodingError:
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
            yield Piece(_words(part))


def _items(items: Any, counted: frozenset[tuple[str, ...]]) -> Iterator[Piece]:  # noqa: ANN401 - as above
    """List items, numbered as in a browser unless trafilatura has dropped some."""
    words = [_words(item) for item in items.iterchildren("item")]
    numbered = items.get("rend") == "ol" and tuple(map(_letters, words)) in counted
    for number, item in enumerate(words, 1):
        yield Piece(f"{number}. {item}" if numbered else item)


def _rows(table: Any) -> Iterator[Piece]:  # noqa: ANN401 - as above
    rows = [list(row.iter("cell")) for row in table.iter("row")]
    headed = bool(rows) and all(cell.get("role") == "head" for cell in rows[0])
    yield from row_pieces([[in_one_line(_words(cell)) for cell in row] for row in rows], headed=headed)


def _words(element: Any) -> str:  # noqa: ANN401 - as above
    """All text below an element, with spaces at line breaks and inner blocks."""
    parts: list[str] = []
    for inner in element.iter():
        if not isinstance(inner.tag, str):
            continue  # a comment
        parts += [" "] if inner.tag in ("lb", "item", "p", "cell", "row") else []
        parts.append(inner.text or "")
        if inner is not element:
            parts += [" "] if inner.tag in ("item", "p", "cell", "row") else []
            parts.append(inner.tail or "")
    return "".join(parts)


def _all_words(page: str) -> str:
    return " ".join(parse_html(page).xpath("//body//text()[not(ancestor::script or ancestor::style)]"))


def _metadata(found: Any) -> Metadata:  # noqa: ANN401 - trafilatura's document
    return Metadata(
        title=in_one_line(found.title or ""),
        publisher=in_one_line(found.sitename or ""),
        author=in_one_line(found.author or ""),
        published=_day(found.date or ""),
    )


def _day(stated: str) -> date | None:
    try:
        return date.fromisoformat(stated[:10])
    except ValueError:
        return None

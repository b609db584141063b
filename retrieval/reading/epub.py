"""
Read .epub: the pages of a book in its reading order.

EPUB 3.3, sections 4 and 5: a container names the package, whose spine lists the pages.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from retrieval.errors import BrokenError, EmptyError, LockedError
from retrieval.reading.assembly.content import Metadata, content_of, in_one_line
from retrieval.reading.assembly.zip_parts import open_parts
from retrieval.reading.html.reader import pieces_of_page

if TYPE_CHECKING:
    import zipfile

    from retrieval.reading.assembly.content import Piece
    from retrieval.reading.document import Content

_NAMES = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "e": "http://www.w3.org/2001/04/xmlenc#",
}
_ENCRYPTION = "META-INF/encryption.xml"
_MOST_PAGES = 5000


def read_book(data: bytes, source: str) -> Content:
    """Read an .epub file."""
    with open_parts(data, source) as parts:
        package, folder = _package(parts, source)
        pages = [posixpath.normpath(posixpath.join(folder, page)) for page in _spine(package)][:_MOST_PAGES]
        names = set(parts.namelist())
        if _ENCRYPTION in names and _encrypted(parts) & set(pages):
            raise LockedError(f"a document can be read without a licence, {source} cannot: save it without protection")
        pieces: list[Piece] = []
        for page in pages:
            if page in names:
                pieces += pieces_of_page(parts.read(page), source)
    if not pieces:
        raise EmptyError(f"a book holds text, {source} has none: fill it or remove it")
    return content_of(pieces, Metadata(title=_first(package, "dc:title"), author=_first(package, "dc:creator")))


def _package(parts: zipfile.ZipFile, source: str) -> tuple[Any, str]:
    """The package document, and the folder that its paths begin at."""
    try:
        container = _parse(parts, "META-INF/container.xml")
        (path, *_) = container.xpath("//c:rootfile/@full-path", namespaces=_NAMES)
        return _parse(parts, str(path)), posixpath.dirname(str(path))
    except (KeyError, ValueError) as error:
        raise BrokenError(
            f"a book has a container that names its pages, {source} has none ({type(error).__name__}): save it again"
        ) from None


def _spine(package: Any) -> list[str]:  # noqa: ANN401 - an lxml element, which has no types
    """The paths of the pages in reading order, without the table of contents."""
    items = {item.get("id"): item for item in package.xpath("//o:manifest/o:item", namespaces=_NAMES)}
    spine = (items.get(each.get("idref")) for each in package.xpath("//o:spine/o:itemref", namespaces=_NAMES))
    return [
        unquote(item.get("href") or "")
        for item in spine
        if item is not None and "nav" not in (item.get("properties") or "").split()
    ]


def _encrypted(parts: zipfile.ZipFile) -> set[str]:
    found = _parse(parts, _ENCRYPTION).xpath("//e:CipherReference/@URI", namespaces=_NAMES)
    return {unquote(str(path)) for path in found}


def _first(package: Any, name: str) -> str:  # noqa: ANN401 - as above
    found = package.xpath(f"//{name}", namespaces=_NAMES)
    return in_one_line("".join(found[0].itertext())) if found else ""


def _parse(parts: zipfile.ZipFile, name: str) -> Any:  # noqa: ANN401 - as above
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(parts.read(name), parser)

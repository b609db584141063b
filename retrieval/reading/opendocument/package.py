"""
Open an OpenDocument file: its content and styles as XML.

OpenDocument 1.3, part 3. What is deleted, hidden or a comment is taken out here, so that no reader meets it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from retrieval.errors import BrokenError, LockedError
from retrieval.reading.assembly.zip_parts import open_parts
from retrieval.reading.document import Unread

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

NAMES: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
    "script": "urn:oasis:names:tc:opendocument:xmlns:script:1.0",
}
_NEVER_SHOWN = (
    "//office:annotation | //office:annotation-end | //text:tracked-changes | //text:hidden-text"
    " | //text:hidden-paragraph | //text:*[@text:display='none']"
    " | //text:table-of-content | //text:alphabetical-index | //text:illustration-index | //text:table-index"
)
_MARGINS = (
    "//office:master-styles//*[self::style:header or self::style:header-left or self::style:header-first"
    " or self::style:footer or self::style:footer-left or self::style:footer-first]//text:p"
)
_MANIFEST = "META-INF/manifest.xml"


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """The body, the styles by name, and what is left unread."""

    body: Any  # lxml elements, which have no types
    styles: dict[str, Any]
    list_styles: dict[str, Any]
    unread: tuple[Unread, ...]
    margins: list[Any]  # the paragraphs of headers and footers


def open_document(data: bytes, source: str, body: str) -> OpenDocument:
    """Open a file whose body is office:`body` ("text", "spreadsheet" or "presentation")."""
    with open_parts(data, source) as parts:
        names = set(parts.namelist())
        if _MANIFEST in names and find_all(_parse(parts, _MANIFEST), "//manifest:encryption-data"):
            raise LockedError(f"a document can be read without a password, {source} cannot: save it without one")
        if "content.xml" not in names:
            raise BrokenError(
                f"an OpenDocument file has a part content.xml, {source} has none: open it in its own program "
                "and save it again"
            )
        content = _parse(parts, "content.xml")
        trees = [content, *([_parse(parts, "styles.xml")] if "styles.xml" in names else [])]
        macros = any(name.startswith("Basic/") and not name.endswith(("script-lc.xml", "/")) for name in names)
    found = find_all(content, f"//office:body/office:{body}")
    if not found:
        raise BrokenError(f"a document is what its suffix says, {source} has no {body}: correct its suffix")
    styles = {style.get(qname("style", "name")): style for tree in trees for style in find_all(tree, "//style:style")}
    kinds = (each for tree in reversed(trees) for each in find_all(tree, "//text:list-style"))
    lists = {each.get(qname("style", "name")): each for each in kinds}
    _remove_hidden(content, styles)
    margins = [each for tree in trees for each in find_all(tree, _MARGINS)]
    return OpenDocument(found[0], styles, lists, tuple(_unread(found[0], macros=macros)), margins)


def qname(prefix: str, name: str) -> str:
    """The name of an element or attribute as lxml writes it."""
    return f"{{{NAMES[prefix]}}}{name}"


def find_all(element: Any, path: str) -> list[Any]:  # noqa: ANN401 - an lxml element, which has no types
    """What an XPath finds below an element."""
    return list(element.xpath(path, namespaces=NAMES))


def style_value(styles: dict[str, Any], name: str | None, path: str) -> str:
    """An attribute of a style or of its parents; "" if none states it."""
    for _ in range(20):  # a damaged file may have a cycle
        style = styles.get(name or "")
        if style is None:
            return ""
        if found := find_all(style, path):
            return str(found[0])
        name = style.get(qname("style", "parent-style-name"))
    return ""


def _parse(parts: zipfile.ZipFile, name: str) -> Any:  # noqa: ANN401 - as above
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(parts.read(name), parser).getroottree()


def _remove_hidden(content: Any, styles: dict[str, Any]) -> None:  # noqa: ANN401 - as above
    """Take out what the program does not show: comments, deletions, hidden and struck-out text, contents."""
    for element in find_all(content, _NEVER_SHOWN):
        _drop(element)
    for element in find_all(content, "//text:span | //text:p | //text:h"):
        style = element.get(qname("text", "style-name"))
        properties = "./style:text-properties/"
        struck = style_value(styles, style, f"{properties}@style:text-line-through-style")
        if style_value(styles, style, f"{properties}@text:display") == "none" or struck not in ("", "none"):
            _drop(element)


def _drop(element: Any) -> None:  # noqa: ANN401 - as above
    """Remove an element, but not the text behind it."""
    above, before = element.getparent(), element.getprevious()
    if above is None:
        return
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            above.text = (above.text or "") + element.tail
    above.remove(element)


def _unread(body: Any, *, macros: bool) -> Iterator[Unread]:  # noqa: ANN401 - as above
    objects = len(find_all(body, ".//draw:object | .//draw:object-ole | .//draw:plugin"))
    if objects:
        yield Unread("embedded-object", count=objects)
    if macros:
        yield Unread("macro")

"""
Legacy fonts in a web page: its text is put into Unicode before anything is taken from it.

By its letters alone: pages of that time name their fonts in style sheets of another file, or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.reading.text.legacy_font import detect_legacy_font

if TYPE_CHECKING:
    from retrieval.reading.document import Origin

_SAID = "//text()[not(ancestor::script or ancestor::style)]"
_ATTRIBUTES = "//meta/@content"


def convert_legacy_page(page: str) -> tuple[str, Origin]:
    """A page and "", or what it is in Unicode and the font that it is converted from."""
    from lxml import html

    tree = html.document_fromstring(page.encode() or b" ", parser=html.HTMLParser(encoding="utf-8"))
    said = tree.xpath(_SAID)
    legacy = detect_legacy_font(said)
    if legacy is None:
        return page, ""
    for words in (*said, *tree.xpath(_ATTRIBUTES)):
        if not legacy.applies_to(words):
            continue
        place, converted = words.getparent(), legacy.to_unicode(words)
        if words.is_attribute:
            place.set(words.attrname, converted)
        elif words.is_tail:
            place.tail = converted
        else:
            place.text = converted
    return html.tostring(tree, encoding="unicode"), legacy.origin

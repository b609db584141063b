"""
Convert the legacy fonts of a web page to Unicode before extraction.

Detected by the letters alone: such pages name their fonts in separate style sheets, or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.reading.text.legacy_font import detect_legacy_font

if TYPE_CHECKING:
    from retrieval.reading.document import Origin

_TEXTS = "//text()[not(ancestor::script or ancestor::style)]"
_ATTRIBUTES = "//meta/@content"


def convert_legacy_page(page: str) -> tuple[str, Origin]:
    """The page in Unicode and the legacy font it was converted from, "" for none."""
    from lxml import html

    tree = html.document_fromstring(page.encode() or b" ", parser=html.HTMLParser(encoding="utf-8"))
    texts = tree.xpath(_TEXTS)
    legacy = detect_legacy_font(texts)
    if legacy is None:
        return page, ""
    for words in (*texts, *tree.xpath(_ATTRIBUTES)):
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

"""
Convert the legacy fonts of a web page to Unicode before extraction.

A page saved by an office program names its fonts at the words (`<font face>`, `style`); others name them in separate
style sheets, or not at all, and are decided by their letters: see `text.legacy_decoder`. A font in Unicode is taken for
none: pages name one for what a style sheet shows in another.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from retrieval.reading.text.legacy_decoder import LegacyDecoder, convert_stretch
from retrieval.reading.text.legacy_font import legacy_font_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrieval.reading.document import Origin

_TEXTS = "//text()[not(ancestor::script or ancestor::style)]"
_ATTRIBUTES = "//meta/@content"
_FAMILY = re.compile(r"font-family\s*:\s*[\"']?\s*([^\"',;]+)", re.IGNORECASE)
_INLINE = frozenset("a abbr b big code em font i ins mark o:p s small span strong sub sup tt u".split())


def convert_legacy_page(page: str) -> tuple[str, Origin]:
    """The page in Unicode and its most frequent legacy font, "" for none."""
    from lxml import html

    tree = html.document_fromstring(page.encode() or b" ", parser=html.HTMLParser(encoding="utf-8"))
    stretches = list(_stretches(tree.xpath(_TEXTS)))
    decoder = LegacyDecoder((font, "".join(nodes)) for font, nodes in stretches)
    if not decoder.origin:
        return page, ""
    for font, nodes in stretches:
        legacy = decoder.font_of("".join(nodes), font)
        if legacy is not None:
            for node in nodes:
                _replace(node, convert_stretch(node, legacy, font))
    for content in tree.xpath(_ATTRIBUTES):
        content.getparent().set(content.attrname, decoder.decode_any(content))
    return html.tostring(tree, encoding="unicode"), decoder.origin


def _stretches(nodes: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    """The text nodes grouped by paragraph and font; "" where no legacy font is named."""
    for (_, font), group in groupby(nodes, _paragraph_and_font):
        yield font, list(group)


def _paragraph_and_font(node: Any) -> tuple[Any, str]:  # noqa: ANN401 - a text node of lxml, which has no types
    element, font = node.getparent(), ""
    if node.is_tail:
        element = element.getparent()
    while element is not None:
        font = font or _named_font(element)
        if element.tag not in _INLINE:
            break
        element = element.getparent()
    paragraph = element
    while element is not None and not font:
        font, element = _named_font(element), element.getparent()
    return paragraph, font if legacy_font_named(font) else ""


def _named_font(element: Any) -> str:  # noqa: ANN401 - as above
    """The font that an element names, "" if none."""
    named = _FAMILY.search(element.get("style", ""))
    return (named[1] if named else element.get("face", "").split(",")[0]).strip()


def _replace(node: Any, words: str) -> None:  # noqa: ANN401 - as above
    place = node.getparent()
    if node.is_tail:
        place.tail = words
    else:
        place.text = words

"""
Convert the legacy fonts of a .docx, run by run, to Unicode.

Runs name their fonts, so Unicode in the same paragraph stays as it is. Whatever the name, the letters decide: see
`text.legacy_font`. Uncertain text is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from retrieval.reading.docx.xml import find_all, find_value
from retrieval.reading.text.legacy_font import LEGACY_FONTS, detect_legacy_font, legacy_font_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docx.document import Document as WordDocument

    from retrieval.reading.document import Origin
    from retrieval.reading.text.legacy_font import LegacyFont

_LONGEST_CHAIN = 20  # styles based on one another; a damaged file may have a cycle


class DocxLegacyFonts:
    """The legacy fonts of one document, detected from its body."""

    def __init__(self, document: WordDocument) -> None:
        self._styles = {
            find_value(style, "@w:styleId"): style
            for style in find_all(document.styles.element, "./w:style[@w:styleId]")
        }
        self._default = _font(document.styles.element, "./w:docDefaults/w:rPrDefault/")
        self._normal = find_value(
            document.styles.element, "./w:style[@w:type='paragraph' and @w:default='1']/@w:styleId"
        )
        stretches = [stretch for text in find_all(document.element.body, ".//w:p") for stretch in self._stretches(text)]
        words: dict[str, list[str]] = defaultdict(list)
        for font, nodes in stretches:
            words[_origin_of(font)].append(_words(nodes))
        self._named = [legacy for legacy in LEGACY_FONTS if legacy.is_certain(words[legacy.origin], 1)]
        self._unnamed = detect_legacy_font(words[""])

    @property
    def origin(self) -> Origin:
        """The legacy font that is converted; "" if there is none."""
        return self._legacy_font.origin if self._legacy_font else ""

    @property
    def _legacy_font(self) -> LegacyFont | None:
        return next((legacy for legacy in LEGACY_FONTS if legacy in self._named or legacy is self._unnamed), None)

    def convert(self, words: str) -> str:
        """Convert a document property, which Word fills with the first line."""
        return (
            self._legacy_font.to_unicode(words) if self._legacy_font and self._legacy_font.applies_to(words) else words
        )

    def convert_below(self, element: Any) -> None:  # noqa: ANN401 - an XML element, which has no types
        """Convert all paragraphs below an element in place."""
        if self.origin:
            for paragraph in find_all(element, ".//w:p"):
                for font, nodes in self._stretches(paragraph):
                    self._restore(font, nodes)

    def _restore(self, font: str, nodes: list[Any]) -> None:
        legacy = legacy_font_named(font)
        legacy = self._unnamed if legacy is None else legacy if legacy in self._named else None
        if legacy is None or not legacy.applies_to(_words(nodes)):
            return
        _close_up(nodes, legacy)
        is_capitals = legacy.capitals is not None and legacy.capitals.match(font) is not None
        for node in nodes:
            words = legacy.to_unicode(node.text or "")
            node.text = words.upper() if is_capitals else words

    def _stretches(self, paragraph: Any) -> Iterator[tuple[str, list[Any]]]:  # noqa: ANN401 - as above
        """The text nodes of a paragraph grouped by font; "" for all Unicode fonts."""
        style = find_value(paragraph, "./w:pPr/w:pStyle/@w:val") or self._normal
        own = self._font_of_style(style)
        nodes = find_all(paragraph, ".//w:t[not(ancestor::w:txbxContent)]")
        for font, group in groupby(nodes, lambda node: self._name(node, own)):
            yield font, list(group)

    def _name(self, node: Any, own: str) -> str:  # noqa: ANN401 - as above
        style = find_value(node, "../w:rPr/w:rStyle/@w:val")
        font = _font(node, "../") or (style and self._font_of_style(style)) or own or self._default
        return font if legacy_font_named(font) else ""

    def _font_of_style(self, name: str) -> str:
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(name)
            if style is None:
                return ""
            if font := _font(style, "./"):
                return font
            name = find_value(style, "./w:basedOn/@w:val")
        return ""


def _font(element: Any, way: str) -> str:  # noqa: ANN401 - as above
    """The font of an element; non-ASCII letters use hAnsi."""
    place = f"{way}w:rPr/w:rFonts/"
    return find_value(element, f"{place}@w:hAnsi") or find_value(element, f"{place}@w:ascii")


def _origin_of(font: str) -> str:
    legacy = legacy_font_named(font)
    return legacy.origin if legacy else ""


def _words(nodes: Iterable[Any]) -> str:
    return "".join(node.text or "" for node in nodes)


def _close_up(nodes: list[Any], legacy: LegacyFont) -> None:
    """Rejoin two-character letters that a run boundary splits."""
    for before, after in pairwise(nodes):
        words, rest = before.text or "", after.text or ""
        if words and rest and words[-1] + rest[0] in legacy.letters:
            before.text, after.text = words + rest[0], rest[1:]

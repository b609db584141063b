"""
Convert the legacy fonts of a .docx, run by run, to Unicode.

Runs name their fonts, so Unicode in the same paragraph stays as it is: see `text.legacy_decoder`. In TCVN3 a soft
hyphen, which Word and LibreOffice store as an element, is the letter "ư"; elsewhere it is no letter.
"""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from retrieval.reading.docx.xml import find_all, find_value
from retrieval.reading.text.legacy_decoder import LegacyDecoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docx.document import Document as WordDocument

    from retrieval.reading.document import Origin
    from retrieval.reading.text.legacy_font import LegacyFont

_LONGEST_CHAIN = 20  # styles based on one another; a damaged file may have a cycle
_SOFT_HYPHEN = "\u00ad"


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
        paragraphs = find_all(document.element.body, ".//w:p")
        stretches = (stretch for paragraph in paragraphs for stretch in self._stretches(paragraph))
        self._decoder = LegacyDecoder((font, _words(nodes)) for font, nodes in stretches)

    @property
    def origin(self) -> Origin:
        """The legacy font that is converted; "" if there is none."""
        return self._decoder.origin

    def convert(self, words: str) -> str:
        """Convert a document property, which Word fills with the first line."""
        return self._decoder.decode_any(words)

    def convert_below(self, element: Any) -> None:  # noqa: ANN401 - an XML element, which has no types
        """Convert all paragraphs below an element in place."""
        if self.origin:
            for paragraph in find_all(element, ".//w:p"):
                for font, nodes in self._stretches(paragraph):
                    self._restore(font, nodes)

    def _restore(self, font: str, nodes: list[Any]) -> None:
        legacy = self._decoder.font_of(_words(nodes), font)
        if legacy is None:
            return
        _close_up(nodes, legacy)
        for node in nodes:
            words = legacy.in_font(_text(node), font)
            if _is_hyphen(node) and words != _SOFT_HYPHEN:
                node.tag = str(node.tag).replace("softHyphen", "t")
            if not _is_hyphen(node):
                node.text = words

    def _stretches(self, paragraph: Any) -> Iterator[tuple[str, list[Any]]]:  # noqa: ANN401 - as above
        """The text nodes of a paragraph grouped by font; "" where none is named."""
        style = find_value(paragraph, "./w:pPr/w:pStyle/@w:val") or self._normal
        own = self._font_of_style(style)
        nodes = [node for node in find_all(paragraph, ".//w:t | .//w:softHyphen") if _paragraph_of(node) is paragraph]
        for font, group in groupby(nodes, lambda node: self._name(node, own)):
            yield font, list(group)

    def _name(self, node: Any, own: str) -> str:  # noqa: ANN401 - as above
        style = find_value(node, "../w:rPr/w:rStyle/@w:val")
        return _font(node, "../") or (self._font_of_style(style) if style else "") or own or self._default

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


def _paragraph_of(node: Any) -> Any:  # noqa: ANN401 - as above
    """The innermost paragraph around a node: a text box lies inside another one's."""
    return next((above for above in node.iterancestors() if str(above.tag).endswith("}p")), None)


def _is_hyphen(node: Any) -> bool:  # noqa: ANN401 - as above
    return str(node.tag).endswith("}softHyphen")


def _text(node: Any) -> str:  # noqa: ANN401 - as above
    return _SOFT_HYPHEN if _is_hyphen(node) else str(node.text or "")


def _words(nodes: Iterable[Any]) -> str:
    return "".join(map(_text, nodes))


def _close_up(nodes: list[Any], legacy: LegacyFont) -> None:
    """Rejoin two-character letters that a run boundary splits."""
    for before, after in pairwise(nodes):
        words, rest = _text(before), _text(after)
        if words and rest and words[-1] + rest[0] in legacy.letters:
            before.text, after.text = words + rest[0], rest[1:]

"""
The words of OpenDocument paragraphs, their legacy fonts converted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrieval.reading.assembly.content import in_one_line
from retrieval.reading.assembly.line_breaks import divide_at_breaks
from retrieval.reading.opendocument.package import find_all, qname, style_value
from retrieval.reading.text.characters import to_superscript
from retrieval.reading.text.legacy_decoder import LegacyDecoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.reading.opendocument.package import OpenDocument

_MOST_SPACES = 1000  # that one element stands for; damaged files name millions
_PARAGRAPHS = (qname("text", "p"), qname("text", "h"))
_APART = (
    qname("draw", "text-box"),
    qname("draw", "custom-shape"),
    qname("table", "table"),
    qname("text", "note-body"),
    qname("draw", "object"),
)


class OpenDocumentWords:
    """Reads paragraphs of one document, whose fonts were looked at as a whole."""

    def __init__(self, document: OpenDocument) -> None:
        self._styles = document.styles
        paragraphs = find_all(document.body, ".//text:p | .//text:h")
        self._decoder = LegacyDecoder(run for paragraph in paragraphs for run in self._runs(paragraph))
        self.origin = self._decoder.origin

    def lines_of(self, paragraph: Any) -> list[str]:  # noqa: ANN401 - an lxml element, which has no types
        """The nonempty lines of a paragraph, parted at its line breaks."""
        words = "".join(self._decoder.decode(words, font) for font, words in self._runs(paragraph))
        return [line for line in map(in_one_line, divide_at_breaks(words)) if line]

    def line_of(self, paragraph: Any) -> str:  # noqa: ANN401 - as above
        """The words of a paragraph in one line."""
        return " ".join(self.lines_of(paragraph))

    def _runs(self, paragraph: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - as above
        """The font and words of each stretch, without what stands apart from the paragraph."""
        yield from self._inner(paragraph, self._font_of(paragraph, ""), is_raised=False)

    def _inner(self, element: Any, font: str, *, is_raised: bool) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - as above
        if element.text:
            yield font, _shown(element.text, is_raised=is_raised)
        for child in element:
            if child.tag == qname("text", "s"):
                yield font, " " * min(int(child.get(qname("text", "c")) or 1), _MOST_SPACES)
            elif child.tag == qname("text", "tab"):
                yield font, " "
            elif child.tag == qname("text", "line-break"):
                yield font, "\n"
            elif child.tag == qname("text", "note"):
                yield "", to_superscript(_citation(child))
            elif child.tag not in _APART:
                own = self._font_of(child, font)
                yield from self._inner(child, own, is_raised=is_raised or self._is_raised(child))
            if child.tail:
                yield font, _shown(child.tail, is_raised=is_raised)

    def _font_of(self, element: Any, outer: str) -> str:  # noqa: ANN401 - as above
        style = element.get(qname("text", "style-name"))
        named = "./style:text-properties/"
        found = style_value(self._styles, style, f"{named}@style:font-name") or style_value(
            self._styles, style, f"{named}@fo:font-family"
        )
        return found.strip("'\"") or outer

    def _is_raised(self, element: Any) -> bool:  # noqa: ANN401 - as above
        style = element.get(qname("text", "style-name"))
        position = style_value(self._styles, style, "./style:text-properties/@style:text-position")
        return position.startswith("super")


def _shown(words: str, *, is_raised: bool) -> str:
    """Text of the XML, in which line ends are spaces."""
    words = words.replace("\n", " ")
    return to_superscript(words) if is_raised else words


def _citation(note: Any) -> str:  # noqa: ANN401 - as above
    return "".join("".join(found.itertext()) for found in find_all(note, "./text:note-citation")).strip()

"""
The margins of a Word file: headers, footers, and words drawn as pictures.

They are no text to quote, but may bear a mark of secrecy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrieval.reading.assembly.content import in_one_line
from retrieval.reading.docx.cleanup import show_only_text
from retrieval.reading.docx.paragraph_text import text_of
from retrieval.reading.docx.xml import find_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docx.document import Document as WordDocument

    from retrieval.reading.docx.hidden_text import HiddenText
    from retrieval.reading.docx.legacy_font import DocxLegacyFonts

_MARGINS = ("/header", "/footer")  # how the types of their relationships end
_DRAWN = ".//v:textpath/@string"  # watermarks and WordArt
_MOST = 200  # different lines


def drawn_words(element: Any) -> list[str]:  # noqa: ANN401 - an XML element, which has no types
    """The words that are drawn below an element, before it is cleaned up."""
    return list(map(str, find_all(element, _DRAWN)))


def margins_of(
    document: WordDocument, hidden: HiddenText, legacy_fonts: DocxLegacyFonts, drawn: Sequence[str]
) -> tuple[str, ...]:
    """The lines of headers and footers, and drawn words, each once."""
    words = (*drawn, *_words(document, hidden, legacy_fonts))
    return tuple(dict.fromkeys(line for each in words if (line := in_one_line(each))))[:_MOST]


def _words(document: WordDocument, hidden: HiddenText, legacy_fonts: DocxLegacyFonts) -> Iterator[str]:
    for relation in document.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(_MARGINS):
            continue
        element = getattr(relation.target_part, "element", None)
        if element is not None:
            yield from drawn_words(element)
            show_only_text(element, hidden)
            legacy_fonts.convert_below(element)
            yield from map(text_of, find_all(element, ".//w:p"))

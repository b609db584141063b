"""
Footnotes and endnotes of a .docx, numbered as Word numbers them.

They are stored in separate parts. By default Word counts in the order of references: 1, 2, 3 for footnotes and i, ii,
iii for endnotes. The ids in the file say nothing about that order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrieval.reading.assembly.content import Piece
from retrieval.reading.assembly.list_number import format_number
from retrieval.reading.docx.cleanup import show_only_text
from retrieval.reading.docx.paragraph_text import text_of
from retrieval.reading.docx.xml import find_all, find_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument

    from retrieval.reading.docx.hidden_text import HiddenText
    from retrieval.reading.docx.legacy_font import DocxLegacyFonts
    from retrieval.reading.docx.superscripts import SuperscriptStyles

_FORMATS = {"footnote": "decimal", "endnote": "lowerRoman"}
_REFERENCES = ".//*[self::w:footnoteReference or self::w:endnoteReference]"


class DocxNotes:
    """The notes of one document; those without a reference are dropped, as in Word."""

    def __init__(
        self, document: WordDocument, hidden: HiddenText, legacy_fonts: DocxLegacyFonts, raised: SuperscriptStyles
    ) -> None:
        self._document = document
        self._hidden = hidden
        self._legacy_fonts = legacy_fonts
        self._raised = raised
        self._markers: dict[tuple[str, str], str] = {}
        for kind, form in _FORMATS.items():
            names = [name for name in map(_name, find_all(document.element.body, _REFERENCES)) if name[0] == kind]
            for count, name in enumerate(dict.fromkeys(names), 1):
                self._markers[name] = format_number(count, form)

    def markers_of(self, paragraph: Any) -> tuple[str, ...]:  # noqa: ANN401 - an XML element, which has no types
        """The markers of the notes that a paragraph refers to."""
        return tuple(
            self._markers[name] for name in map(_name, find_all(paragraph, _REFERENCES)) if name in self._markers
        )

    def pieces(self) -> Iterator[Piece]:
        """The notes themselves, in the order of their references."""
        words = {name: text for kind in _FORMATS for name, text in self._texts(kind)}
        for name, marker in self._markers.items():
            yield Piece(words.get(name, ""), kind="footnote", marker=marker)

    def _texts(self, kind: str) -> Iterator[tuple[tuple[str, str], str]]:
        from docx.oxml import parse_xml

        for relation in self._document.part.rels.values():
            if relation.is_external or not relation.reltype.endswith(f"/{kind}s"):
                continue
            notes = parse_xml(relation.target_part.blob)
            show_only_text(notes, self._hidden)
            self._legacy_fonts.convert_below(notes)
            self._raised.mark(notes)
            for note in find_all(notes, f"./w:{kind}"):
                yield (kind, find_value(note, "@w:id")), " ".join(map(text_of, find_all(note, ".//w:p")))


def _name(reference: Any) -> tuple[str, str]:  # noqa: ANN401 - as above
    """The kind of note and its id within the kind."""
    return str(reference.tag).rpartition("}")[2].removesuffix("Reference"), find_value(reference, "@w:id")

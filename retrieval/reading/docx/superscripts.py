"""
Apply superscripts that come from character styles to the runs themselves.

`xml` looks for them there; without this, 10 to the power of 5 would be quoted as 105.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrieval.reading.docx.xml import find_all, find_value

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_LONGEST_CHAIN = 20  # styles based on one another; a damaged file may have a cycle
_RUNS = ".//w:r[w:rPr/w:rStyle and not(w:rPr/w:vertAlign)]"  # direct formatting overrides the style


class SuperscriptStyles:
    """The character styles of one document that are superscript."""

    def __init__(self, document: WordDocument) -> None:
        styles = find_all(document.styles.element, "./w:style[@w:styleId and @w:type='character']")
        self._styles = {find_value(style, "@w:styleId"): style for style in styles}
        self._raised = frozenset(name for name in self._styles if self._is_raised(name))

    def mark(self, element: Any) -> None:  # noqa: ANN401 - an XML element, which has no types
        """Mark the runs below an element as superscript if their style is."""
        for run in find_all(element, _RUNS) if self._raised else ():
            if find_value(run, "./w:rPr/w:rStyle/@w:val") in self._raised:
                run.get_or_add_rPr().superscript = True

    def _is_raised(self, name: str) -> bool:
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(name)
            if style is None:
                return False
            if alignment := find_value(style, "./w:rPr/w:vertAlign/@w:val"):
                return alignment == "superscript"
            name = find_value(style, "./w:basedOn/@w:val")
        return False

"""
Remove the text that Word hides or strikes out, by direct formatting or by style.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from retrieval.reading.docx.xml import find_all, find_value, is_on

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_LONGEST_CHAIN = 20  # styles based on one another; a damaged file may have a cycle
_PROPERTIES: Final = ("vanish", "strike", "dstrike")
_FORMATTED: Final = ".//w:r[w:rPr[w:vanish or w:strike or w:dstrike]]"
_HIDDEN_MARKS: Final = ".//w:p[w:pPr/w:rPr/w:vanish][not(.//w:t or .//w:sym or .//m:t)]"


class HiddenText:
    """The styles of one document that hide their text or strike it out."""

    def __init__(self, document: WordDocument) -> None:
        styles = find_all(document.styles.element, "./w:style[@w:styleId]")
        self._styles = {find_value(style, "@w:styleId"): style for style in styles}
        states = {name: {each: self._state(name, each) for each in _PROPERTIES} for name in self._styles}
        self._states = {name: state for name, state in states.items() if any(state.values())}

    def remove_below(self, element: Any) -> None:  # noqa: ANN401 - XML elements, which have no types
        """Remove hidden runs, and hidden paragraphs, which lists do not count."""
        for run in find_all(element, ".//w:r" if self._states else _FORMATTED):
            style = find_value(run, "./ancestor::w:p[1]/w:pPr/w:pStyle/@w:val") if self._states else ""
            if any(self._is_on(run, style, each) for each in _PROPERTIES):
                _empty(run)
        for paragraph in find_all(element, _HIDDEN_MARKS):
            if is_on(paragraph, "./w:pPr/w:rPr/w:vanish"):
                paragraph.getparent().remove(paragraph)

    def _is_on(self, run: Any, style: str, name: str) -> bool:  # noqa: ANN401 - as above
        direct = f"./w:rPr/w:{name}"
        if find_all(run, direct):
            return is_on(run, direct)
        own = find_value(run, "./w:rPr/w:rStyle/@w:val")
        return any(self._states.get(one, {}).get(name, False) for one in (own, style))

    def _state(self, style: str, name: str) -> bool:
        for _ in range(_LONGEST_CHAIN):
            element = self._styles.get(style)
            if element is None:
                return False
            if find_all(element, f"./w:rPr/w:{name}"):
                return is_on(element, f"./w:rPr/w:{name}")
            style = find_value(element, "./w:basedOn/@w:val")
        return False


def _empty(run: Any) -> None:  # noqa: ANN401 - as above
    """Remove the text of a run, but not its field characters."""
    for node in find_all(run, "./*[not(self::w:rPr or self::w:fldChar or self::w:instrText)]"):
        run.remove(node)

"""
The text of a paragraph as Word shows it: runs, symbols, equations, ticked boxes.
"""

from __future__ import annotations

from typing import Any, Final

from retrieval.reading.docx.equations import equation_text
from retrieval.reading.docx.symbols import symbol_text, without_private_characters
from retrieval.reading.docx.xml import find_all, find_value, is_on
from retrieval.reading.text.characters import to_superscript

# Nested equations are part of the outer one; `cleanup` has removed what Word does not show.
_NODES: Final = (
    ".//*[self::w:t or self::w:tab or self::w:ptab or self::w:br or self::w:cr or self::w:noBreakHyphen or self::w:sym"
    " or self::w:fldChar[w:ffData] or self::m:oMath]"
    "[not(ancestor::w:pPr) and not(ancestor::w:rt) and not(ancestor::m:oMath)]"
)


def text_of(paragraph: Any, at_break: str = " ") -> str:  # noqa: ANN401 - XML elements, which have no types
    """The text; `at_break` stands for its line breaks."""
    return "".join(_characters(node, at_break) for node in find_all(paragraph, _NODES))


def _characters(node: Any, at_break: str) -> str:  # noqa: ANN401 - as above
    name = str(node.tag).rpartition("}")[2]
    if name == "t":
        font = find_value(node, "../w:rPr/w:rFonts/@w:ascii")
        words = without_private_characters(str(node.text or "").replace("\n", " "), font)
    elif name == "sym":
        words = _symbol(node)
    elif name == "oMath":
        words = equation_text(node)
    elif name == "fldChar":
        words = _form_field(node)
    elif name in ("br", "cr"):
        words = at_break
    else:
        words = "-" if name == "noBreakHyphen" else " "
    return to_superscript(words) if find_value(node, "../w:rPr/w:vertAlign/@w:val") == "superscript" else words


def _symbol(node: Any) -> str:  # noqa: ANN401 - as above
    try:
        return symbol_text(find_value(node, "@w:font"), int(find_value(node, "@w:char"), 16))
    except ValueError:  # a damaged file
        return ""


def _form_field(node: Any) -> str:  # noqa: ANN401 - as above
    """The state of a box or a list of a form."""
    for box in find_all(node, "./w:ffData/w:checkBox"):
        state = "checked" if find_all(box, "./w:checked") else "default"
        return "☒" if is_on(box, f"./w:{state}") else "☐"
    for choices in find_all(node, "./w:ffData/w:ddList"):
        chosen = find_value(choices, "./w:result/@w:val") or find_value(choices, "./w:default/@w:val") or "0"
        entries = find_all(choices, "./w:listEntry/@w:val")
        return str(entries[int(chosen)]) if chosen.isdigit() and int(chosen) < len(entries) else ""
    return ""

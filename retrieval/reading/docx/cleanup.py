"""
Bring a document's XML to what Word shows: paragraphs, runs, tables, rows and cells.

Content controls and other wrappers are replaced by what they hold, text boxes stand below the paragraph that they are
anchored to, and what was deleted, hidden or struck out is gone, and so are tables of contents.
"""

from __future__ import annotations

import re
from typing import Any, Final

from retrieval.reading.docx.hidden_text import HiddenText
from retrieval.reading.docx.xml import find_all, find_value

_DELETED: Final = ".//*[self::w:del or self::w:moveFrom][not(parent::w:rPr or parent::w:trPr)]"
_DELETED_PARTS: Final = ".//w:tr[w:trPr/w:del] | .//w:tc[w:tcPr/w:cellDel]"
_WRAPPERS: Final = ".//*[self::w:ins or self::w:moveTo or self::w:customXml or self::w:smartTag][*]"
_CONTENTS: Final = "./w:sdtPr/w:docPartObj/w:docPartGallery[@w:val='Table of Contents']"
_PROMPT: Final = "./w:sdtPr/w:showingPlcHdr[not(@w:val='0' or @w:val='false' or @w:val='off')]"
_TEXT: Final = ".//w:t | .//w:sym | .//m:t"
_FIELDS: Final = ".//*[self::w:fldChar or self::w:instrText or self::w:t or self::w:tab or self::w:br or self::w:ptab]"
_LISTING = re.compile(r"\s*(?:TOC|INDEX|TOA)\b")  # fields that repeat what stands elsewhere


def show_only_text(element: Any, hidden: HiddenText) -> None:  # noqa: ANN401 - XML elements, which have no types
    """Clean up everything below an element, in place."""
    _remove(find_all(element, _DELETED))
    _remove(find_all(element, _DELETED_PARTS))
    _choose_alternatives(element)
    _unwrap_content_controls(element)
    for wrapper in find_all(element, _WRAPPERS):
        _unwrap(wrapper, wrapper)
    hidden.remove_below(element)
    _remove_listings(element)
    _stand_out_text_boxes(element)


def _remove(elements: list[Any]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.getparent().remove(element)


def _unwrap(wrapper: Any, holder: Any) -> None:  # noqa: ANN401 - as above
    """Put what `holder` holds into the place of `wrapper`."""
    for child in list(holder):
        wrapper.addprevious(child)
    _remove([wrapper])


def _choose_alternatives(element: Any) -> None:  # noqa: ANN401 - as above
    """
    Of two spellings of one thing keep the first that has text.

    Word stores a text box twice, for programs of before 2010 too.
    """
    for both in find_all(element, ".//mc:AlternateContent"):
        spellings = find_all(both, "./mc:Choice | ./mc:Fallback")
        chosen = next((one for one in spellings if find_all(one, _TEXT)), spellings[0] if spellings else None)
        if chosen is None:
            _remove([both])
        else:
            _unwrap(both, chosen)


def _unwrap_content_controls(element: Any) -> None:  # noqa: ANN401 - as above
    for control in find_all(element, ".//w:sdt"):
        content = next(iter(find_all(control, "./w:sdtContent")), None)
        if content is None or find_all(control, _CONTENTS):
            _remove([control])
            continue
        if find_all(control, _PROMPT):  # "Click here to enter text"
            _remove(find_all(content, _TEXT))
        _unwrap(control, content)


def _remove_listings(element: Any) -> None:  # noqa: ANN401 - as above
    """Remove the results of the fields that list contents; fields may be nested."""
    open_fields: list[str] = []  # the instruction of each
    for node in find_all(element, _FIELDS):
        name = str(node.tag).rpartition("}")[2]
        kind = find_value(node, "@w:fldCharType") if name == "fldChar" else ""
        if kind == "begin":
            open_fields.append("")
        elif kind == "end" and open_fields:
            open_fields.pop()
        elif name == "instrText" and open_fields:
            open_fields[-1] += node.text or ""
        elif not kind and any(map(_LISTING.match, open_fields)):
            _remove([node])
    for field in find_all(element, ".//w:fldSimple"):
        if _LISTING.match(find_value(field, "@w:instr")):
            _remove([field])


def _stand_out_text_boxes(element: Any) -> None:  # noqa: ANN401 - as above
    """Move the paragraphs of each text box below the paragraph that anchors it."""
    for box in reversed(find_all(element, ".//w:txbxContent")):  # inner ones first, and the last of an anchor
        for anchor in find_all(box, "./ancestor::w:p[1]"):
            for child in reversed(list(box)):
                anchor.addnext(child)

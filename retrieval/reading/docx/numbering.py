"""
List numbers that Word computes ("Điều 5.", "2.", "a)") but does not store.

Counters for each list and level, and their formats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from retrieval.reading.assembly.list_number import format_number
from retrieval.reading.docx.xml import find_all, find_value

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

_LIST_STYLE = re.compile(r"List (?:Bullet|Number) ([2-5])")
_PLACEHOLDER = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str  # "Điều %1."
    start: int
    restart: int | None  # restarts after levels above this one; 0: never, None: after any higher level
    is_legal: bool  # all its numbers are decimal


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)
    restarts: set[int] = field(default_factory=set)  # levels that restart at the first use of this list

    def next(self, level: int) -> str:
        """Advance a level, reset the deeper ones and format the number; "" for bullets."""
        known = self.levels.get(level)
        if known is None:
            return ""
        if level in self.restarts:
            self.restarts.remove(level)
            self.counts.pop(level, None)
        self.counts[level] = self.counts.get(level, known.start - 1) + 1
        for deeper in [other for other in self.counts if other > level and self._is_reset_by(other, level)]:
            del self.counts[deeper]
        if known.format in ("bullet", "none"):
            return ""
        return _PLACEHOLDER.sub(lambda place: self._count(int(place[1]) - 1, known), known.text).strip()

    def _is_reset_by(self, deeper: int, level: int) -> bool:
        known = self.levels.get(deeper)
        return known is None or known.restart is None or level < known.restart

    def _count(self, level: int, format_level: _Level) -> str:
        known = self.levels.get(level)
        if known is None:
            return ""
        return format_number(self.counts.get(level, known.start), "decimal" if format_level.is_legal else known.format)


class Numbering:
    """The lists of one document, counting as its paragraphs are read in order."""

    def __init__(self, document: WordDocument) -> None:
        self._lists: dict[str, _List] = {}
        self._depth = 0  # of the last paragraph
        self._abstract: dict[str, _List] = {}  # lists of one abstract definition share their counters
        part = _part_of(document)
        if part is None:
            return
        for kind in find_all(part, "./w:abstractNum"):
            self._abstract[find_value(kind, "@w:abstractNumId")] = _List(_levels(kind))
        for number in find_all(part, "./w:num"):
            known = self._abstract.get(find_value(number, "./w:abstractNumId/@w:val"))
            if known is not None:
                self._lists[find_value(number, "@w:numId")] = _overridden(known, number)

    def number_of(self, paragraph: Paragraph) -> str:
        """The number before a paragraph, "" if none; deleted paragraphs are not counted."""
        if find_all(paragraph._p, "./w:pPr/w:rPr/*[self::w:del or self::w:moveFrom]"):  # noqa: SLF001 - as below
            return ""
        place = _place_in(paragraph._p) or _place_of_style(paragraph)  # noqa: SLF001 - python-docx does not offer it
        numbered = self._lists.get(place[0]) if place else None
        return numbered.next(place[1]) if numbered and place else ""

    def depth_of(self, paragraph: Paragraph) -> int:
        """
        How deep in lists a paragraph lies, 0 for outside.

        One without a number goes on with the last item if it is indented, or of a style for lists.
        """
        place = _place_in(paragraph._p) or _place_of_style(paragraph)  # noqa: SLF001 - as above
        if place and place[0] in self._lists:
            self._depth = max(place[1] + 1, _level_of_style(paragraph))
        elif not _goes_on(paragraph):
            self._depth = 0
        return self._depth


def _level_of_style(paragraph: Paragraph) -> int:
    """
    The level that a built-in style names, each with a list of its own.

    Example: "List Bullet 2" -> 2
    """
    style: Any = paragraph.style
    found = _LIST_STYLE.fullmatch((style.name or "") if style is not None else "")
    return int(found[1]) if found else 0


def _goes_on(paragraph: Paragraph) -> bool:
    """Whether a paragraph without a number is set like the text of a list item."""
    indent = find_value(paragraph._p, "./w:pPr/w:ind/@w:left | ./w:pPr/w:ind/@w:start")  # noqa: SLF001 - as above
    style: Any = paragraph.style
    is_listed = style is not None and (style.name or "").startswith("List")
    return is_listed or (indent.isdecimal() and int(indent) > 0)


def _part_of(document: WordDocument) -> Any:  # noqa: ANN401 - an XML element that python-docx gives no type
    from docx.opc.constants import RELATIONSHIP_TYPE

    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.NUMBERING and not relation.is_external:
            return getattr(relation.target_part, "element", None)
    return None


def _levels(kind: Any) -> dict[int, _Level]:  # noqa: ANN401 - as above
    return {
        int(find_value(level, "@w:ilvl") or 0): _Level(
            format=find_value(level, "./w:numFmt/@w:val") or "decimal",
            text=find_value(level, "./w:lvlText/@w:val"),
            start=int(find_value(level, "./w:start/@w:val") or 1),
            restart=int(restart) if (restart := find_value(level, "./w:lvlRestart/@w:val")) else None,
            is_legal=bool(find_all(level, "./w:isLgl[not(@w:val='0' or @w:val='false' or @w:val='off')]")),
        )
        for level in find_all(kind, "./w:lvl")
    }


def _overridden(known: _List, number: Any) -> _List:  # noqa: ANN401 - as above
    """A list with one use's overrides; a changed first level gets its own counters."""
    levels, restarts = dict(known.levels), set()
    for override in find_all(number, "./w:lvlOverride"):
        level = int(find_value(override, "@w:ilvl") or 0)
        levels |= _levels(override)
        start = find_value(override, "./w:startOverride/@w:val")
        if start and level in levels:
            levels[level] = replace(levels[level], start=int(start))
            restarts.add(level)
    is_own = levels.get(0) != known.levels.get(0) or 0 in restarts
    return _List(levels, {} if is_own else known.counts, restarts)


def _place_in(element: Any) -> tuple[str, int] | None:  # noqa: ANN401 - as above
    """The list id and level that a paragraph or style names; list "0" means none."""
    name = find_value(element, "./w:pPr/w:numPr/w:numId/@w:val")
    return (name, int(find_value(element, "./w:pPr/w:numPr/w:ilvl/@w:val") or 0)) if name else None


def _place_of_style(paragraph: Paragraph) -> tuple[str, int] | None:
    style: Any = paragraph.style
    for _ in range(10):  # styles based on one another; a damaged file may have a cycle
        if style is None:
            return None
        place = _place_in(style.element)
        if place:
            return place
        style = getattr(style, "base_style", None)
    return None

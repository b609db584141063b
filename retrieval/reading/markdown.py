"""
Read Markdown: headings, lists, footnotes and front matter to an Outline.

Only block structure is read. Inline marks stay, since a quote is a slice of the file.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.reading.article.dateline import date_in
from retrieval.reading.document import Block, Outline
from retrieval.reading.text.contents import contents_places
from retrieval.reading.text.headings import part_level
from retrieval.reading.text.lines import first_sentence, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<body>.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_KEY = re.compile(
    r"^(?P<key>title|author|publisher|date|published)[ \t]*:[ \t]*(?P<value>\S.*?)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})[ \t]+(?P<text>.*?)(?:[ \t]+#+)?[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(?P<mark>=+|-+)[ \t]*")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_ITEM = re.compile(r"^ {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+\S", re.MULTILINE)
_ARTICLE = re.compile(r"^[ #*_]{0,10}Điều[ \t]+\d{1,4}[a-zđ]?[ \t]*[.:]", re.MULTILINE)
_PART = re.compile(
    r"^ {0,3}(?:\*\*|__)?(?:Điều[ \t]+\d{1,4}[a-zđ]?[ \t]*[.:]|\d{1,3}[a-zđ]?\\?\.[ \t]|[a-zđ]\\?\)[ \t])", re.MULTILINE
)
_NOTE = re.compile(r"\[\^(?P<marker>[^\]\s]+)\]:[ \t]*")
_REFERENCE = re.compile(r"\[\^(?P<marker>[^\]\s]+)\](?!:)")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_UNSEEN = re.compile(r"<!--.*?-->|(?:</?[a-zA-Z][^<>]*>\s*)+|(?:\[[^\]^]+\]:[ \t]+\S+[^\n]*\n?)+", re.DOTALL)
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<text>[^*_\n]+)(?P=mark)")
_LONG_ITEM = 240  # characters; a list with an item this long is split into its items

_Span = tuple[int, int]


def outline_of_markdown(text: str) -> Outline:
    """The metadata and blocks of a Markdown text."""
    front = _FRONT_MATTER.match(text)
    keys = (
        {found["key"].lower(): found["value"].strip("\"'") for found in _KEY.finditer(front["body"])} if front else {}
    )
    found = list(_blocks(text, front.end() if front else 0, in_statute=len(_ARTICLE.findall(text)) > 1))
    blocks = _link_footnotes(text, _without_contents(text, found))
    return Outline(
        title=keys.get("title") or _title(text, blocks),
        publisher=keys.get("publisher", ""),
        author=keys.get("author", ""),
        published=_day(keys.get("published") or keys.get("date", "")),
        blocks=tuple(blocks),
    )


def _without_contents(text: str, blocks: list[Block]) -> list[Block]:
    places = contents_places([text[block.start : block.end].lstrip("#* ") for block in blocks])
    return [block for place, block in enumerate(blocks) if place not in places]


def _blocks(text: str, start: int, *, in_statute: bool) -> Iterator[Block]:
    for begin, end in _groups(text, start):
        yield from _blocks_of_group(text, begin, end, in_statute=in_statute)


def _groups(text: str, start: int) -> Iterator[_Span]:
    """The spans between blank lines, headings and rules; fenced code is one span."""
    begin: int | None = None
    fence = ""
    for offset, line in _raw_lines(text, start):
        mark = _FENCE.match(line)
        closes = bool(fence) and line.strip().startswith(fence) and not line.strip().strip(fence[0])
        stands_alone = not fence and (_HEADING.fullmatch(line) is not None or _is_break(line, begin))
        if begin is not None and not fence and (not line.strip() or stands_alone or mark):
            yield begin, offset
            begin = None
        if stands_alone:
            yield offset, offset + len(line)
        elif line.strip() and begin is None:
            begin = offset
        fence = "" if closes else fence or (mark["mark"] if mark else "")
        if begin is not None and (closes or _underlines(line, text, begin, offset, fence)):
            yield begin, offset + len(line)
            begin = None
    if begin is not None:
        yield begin, len(text)


def _raw_lines(text: str, start: int) -> Iterator[tuple[int, str]]:
    for line in text[start:].split("\n"):
        yield start, line
        start += len(line) + 1


def _is_break(line: str, begin: int | None) -> bool:
    return _RULE.fullmatch(line) is not None and (begin is None or not _UNDERLINE.fullmatch(line))


def _underlines(line: str, text: str, begin: int, offset: int, fence: str) -> bool:
    """Whether a line underlines the single line above it as a setext heading."""
    above = text[begin:offset].strip()
    single = bool(above) and "\n" not in above and not _ITEM.match(above) and not above.startswith("|")
    return single and not fence and _UNDERLINE.fullmatch(line) is not None


def _blocks_of_group(text: str, begin: int, end: int, *, in_statute: bool) -> Iterator[Block]:
    start, end = _strip(text, begin, end)
    group = text[start:end]
    above, _, last = group.rpartition("\n")
    if not any(char.isalnum() for char in group) or _UNSEEN.fullmatch(group):
        return
    if heading := _HEADING.fullmatch(group):
        yield _heading(text, start + heading.start("text"), start + heading.end("text"), len(heading["marks"]))
    elif above and _underlines(last, text, start, start + len(above), ""):
        yield _heading(text, start, start + len(above), 1 if "=" in last else 2)
    elif (bold := _BOLD.fullmatch(group)) and (level := part_level(bold["text"].strip())):
        yield _heading(text, start + bold.start("text"), start + bold.end("text"), level)
    elif note := _NOTE.match(group):
        yield Block("footnote", start + note.end(), end, marker=note["marker"])
    elif _IMAGE.fullmatch(group):
        yield Block("caption", start, end)
    else:
        for a, b in _parts(text, start, end) if in_statute else _items(text, start, end):
            yield from _paragraph(text, a, b)


def _paragraph(text: str, start: int, end: int) -> Iterator[Block]:
    """A paragraph, and before it the part of a law that its bold words name."""
    bold = _BOLD.match(text, start, end)
    if bold and (level := part_level(bold["text"].strip())):
        yield _heading(text, bold.start("text"), bold.end("text"), level)
        start, end = _strip(text, bold.end(), end)
    if start < end:
        yield Block("paragraph", start, end)


def _heading(text: str, start: int, end: int, level: int) -> Block:
    start, end = _strip(text, start, end)
    if bold := _BOLD.fullmatch(text, start, end):
        start, end = _strip(text, bold.start("text"), bold.end("text"))
    return Block("heading", start, end, level=level)


def _items(text: str, start: int, end: int) -> list[_Span]:
    """The items of a list with a long one, else the whole span."""
    borders = [start + found.start() for found in _ITEM.finditer(text[start:end])]
    if not borders or _FENCE.match(text, start):
        return [(start, end)]
    cuts = sorted({start, *borders, end})
    spans = [_strip(text, a, b) for a, b in pairwise(cuts)]
    return spans if any(b - a > _LONG_ITEM for a, b in spans) else [(start, end)]


def _parts(text: str, start: int, end: int) -> list[_Span]:
    """A group divided before each line that opens a part of a statute."""
    if _FENCE.match(text, start) or text.startswith("|", start):
        return [(start, end)]
    borders = (start + found.start() for found in _PART.finditer(text[start:end]))
    return [_strip(text, a, b) for a, b in pairwise(sorted({start, *borders, end}))]


def _strip(text: str, start: int, end: int) -> _Span:
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    return start, start + len(inside.strip())


def _link_footnotes(text: str, blocks: list[Block]) -> list[Block]:
    """The blocks with the markers of the existing footnotes that each refers to."""
    known = {block.marker for block in blocks if block.kind == "footnote"}
    return [_with_notes(text, block, known) for block in blocks] if known else blocks


def _with_notes(text: str, block: Block, known: set[str]) -> Block:
    found = (match["marker"] for match in _REFERENCE.finditer(text, block.start, block.end))
    return replace(block, notes=tuple(dict.fromkeys(marker for marker in found if marker in known)))


def _title(text: str, blocks: list[Block]) -> str:
    first = blocks[:1] if blocks and blocks[0].kind == "heading" else []
    headings = [block for block in blocks if block.kind == "heading" and block.level == 1] or first
    if headings:
        return " ".join(text[headings[0].start : headings[0].end].split())
    return shortened(first_sentence(text[blocks[0].start : blocks[0].end])) if blocks else ""


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return date_in(value)

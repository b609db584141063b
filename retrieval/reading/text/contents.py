"""
Typed tables of contents: entries with leaders and page numbers, or below "MỤC LỤC".

They repeat the headings and answer nothing. Rules ask for a run of entries whose page numbers never fall.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_HEADING = re.compile(r"(?:mục lục|danh mục (?:các )?(?:bảng|hình|biểu)[^.]{0,40}|table of contents)\W*", re.IGNORECASE)
_MARKS: Final = ".…_·-"
_LED = re.compile(rf"(?<![{_MARKS}])(?P<leader>[{_MARKS}](?:[{_MARKS}]| (?=[{_MARKS}]))++)\s*(?P<page>\d{{1,4}})(?!\d)")
_THINNEST: Final = 4  # marks of a leader; "…" is three
_LONGEST: Final = 300  # characters of an entry
_FEWEST_LED: Final = 2  # entries with leaders; a form has single lines of dots
_FEWEST_PAGED: Final = 3  # entries without leaders, below "MỤC LỤC"


def contents_places(lines: Sequence[str]) -> frozenset[int]:
    """The places of the lines, or paragraphs, of tables of contents."""
    places: set[int] = set()
    headings = [place for place, line in enumerate(lines) if len(line) < 80 and _HEADING.fullmatch(line.strip())]
    for place in headings:
        if place in places:
            continue
        run = _run(lines, place + 1, _page_at_end)
        places |= {place, *(run if len(run) >= _FEWEST_PAGED else ())}
    start = 0
    while start < len(lines):
        run = _run(lines, start, _page_behind_leader)
        entries = sum(len(_leaders(lines[place])) for place in run)
        places |= set(run if entries >= _FEWEST_LED or start - 1 in places else ())
        start = run[-1] + 1 if run else start + 1
    return frozenset(places)


def _run(lines: Sequence[str], start: int, page_of: Callable[[str], int | None]) -> list[int]:
    """The entries from a place on, with the first lines of those that are wrapped."""
    run: list[int] = []
    last = 0
    place = start
    while place < len(lines):
        page, step = page_of(lines[place]), 1
        if page is None and run and place + 1 < len(lines) and _may_go_on(lines[place]):
            page, step = page_of(lines[place + 1]), 2
        if page is None or page < last:
            break
        run += range(place, place + step)
        last, place = page, place + step
    return run


def _may_go_on(line: str) -> bool:
    """Whether the next line may end this entry: a heading, no sentence."""
    return len(line) <= _LONGEST // 2 and not line.rstrip().endswith((".", ";", ":", "!", "?"))


def _leaders(line: str) -> list[int]:
    """The page numbers behind leaders."""
    return [
        int(found["page"])
        for found in _LED.finditer(line)
        if found["leader"].count("…") * 2 + sum(map(found["leader"].count, _MARKS)) >= _THINNEST
    ]


def _page_behind_leader(line: str) -> int | None:
    """The last page of a line, or of several joined, that ends in one."""
    name, page = _split(line)
    is_entry = bool(page) and name.endswith(tuple(_MARKS)) and any(map(str.isalpha, name))
    found = _leaders(line) if is_entry else []
    return found[-1] if found and found[-1] == int(page) else None


def _page_at_end(line: str) -> int | None:
    name, page = _split(line)
    return int(page) if page and name and len(line) <= _LONGEST and line.rstrip()[-len(page) - 1].isspace() else None


def _split(line: str) -> tuple[str, str]:
    """A line and the page number at its end, "" if it has none."""
    line = line.rstrip()
    name = line.rstrip("0123456789")
    page = line[len(name) :]
    return name.rstrip(), page if page.isascii() and len(page) <= 4 else ""

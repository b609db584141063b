"""
What runs along the edges of a PDF's pages: headers and footers that repeat, and page numbers.

Only lines at the edge of the paper are looked at, and only repetition or a bare number condemns them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.reading.sheet import SheetLine

_Key = tuple[int, str]
_EDGE = 0.14  # of the paper's height, above and below
_REPEATED = 0.4  # of the pages; left and right pages often have headers of their own
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"\W*(?:(?:trang|page)\s*)?\d{1,4}(?:\s*(?:/|trên|of)\s*\d{1,4})?\W*", re.IGNORECASE)


def without_running_lines(lines: Sequence[SheetLine]) -> list[SheetLine]:
    """The lines without those that belong to the paper and not to the text."""
    pages: dict[int, list[SheetLine]] = defaultdict(list)
    seen: dict[_Key, set[int]] = defaultdict(set)
    for line in lines:
        pages[line.page].append(line)
        seen[_key(line)].add(line.page)
    often = max(2, _REPEATED * len(pages))
    repeated = {key for key, found in seen.items() if len(found) >= often}
    running = {line for page in pages.values() for line in _running(page, repeated)}
    return [line for line in lines if line not in running]


def _running(page: Sequence[SheetLine], repeated: set[_Key]) -> Iterator[SheetLine]:
    """From the page's edges inwards, as far as every line is a running one."""
    downwards = sorted(page, key=lambda line: -line.baseline)
    for inwards in (downwards, downwards[::-1]):
        yield from takewhile(lambda line: _is_at_edge(line) and (_is_number(line) or _key(line) in repeated), inwards)


def _is_at_edge(line: SheetLine) -> bool:
    return not _EDGE * line.height < line.baseline < (1 - _EDGE) * line.height


def _is_number(line: SheetLine) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text) is not None


def _key(line: SheetLine) -> _Key:
    """Where and which words, with any number in a number's place: "Trang 3/12" and "Trang 4/12" are one."""
    return round(line.baseline), _DIGITS.sub("#", line.text.casefold())

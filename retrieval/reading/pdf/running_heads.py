"""
What runs along the edges of a PDF's pages: headers and footers that repeat, and page numbers.

Only lines at the edge of the paper are looked at. Page numbers are left out, and what stands on three pages or more
is kept once; the rest is kept too, apart from the text that it would interrupt.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrieval.reading.pdf.lines import PdfLine

_Key = tuple[int, str]
_EDGE = 0.14  # of the paper's height, above and below
_DEEPEST = 3  # lines of an edge
_FEWEST = 3  # pages on which a line stands before its repetitions are left out
_REPEATED = 0.4  # of the pages; left and right pages often have headers of their own
# A number that may be the page's; those of forms and annexes, of which each may have a page, count something else.
_NUMBER = re.compile(r"(?<!\bsố )(?<!\bmẫu )(?<!\blục )(?<!\bbiểu )(?<!\bbảng )(?<!\bnăm )(?<!\btháng )\b\d{1,4}\b")
_BESIDE = r"[-–—|•·\s]*"  # no full stop and no brackets: "2022." ends a sentence
_PAGE_NUMBER = re.compile(
    rf"{_BESIDE}(?:(?:trang|page)\s*)?(?P<page>\d{{1,4}})(?:\s*(?:/|trên|of)\s*\d{{1,4}})?{_BESIDE}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class RunningHeadSplit:
    """The lines of the text itself, and what runs along its edges and is no mere repetition."""

    text: list[PdfLine]
    edges: list[PdfLine]


def split_running_heads(lines: Sequence[PdfLine]) -> RunningHeadSplit:
    """The lines of the text, apart from those that run along the edges; page numbers and repetitions are left out."""
    pages: dict[int, list[PdfLine]] = defaultdict(list)
    seen: dict[_Key, set[int]] = defaultdict(set)
    for line in lines:
        pages[line.page].append(line)
        for key in _keys(line):
            seen[key].add(line.page)
    edges = [_edge(page, downwards=downwards) for page in pages.values() for downwards in (True, False)]
    numbers = _page_numbers([line for edge in edges for line in edge], len(pages))
    often = max(2, _REPEATED * len(pages))
    repeated = {key: found for key, found in seen.items() if len(found) >= often}
    running = {line for edge in edges for line in _running(edge, repeated, numbers)}
    kept = [line for line in lines if line in running and line not in numbers and not _is_repetition(line, repeated)]
    return RunningHeadSplit([line for line in lines if line not in running], kept)


def is_at_edge(line: PdfLine) -> bool:
    """Whether a line stands where headers, footers and page numbers do."""
    return not _EDGE * line.height < line.baseline < (1 - _EDGE) * line.height


def _edge(page: Sequence[PdfLine], *, downwards: bool) -> list[PdfLine]:
    """The outermost lines of a page from the edge inwards."""
    inwards = sorted(page, key=lambda line: line.baseline, reverse=downwards)
    return list(islice(takewhile(is_at_edge, inwards), _DEEPEST))


def _page_numbers(edges: Sequence[PdfLine], pages: int) -> set[PdfLine]:
    """
    The bare numbers that run ahead of their pages by one constant, on at least half of the pages.

    Of one page or two nothing can be told from that, so there the number must be the page's own.
    """
    ahead = {
        line: int(match["page"]) - line.page
        for line in edges
        if (match := _PAGE_NUMBER.fullmatch(line.text)) is not None
    }
    on_pages = Counter(offset for offset, _ in {(offset, line.page) for line, offset in ahead.items()})
    return {
        line for line, offset in ahead.items() if on_pages[offset] >= pages / 2 and (pages >= _FEWEST or offset == 0)
    }


def _running(edge: Sequence[PdfLine], repeated: Mapping[_Key, set[int]], numbers: set[PdfLine]) -> Iterator[PdfLine]:
    """From the page's edge inwards, as far as every line is a running one."""
    return takewhile(lambda line: line in numbers or not repeated.keys().isdisjoint(_keys(line)), edge)


def _is_repetition(line: PdfLine, repeated: Mapping[_Key, set[int]]) -> bool:
    found = [repeated[key] for key in _keys(line) if key in repeated]
    return any(len(pages) >= _FEWEST and line.page > min(pages) for pages in found)


def _keys(line: PdfLine) -> Iterator[_Key]:
    """
    Where and which words; also with one number as its distance from the page, if that is what it counts.
    Example: "Quy chế 3/12" on page 3 -> "quy chế 3/12", "quy chế <0>/12", "quy chế 3/<9>"
    """
    place, words = round(line.baseline), line.text.casefold()
    yield place, words
    for number in _NUMBER.finditer(words):
        yield place, f"{words[: number.start()]}<{int(number[0]) - line.page}>{words[number.end() :]}"

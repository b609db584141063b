"""
Running heads of a PDF: repeated headers and footers, and page numbers.

Only lines at the edge of the page are considered. Page numbers are dropped, lines on three pages or more are kept once,
and the rest is kept apart from the text that it would interrupt.
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
_EDGE = 0.14  # of the page height, at the top and the bottom
_DEEPEST = 3  # lines per edge
_FEWEST = 3  # pages with a line before its repetitions are dropped
_REPEATED = 0.4  # of the pages; left and right pages often differ
# A possible page number; numbers of forms and annexes count something else.
_NUMBER = re.compile(r"(?<!\bsố )(?<!\bmẫu )(?<!\blục )(?<!\bbiểu )(?<!\bbảng )(?<!\bnăm )(?<!\btháng )\b\d{1,4}\b")
_BESIDE = r"[-–—|•·\s]*"  # no full stop and no brackets: "2022." ends a sentence
_PAGE_NUMBER = re.compile(
    rf"{_BESIDE}(?:(?:trang|page)\s*)?(?P<page>\d{{1,4}})(?:\s*(?:/|trên|of)\s*\d{{1,4}})?{_BESIDE}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class RunningHeadSplit:
    """The lines of the text, and the running heads without repetitions."""

    text: list[PdfLine]
    edges: list[PdfLine]


def split_running_heads(lines: Sequence[PdfLine]) -> RunningHeadSplit:
    """Split running heads from the text, dropping page numbers and repetitions."""
    pages: dict[int, list[PdfLine]] = defaultdict(list)
    seen: dict[_Key, set[int]] = defaultdict(set)
    lines, turned = (
        [line for line in lines if not line.is_turned],
        [line for line in lines if line.is_turned and not _PAGE_NUMBER.fullmatch(line.text)],
    )
    for line in lines:
        pages[line.page].append(line)
        for key in _placed_keys(line):
            seen[key].add(line.page)
    sides = [_inwards(page, downwards=downwards) for page in pages.values() for downwards in (True, False)]
    edges = [_edge(side) for side in sides]
    for line in [*(line for edge in edges for line in edge), *turned]:
        for key in _free_keys(line):
            seen[key].add(line.page)
    numbers = _page_numbers([line for edge in edges for line in edge], len(pages))
    often = max(2, _REPEATED * len(pages))
    repeated = {key: found for key, found in seen.items() if len(found) >= often}
    running = {line for side in sides for line in _running(side, repeated, numbers)}
    kept = [line for line in lines if line in running and line not in numbers and not _is_repetition(line, repeated)]
    return RunningHeadSplit([line for line in lines if line not in running], [*kept, *_once(turned, kept)])


def is_at_edge(line: PdfLine) -> bool:
    """Whether a line stands where running heads and page numbers do."""
    return not _EDGE * line.height < line.baseline < (1 - _EDGE) * line.height


def _inwards(page: Sequence[PdfLine], *, downwards: bool) -> list[PdfLine]:
    """The lines of a page from an edge inwards."""
    return sorted(page, key=lambda line: line.baseline, reverse=downwards)


def _edge(inwards: Sequence[PdfLine]) -> list[PdfLine]:
    """The outermost lines."""
    return list(islice(takewhile(is_at_edge, inwards), _DEEPEST))


def _page_numbers(edges: Sequence[PdfLine], pages: int) -> set[PdfLine]:
    """
    Bare numbers at a constant offset from the page index on half of the pages.

    With one or two pages that proves nothing, so there the offset must be 0.
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


def _running(inwards: Sequence[PdfLine], repeated: Mapping[_Key, set[int]], numbers: set[PdfLine]) -> list[PdfLine]:
    """The outermost running heads: a ruled letterhead is one, a table's header is not."""
    edge = _edge(inwards)
    found = list(takewhile(lambda line: line in numbers or not repeated.keys().isdisjoint(_keys(line)), edge))
    inner = inwards[len(found)] if len(found) < len(inwards) else None
    while found and inner is not None and inner.columns and found[-1].columns == inner.columns:
        inner = found.pop()
    return found


def _is_repetition(line: PdfLine, repeated: Mapping[_Key, set[int]]) -> bool:
    found = [repeated[key] for key in _keys(line) if key in repeated]
    return any(len(pages) >= _FEWEST and line.page > min(pages) for pages in found)


def _once(turned: Sequence[PdfLine], kept: Sequence[PdfLine]) -> Iterator[PdfLine]:
    """Lines along the side of a page or slanted over it, each once."""
    known = {key for line in kept for key in _free_keys(line)}
    for line in turned:
        keys = set(_free_keys(line))
        if known.isdisjoint(keys):
            yield line
        known |= keys


def _keys(line: PdfLine) -> Iterator[_Key]:
    yield from _placed_keys(line)
    yield from _free_keys(line)


def _free_keys(line: PdfLine) -> Iterator[_Key]:
    """
    Words wherever they stand, with the page's number last: left, right and turned pages differ.

    Example: "48 Công báo" on page 2 and "Công báo 49" on page 3 -> "công báo <46>"
    """
    words = line.text.casefold()
    yield -1, words
    for number in _NUMBER.finditer(words):
        rest = f"{words[: number.start()]} {words[number.end() :]}".strip()
        if number.start() == 0 or number.end() == len(words):
            yield -1, f"{rest} <{int(number[0]) - line.page}>"


def _placed_keys(line: PdfLine) -> Iterator[_Key]:
    """
    Position and words; also with each number replaced by its offset from the page.

    Example: "Quy chế 3/12" on page 3 -> "quy chế 3/12", "quy chế <0>/12", "quy chế 3/<9>"
    """
    place, words = round(line.baseline), line.text.casefold()
    yield place, words
    for number in _NUMBER.finditer(words):
        yield place, f"{words[: number.start()]}<{int(number[0]) - line.page}>{words[number.end() :]}"

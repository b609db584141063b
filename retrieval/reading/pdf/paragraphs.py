"""
Join the lines of a PDF into paragraphs and headings.

A typesetter breaks a line where the next word no longer fits, so a line that had room for it ended its paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from retrieval.reading.assembly.content import Piece
from retrieval.reading.pdf.characters import HYPHEN
from retrieval.reading.pdf.line_breaks import join_lines
from retrieval.reading.pdf.tables.rows import pieces_of_rows
from retrieval.reading.text.headings import ROMAN_LEVEL, is_roman_section, part_level

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrieval.reading.document import BlockKind
    from retrieval.reading.pdf.lines import PdfLine

_ITEM = re.compile(
    r"(?:[-–+*•▪]\s|\(?\d{1,3}[.)]\s|\(?[a-zđ]\)\s|(?:Điều|Chương|Mục|Phần|Phụ lục)\s+(?:\d|[IVXLC]+\b|thứ\b))",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*[\d¹²³⁴⁵⁶⁷⁸⁹⁰]{0,2}$")
_OPEN_NUMBER = re.compile(rf"\d[-{HYPHEN}]$")
_WORDS = re.compile(r"\w+(?:-\w+)*")
_FEWEST = 400  # letters that show how a text is set
_LARGER = 1.12  # relative to body text: size of a heading
_WIDE_HEADING = 0.6  # of the column: narrowest first line of a heading of several
_LONGEST = 200  # characters of a heading
_CAPITAL = 1.3  # width of a capital in lower-case letters, in most fonts
_NARROWEST = 23  # of the font size: narrowest column
_STEP = 1.4  # of the pitch: largest step from line to line of a paragraph
_SPACED = 0.95  # smallest share of items that are set apart where every paragraph is
_FEWEST_ITEMS = 5
_RAGGED = 0.25  # of the column: how far a line may fall short of it before the next word, unless it ends a paragraph


@dataclass(frozen=True, slots=True)
class _Typography:
    """The dominant typography of a document."""

    size: float
    pitch: float  # from line to line
    rights: Mapping[float, float]  # where full lines end, by the height of the paper
    left: float  # where most lines begin
    is_spaced: bool = False  # whether space sets every paragraph apart from the one above


def pieces_of(lines: Sequence[PdfLine]) -> list[Piece]:
    """Join lines into paragraphs and headings, each with its first and last page."""
    if not lines:
        return []
    typography = _type_of(_prose(lines))
    paragraphs = list(_paragraphs(lines, typography))
    known = frozenset(word for line in lines for word in _WORDS.findall(line.text))
    return list(_pieces(paragraphs, typography, known))


def _prose(lines: Sequence[PdfLine]) -> Sequence[PdfLine]:
    """The lines outside of ruled tables, if there are enough to judge by."""
    prose = [line for line in lines if not line.columns]
    return prose if sum(len(line.text) for line in prose) >= _FEWEST else lines


def _type_of(lines: Sequence[PdfLine]) -> _Typography:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0]
    body = [line for line in lines if line.size == size]
    steps = [a.baseline - b.baseline for a, b in pairwise(lines) if a.size == b.size == size]
    # With short paragraphs most steps lie between paragraphs: the pitch is among the smallest.
    downward = sorted(step for step in steps if 0.9 * size < step < 4 * size)
    pitch = downward[len(downward) // 10] if downward else 1.2 * size
    rights = {height: _right(body, height) for height in {line.height for line in body}}
    return _Typography(size, pitch, rights, median(line.left for line in body), _is_spaced(body, pitch))


def _is_spaced(body: Sequence[PdfLine], pitch: float) -> bool:
    """Whether the items that follow a whole sentence are set apart, nearly all."""
    steps = [
        above.baseline - line.baseline
        for above, line in pairwise(body)
        if above.page == line.page and _ITEM.match(line.text) and _SENTENCE_END.search(above.text)
    ]
    downward = [step for step in steps if step > 0]
    return len(downward) >= _FEWEST_ITEMS and sum(step > _STEP * pitch for step in downward) >= _SPACED * len(downward)


def _right(body: Sequence[PdfLine], height: float) -> float:
    """Where full lines end on pages of one height; landscape pages are wider."""
    rights = sorted(line.right for line in body if line.height == height)
    return rights[int(0.95 * (len(rights) - 1))]


def _paragraphs(lines: Sequence[PdfLine], typography: _Typography) -> Iterator[list[PdfLine]]:
    paragraph = [lines[0]]
    for line in lines[1:]:
        if _is_broken_heading(paragraph[-1], line, typography) or _continues(paragraph, line, typography):
            paragraph.append(line)
        else:
            yield paragraph
            paragraph = [line]
    yield paragraph


def _continues(paragraph: list[PdfLine], line: PdfLine, typography: _Typography) -> bool:
    last = paragraph[-1]
    if last.is_row or line.is_row or _is_of_other_type(last, line):
        return False
    if _OPEN_NUMBER.search(last.text) and line.text[0].isdigit():
        return True
    if _ITEM.match(line.text) and _may_end(last, line, typography):
        return False
    if _is_below(last, line):
        return _continues_below(paragraph, line, typography)
    # On the next page or in the next column there is no gap to measure: the sentence must be unfinished. After ";" a
    # paragraph opens with a mark or a capital.
    is_small = line.text[0].islower()
    ends = _SENTENCE_END.search(last.text.rstrip(";") if is_small else last.text) is not None
    is_full = _is_full(last, line, typography)
    return (not ends and (is_full or is_small)) or (is_full and last.text.endswith(HYPHEN))


def _is_below(last: PdfLine, line: PdfLine) -> bool:
    return last.page == line.page and last.baseline > line.baseline


def _continues_below(paragraph: list[PdfLine], line: PdfLine, typography: _Typography) -> bool:
    last = paragraph[-1]
    is_apart = last.baseline - line.baseline > _STEP * max(typography.pitch, 1.2 * line.size)
    if is_apart or _is_indented(paragraph, line):
        return False
    if _is_full(last, line, typography) or (typography.is_spaced and _is_ragged(last, line, typography)):
        return True
    return line.text[0].islower() and not _SENTENCE_END.search(last.text)


def _is_broken_heading(last: PdfLine, line: PdfLine, typography: _Typography) -> bool:
    """Whether two centred lines are one heading, the first of them nearly full."""
    is_close = last.page == line.page and 0 < last.baseline - line.baseline <= _STEP * max(
        typography.pitch, 1.2 * line.size
    )
    is_centred = abs(last.left + last.right - line.left - line.right) <= 1.2 * line.size and line.left > typography.left
    is_wide = last.right - last.left >= _WIDE_HEADING * (_right_of(last, typography) - typography.left)
    return is_close and is_centred and is_wide and _are_of_one_heading(last, line)


def _are_of_one_heading(last: PdfLine, line: PdfLine) -> bool:
    are_alike = last.bold == line.bold and last.text.isupper() == line.text.isupper()
    is_plain = last.is_row or line.is_row or part_level(last.text) or _ITEM.match(line.text)
    return are_alike and (line.bold or line.text.isupper()) and not is_plain and not _is_of_other_type(last, line)


def _is_of_other_type(last: PdfLine, line: PdfLine) -> bool:
    ratio = max(last.size, line.size) / max(0.1, min(last.size, line.size))
    return ratio > _LARGER or (last.bold != line.bold and part_level(last.text) > 0)


def _may_end(last: PdfLine, line: PdfLine, typography: _Typography) -> bool:
    is_bracketed = last.text.startswith("(") and last.text.endswith(")")  # "(Ban hành kèm theo …)"
    is_ended = _SENTENCE_END.search(last.text) is not None or is_bracketed
    return is_ended or not _is_full(last, line, typography) or last.bold


def _is_indented(paragraph: list[PdfLine], line: PdfLine) -> bool:
    """Whether a line's indent opens a paragraph; hanging lines of an item do not."""
    last = paragraph[-1]
    hangs = len(paragraph) == 1 and _ITEM.match(last.text) is not None
    return line.left > last.left + 0.8 * line.size and not hangs


def _is_full(last: PdfLine, line: PdfLine, typography: _Typography) -> bool:
    """Whether the next line's first word would not have fitted on this line."""
    width = (last.right - last.left) / max(1, _text_width(last.text))
    word = (_text_width(line.text.split()[0]) + 1) * width
    return last.right + word > max(_right_of(last, typography), last.left + _NARROWEST * last.size) - 0.3 * last.size


def _is_ragged(last: PdfLine, line: PdfLine, typography: _Typography) -> bool:
    """Whether a line goes on below one that falls a little short."""
    short = _right_of(last, typography) - last.right
    return abs(line.left - last.left) < line.size and short <= _RAGGED * (_right_of(last, typography) - last.left)


def _right_of(line: PdfLine, typography: _Typography) -> float:
    return typography.rights.get(line.height, max(typography.rights.values()))


def _text_width(text: str) -> float:
    """The width of a text in lower-case letters."""
    return sum(_CAPITAL if char.isupper() else 1 for char in text)


def _pieces(paragraphs: list[list[PdfLine]], typography: _Typography, known: frozenset[str]) -> Iterator[Piece]:
    larger = sorted({p[0].size for p in paragraphs if p[0].size > _LARGER * typography.size}, reverse=True)
    rows: list[PdfLine] = []
    for paragraph, after in zip(paragraphs, [*paragraphs[1:], None], strict=True):
        if paragraph[0].is_row:
            rows += paragraph
            if after is None or not after[0].is_row:
                yield from pieces_of_rows(rows)
                rows = []
            continue
        words = join_lines((line.text for line in paragraph), known)
        level = _level(paragraph, words, larger, after, typography)
        kind: BlockKind | None = "heading" if level else None
        yield Piece(words, kind=kind, level=level, page=paragraph[0].page, last_page=paragraph[-1].page)


def _level(
    paragraph: list[PdfLine], words: str, larger: list[float], after: list[PdfLine] | None, typography: _Typography
) -> int:
    first = paragraph[0]
    if len(words) > _LONGEST or after is None or not any(map(str.isalpha, words)):
        return 0
    if first.size in larger:
        level = larger.index(first.size) + 1
        return min(level + (level == 1 and first.page > 1), 4)
    is_bold = first.size >= 0.95 * typography.size and all(line.bold for line in paragraph) and not after[0].bold
    is_heading = is_bold and words[-1] not in ".,;:!?…" and len(words) <= _LONGEST / 2
    return (ROMAN_LEVEL if is_roman_section(words) else 5) if is_heading else 0

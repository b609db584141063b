"""
Find the parts of Vietnamese statutes: Phần, Chương, Mục, Điều, Khoản, Điểm.

Phần to Điều are headings already where they fill a line. Here a paragraph's opening "Điều 5." or "2." becomes a heading
too, spanning only that mark, and a khoản is merged with its điểm so that an answer reads whole. A number that cannot be
the next khoản ends the khoản: a citation may say less than it could, but never something wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from retrieval.reading.document import Block
from retrieval.reading.text.headings import part_level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrieval.reading.document import Outline

ARTICLE: Final = 6  # levels of headings
CLAUSE: Final = 7
POINT: Final = 8
_MAX_MERGED = 1600  # characters of a khoản merged with its điểm, about half a Telegram message
_LETTERS = "abcdđeghiklmnopqrstuvxy"
_ARTICLE = re.compile(r"(?P<mark>Điều\s+(?P<number>\d{1,4}[a-zđ]?)\s*[.:])\s+\S")
_NUMBER = re.compile(r"Điều\s+(\d{1,4})\s*[.:]")
_BARE_NUMBER = re.compile(r"Điều\s+(\d{1,4})", re.IGNORECASE)
# Markdown escapes "3\." and "a\)" where no list is meant.
# "3. Mỗi", "3.Mỗi", "3. (Được bãi bỏ)", "3. “Vùng trời”", "3. 05 ngày"; not "3.1", "3.500", "3. 5. 2020".
_CLAUSE = re.compile(r"(?P<mark>(?P<number>\d{1,3})(?P<letter>[a-zđ]?)\\?\.)(?:\s+(?!\d{1,2}\.)\S|[“\"‘'«(\[]*[^\W\d])")
_COUNTED = re.compile(r"\d{1,3}[a-zđ]?\\?\.(?!\d)")
_POINT = re.compile(rf"(?P<mark>(?P<letter>[{_LETTERS}])\\?\))\s*\S")
_ANNEX = re.compile(r"(?i:phụ lục)[.:]?|PHỤ LỤC\b[^\n]{1,150}")
_RECIPIENTS = re.compile(r"nơi nhận\s*:", re.IGNORECASE)
_LAW = re.compile(
    r"(?:(?:BỘ )?LUẬT|HIẾN PHÁP|PHÁP LỆNH|NGHỊ ĐỊNH|NGHỊ QUYẾT|THÔNG TƯ(?: LIÊN TỊCH)?|QUYẾT ĐỊNH|QUY CHẾ|QUY ĐỊNH"
    r"|NỘI QUY|ĐIỀU LỆ|ĐIỀU LỆNH)\b[^\n]{0,150}"
)
_UNKNOWN_NUMBER = 1000  # above any khoản or điểm: the position is no longer known
_CITED = re.compile(r"(?P<name>Điều\s+\d+[a-zđ]?)\b|(?P<below>(?:Khoản|Điểm) \w+)")


def add_part_headings(text: str, outline: Outline) -> Outline:
    """Add the parts of a statute to an outline as headings; other outlines stay unchanged."""
    place = _Position(is_statute=_is_statute(text, outline.blocks))
    return replace(outline, blocks=tuple(_merge_points(text, _with_headings(text, outline.blocks, place))))


def article_in(section: str) -> str:
    """
    Cite the place in a statute that a section path names; "" if none.

    Example: "Chương II › Điều 5. Giải thích từ ngữ › Khoản 2 › Điểm a" -> "Điều 5, khoản 2, điểm a"
    """
    found = [match for part in section.split(" › ") if (match := _CITED.match(part))]
    first = max((i for i, match in enumerate(found) if match["name"]), default=None)
    if first is None:
        return ""
    names = (match["below"].lower() for match in found[first + 1 :])
    return ", ".join((" ".join(found[first]["name"].split()), *names))


def article_number(words: str) -> int:
    """
    The number of the article that a paragraph or heading opens; 0 if none.

    Example: "Điều 5. Phạm vi" -> 5, "Điều 5 của Luật này" -> 0
    """
    number = _NUMBER.match(words) or (_BARE_NUMBER.match(words) if part_level(words) == ARTICLE else None)
    return int(number[1]) if number else 0


@dataclass(slots=True)
class _Position:
    """The current position in a statute; quoted text (of another statute) never moves it."""

    is_statute: bool = True
    level: int = 0  # of the innermost part; 0 outside
    article: int = 0
    clause: int = 0
    point: int = -1  # index in _LETTERS; -1 before the first
    quotes: int = 0  # unclosed “
    is_straight: bool = False  # inside straight quotes

    @property
    def is_quoted(self) -> bool:
        return self.quotes > 0 or self.is_straight

    def unquote(self) -> None:
        self.quotes, self.is_straight = 0, False

    def enter(self, level: int) -> None:
        self.level, self.clause, self.point = level, 0, -1

    def read(self, words: str) -> None:
        if number := _NUMBER.match(words):
            self.article = int(number[1]) if not self.is_quoted else self.article
        self.quotes = max(0, self.quotes + words.count("“") - words.count("”"))
        if words.count('"') % 2:  # only a quote at the start of a paragraph is surely an opening one
            self.is_straight = not self.is_straight and words.startswith('"')


def _is_statute(text: str, blocks: tuple[Block, ...]) -> bool:
    """Whether there are two articles or a law's title; news quoting an article lacks both."""
    lines = [text[block.start : block.end] for block in blocks if block.kind in ("paragraph", "heading")]
    articles = {number[1] for line in lines if (number := _NUMBER.match(line))}
    return len(articles) > 1 or any(line.isupper() and _LAW.fullmatch(line) for line in lines)


def _with_headings(text: str, blocks: tuple[Block, ...], place: _Position) -> Iterator[Block]:
    for block, after in pairwise((*blocks, None)):
        if block is None:
            continue
        words = text[block.start : block.end]
        if block.kind not in ("paragraph", "heading") or block.is_row:
            yield block
            continue
        if (number := _NUMBER.match(words)) and int(number[1]) == place.article + 1:
            place.unquote()  # the next article: the quotation was never closed
        yield from _quoted_blocks(block, place) if place.is_quoted else _own_blocks(text, block, after, place)
        place.read(words)


def _quoted_blocks(block: Block, place: _Position) -> Iterator[Block]:
    """A heading inside a quotation becomes a paragraph."""
    inside = block.kind == "heading" and place.level
    yield replace(block, kind="paragraph", level=0) if inside else block


def _own_blocks(text: str, block: Block, after: Block | None, place: _Position) -> Iterator[Block]:
    words = text[block.start : block.end]
    level = _heading_level(words, block, text[after.start : after.end] if after else "")
    if level:
        place.enter(level)
        yield replace(block, kind="heading", level=level)
    elif block.kind == "heading":
        place.enter(min(block.level, place.level))
        yield block
    elif place.level and _ANNEX.fullmatch(words):
        place.enter(0)
        yield replace(block, kind="heading", level=part_level("Phụ lục I"))
    else:
        if place.is_statute:
            yield from _marks(words, block, place)
        yield block


def _heading_level(words: str, block: Block, after: str) -> int:
    """The level of the part that a block names; tables of contents name none."""
    level = part_level(" ".join(words.split()))
    if block.kind == "heading":
        return level
    below = part_level(" ".join(after.split())) if after else level
    return level if not below or below > level else 0


def _marks(words: str, block: Block, place: _Position) -> Iterator[Block]:
    """The headings that open a paragraph, spanning its mark; empty ones end a part."""
    if article := _ARTICLE.match(words):
        place.enter(ARTICLE)
        yield _mark(block, article, ARTICLE, f"Điều {article['number']}")
    elif place.level and _RECIPIENTS.match(words):
        place.enter(0)
        yield _end(block, part_level("Phần I"))
    elif place.level == ARTICLE and _COUNTED.match(words):
        yield _clause(_CLAUSE.match(words), block, place)
    elif place.level == ARTICLE and (point := _POINT.match(words)):
        yield _point(point, block, place)


def _clause(found: re.Match[str] | None, block: Block, place: _Position) -> Block:
    """The khoản that a number opens; it must exceed the last (2a follows 2)."""
    place.point = -1
    if found is None or int(found["number"]) < place.clause + (not found["letter"]):
        place.clause = place.point = _UNKNOWN_NUMBER
        return _end(block, CLAUSE)
    place.clause = int(found["number"])
    return _mark(block, found, CLAUSE, f"Khoản {found['number']}{found['letter']}")


def _point(found: re.Match[str], block: Block, place: _Position) -> Block:
    """The điểm that a letter opens; it must follow the last in the Vietnamese alphabet."""
    letter = _LETTERS.index(found["letter"])
    if letter <= place.point:
        place.point = _UNKNOWN_NUMBER
        return _end(block, POINT)
    place.point = letter
    return _mark(block, found, POINT, f"Điểm {found['letter']}")


def _end(block: Block, level: int) -> Block:
    """An empty heading that ends the parts of this level above a block."""
    return Block("heading", block.start, block.start, level=level, page=block.page, last_page=block.page)


def _mark(block: Block, found: re.Match[str], level: int, label: str) -> Block:
    start = block.start + found.start("mark")
    end = block.start + found.end("mark")
    return Block("heading", start, end, level=level, label=label, page=block.page, last_page=block.page)


def _merge_points(text: str, blocks: Iterable[Block]) -> list[Block]:
    """Merge each khoản (or article opening) with its điểm or quotation if short."""
    whole: list[Block] = []
    opener: int | None = None  # index in `whole` of the paragraph that later ones may join
    marks: list[Block] = []
    place = _Position()
    for block in blocks:
        if block.level == POINT:
            marks.append(block)
            continue
        is_quoted = place.is_quoted or text.startswith(("“", '"'), block.start)
        belongs = block.kind == "paragraph" and (bool(marks) or is_quoted)
        if opener is not None and belongs and _fits(text, whole[opener], block):
            whole[opener] = _join(whole[opener], block)
        else:
            whole += [*marks, block]
            is_opener = block.kind == "paragraph" and not marks and place.level >= ARTICLE
            opener = len(whole) - 1 if is_opener else None
        marks = []
        if block.kind == "heading":
            place.level = block.level
        place.read(text[block.start : block.end])
    return whole


def _fits(text: str, opener: Block, block: Block) -> bool:
    return block.end - opener.start <= _MAX_MERGED and not text[opener.end : block.start].strip()


def _join(opener: Block, block: Block) -> Block:
    return replace(
        opener, end=block.end, last_page=block.last_page, notes=tuple(dict.fromkeys((*opener.notes, *block.notes)))
    )

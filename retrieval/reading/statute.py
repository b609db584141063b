"""
Find the parts of Vietnamese statutes: Phần, Chương, Mục, Điều, Khoản, Điểm.

Phần to Điều are headings already where they fill a line. Here a paragraph's opening "Điều 5." or "2." becomes a heading
too, spanning only that mark, and a khoản is merged with its điểm so that an answer reads whole. A number that cannot be
the next khoản ends the khoản: a citation may say less than it could, but never something wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from retrieval.reading.annex import is_annex, is_form, is_issued_with, is_law_title, is_signature
from retrieval.reading.annexed_regulation import TITLE_LINES, count_title_lines
from retrieval.reading.document import Block
from retrieval.reading.quotation import Quotation, opens_quotation, was_left_open
from retrieval.reading.text.headings import part_level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrieval.reading.document import Outline

_ANNEX_LEVEL: Final = 1  # levels of headings: an annex is no part of what it is annexed to, and has parts of its own
ARTICLE: Final = 6
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
_PARTY = re.compile(r"BÊN\s+(?:[A-D]\b|MUA|BÁN|THUÊ|CHO THUÊ|GIAO|NHẬN|SỬ DỤNG|CUNG CẤP)", re.IGNORECASE)
_COUNTED = re.compile(r"\d{1,3}[a-zđ]?\\?\.(?!\d)")
_POINT = re.compile(rf"(?P<mark>(?P<letter>[{_LETTERS}])\\?\))\s*\S")
_AHEAD: Final = 4  # lines in which "(Ban hành kèm theo …)" follows the title of an annexed law
_UNKNOWN_NUMBER = 1000  # above any khoản or điểm: the position is no longer known


def add_part_headings(text: str, outline: Outline) -> Outline:
    """Add the parts of a statute to an outline as headings; other outlines stay unchanged."""
    place = _Position(is_statute=_is_statute(text, outline.blocks))
    return replace(outline, blocks=tuple(_merge_points(text, _with_headings(text, outline.blocks, place))))


def article_number(words: str) -> int:
    """
    The number of the article that a paragraph or heading opens; 0 if none.

    Example: "Điều 5. Phạm vi" -> 5, "Điều 5 của Luật này" -> 0
    """
    number = _NUMBER.match(words) or (_BARE_NUMBER.match(words) if part_level(words) == ARTICLE else None)
    return int(number[1]) if number else 0


@dataclass(slots=True)
class _Position:
    """The current position in a statute; quoted text never moves it."""

    is_statute: bool = True
    level: int = 0  # of the innermost part; 0 outside
    article: int = 0
    is_left: bool = False  # the first articles are over
    clause: int = 0
    clause_depth: int = 0  # in the file's lists; 0 if its number is typed
    is_in_clause: bool = False
    point: int = -1  # index in _LETTERS; -1 before the first
    quotation: Quotation = field(default_factory=Quotation)

    @property
    def has_articles(self) -> bool:
        """Whether there were articles, so that a heading may open an annex."""
        return self.article > 0 or self.is_left

    def enter(self, level: int) -> None:
        self.level, self.clause, self.point, self.is_in_clause = level, 0, -1, False

    def leave(self) -> None:
        """The articles are over; others may begin with an annexed regulation."""
        self.enter(0)
        self.article, self.is_left = 0, True

    def read(self, words: str) -> None:
        if number := _NUMBER.match(words):
            self.article = int(number[1]) if not self.quotation.is_open else self.article
        self.quotation.read(words)


def _is_statute(text: str, blocks: tuple[Block, ...]) -> bool:
    """Whether there are two articles or a law's title; news quoting an article lacks both."""
    lines = [text[block.start : block.end] for block in blocks if block.kind in ("paragraph", "heading")]
    articles = {number[1] for line in lines if (number := _NUMBER.match(line))}
    return len(articles) > 1 or any(map(is_law_title, lines))


def _with_headings(text: str, blocks: tuple[Block, ...], place: _Position) -> Iterator[Block]:
    lines = ["" if block.is_row or block.kind == "footnote" else _line(text, block) for block in blocks]
    after_title = 0  # index of the first block behind the last title of an annexed regulation
    for number, block in enumerate(blocks):
        words = lines[number]
        if number < after_title:
            continue
        if count := _regulation_lines(lines, number, place):
            after_title = number + count
            place.leave()
            yield _regulation(blocks[number:after_title], lines[number:after_title])
            continue
        if block.is_row or block.kind not in ("paragraph", "heading"):
            if block.is_row and place.level and is_signature(_line(text, block), ""):
                yield _leave(block, place)
            yield block
            continue
        quotation = place.quotation
        clause = place.clause if place.clause < _UNKNOWN_NUMBER else -1
        if quotation.is_open and was_left_open(lines, number, quotation, article=place.article, clause=clause):
            quotation.close()
        if quotation.is_open or (place.level and opens_quotation(words)):
            yield from _quoted_blocks(block, place)
        else:
            is_table_next = any(each.is_row for each in blocks[number + 1 : number + 2])
            yield from _own_blocks(text, block, lines[number : number + _AHEAD], place, is_table_next=is_table_next)
        place.read(words)


def _regulation_lines(lines: list[str], number: int, place: _Position) -> int:
    """How many blocks from this one title an annexed regulation; 0 if none."""
    if not place.has_articles or place.quotation.is_open or not lines[number]:
        return 0
    return count_title_lines(lines[number : number + TITLE_LINES], lines[number - 1] if number else "")


def _regulation(blocks: tuple[Block, ...], lines: list[str]) -> Block:
    """The heading of an annexed regulation, whose name may take several lines."""
    return replace(blocks[0], kind="heading", level=_ANNEX_LEVEL, end=blocks[-1].end, label=" ".join(lines))


def _line(text: str, block: Block) -> str:
    """The words of a block in one line."""
    return " ".join(text[block.start : block.end].split())


def _quoted_blocks(block: Block, place: _Position) -> Iterator[Block]:
    """A heading inside a quotation becomes a paragraph."""
    inside = block.kind == "heading" and place.level
    yield replace(block, kind="paragraph", level=0) if inside else block


def _own_blocks(
    text: str, block: Block, lines: list[str], place: _Position, *, is_table_next: bool = False
) -> Iterator[Block]:
    """A block and the headings that it opens; `lines` begin with its own."""
    words, after = lines[0], lines[1] if len(lines) > 1 else ""
    if place.level and is_signature(words, after):
        yield _leave(block, place)
        yield replace(block, kind="paragraph", level=0)
    elif place.has_articles and is_annex(words) and _is_listed(lines, place.article):
        yield replace(block, kind="paragraph", level=0)
    elif place.has_articles and (is_annex(words) or (is_law_title(words) and any(map(is_issued_with, lines[1:])))):
        place.leave()
        yield replace(block, kind="heading", level=_ANNEX_LEVEL)
    elif is_form(words) and place.has_articles and not _is_listed_form(lines, place):
        if not place.is_left:
            yield _leave(block, place)
        place.leave()
        yield replace(block, kind="heading", level=part_level("Chương I"))
    elif level := _heading_level(words, block, after):
        place.enter(level)
        yield replace(block, kind="heading", level=level)
    elif block.kind == "heading":
        yield _other_heading(block, words, place)
    else:
        if place.is_statute:
            yield from _marks(text[block.start : block.end], block, place)
            if _ends_clause(block, words, place, is_table_next=is_table_next):
                place.is_in_clause = False
                yield _end(block, CLAUSE)
        yield block


def _is_listed(lines: list[str], article: int) -> bool:
    """Whether an annex is only named: the next one follows, or the next article."""
    goes_on = article > 0 and any(article_number(line) == article + 1 for line in lines[1:3])
    return goes_on or any(map(is_annex, lines[1:2]))


def _is_listed_form(lines: list[str], place: _Position) -> bool:
    """The same for a form; the next khoản may follow too."""
    clause = _CLAUSE.match(lines[1]) if len(lines) > 1 and place.clause else None
    goes_on = clause is not None and int(clause["number"]) == place.clause + 1
    return goes_on or any(map(is_form, lines[1:2])) or _is_listed(lines, place.article)


def _leave(block: Block, place: _Position) -> Block:
    """The end of the articles above a block."""
    place.leave()
    return _end(block, _ANNEX_LEVEL)


def _heading_level(words: str, block: Block, after: str) -> int:
    """The level of the part that a block names; tables of contents name none."""
    level = part_level(words)
    if block.kind == "heading":
        return level
    below = part_level(after) if after else level
    return level if not below or below > level else 0


def _marks(words: str, block: Block, place: _Position) -> Iterator[Block]:
    """The headings that open a paragraph, spanning its mark; empty ones end a part."""
    if article := _ARTICLE.match(words):
        place.enter(ARTICLE)
        yield _mark(block, article, ARTICLE, f"Điều {article['number']}")
    elif place.level == ARTICLE and _COUNTED.match(words):
        yield _clause(_CLAUSE.match(words), block, place)
    elif place.level == ARTICLE and (point := _POINT.match(words)):
        yield _point(point, block, place)


def _other_heading(block: Block, words: str, place: _Position) -> Block:
    """A heading that is no part of a statute; a contract's parties hold no articles."""
    if not place.has_articles and _PARTY.match(words):
        return replace(block, kind="paragraph", level=0)
    place.enter(min(block.level, place.level))
    return block


def _ends_clause(block: Block, words: str, place: _Position, *, is_table_next: bool) -> bool:
    """
    Whether a paragraph without a mark stands behind the last khoản, not in it.

    So it does outside of the list that numbers the khoản. Where the numbers are typed nothing tells, but a sentence
    that leads into a table is cited by the article alone, which is right in either case.
    """
    if not place.is_in_clause or _COUNTED.match(words) or _POINT.match(words):
        return False
    is_outside = place.clause_depth > 0 and block.depth == 0
    return is_outside or (is_table_next and words.endswith(":"))


def _clause(found: re.Match[str] | None, block: Block, place: _Position) -> Block:
    """The khoản that a number opens; it must exceed the last (2a follows 2)."""
    place.point = -1
    if found is None or int(found["number"]) < place.clause + (not found["letter"]):
        place.clause = place.point = _UNKNOWN_NUMBER
        return _end(block, CLAUSE)
    place.clause, place.clause_depth, place.is_in_clause = int(found["number"]), block.depth, True
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
        is_quoted = place.quotation.is_open or opens_quotation(text[block.start : block.end])
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
            place.quotation.close()  # what is quoted has no headings
        place.read(text[block.start : block.end])
    return whole


def _fits(text: str, opener: Block, block: Block) -> bool:
    return block.end - opener.start <= _MAX_MERGED and not text[opener.end : block.start].strip()


def _join(opener: Block, block: Block) -> Block:
    return replace(
        opener, end=block.end, last_page=block.last_page, notes=tuple(dict.fromkeys((*opener.notes, *block.notes)))
    )

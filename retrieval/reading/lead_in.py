"""
Give the items of a list the sentence that leads into it, as their context.

"b) Bảng điểm;" says nothing without "Hồ sơ gồm:". Items are known by the file's own lists or by what they open with;
the list ends where neither goes on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from retrieval.language.sentence import split_sentences
from retrieval.reading.document import LONGEST_NAME, Block
from retrieval.reading.text.lines import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.reading.document import Outline

BETWEEN: Final = " › "
_LEADING: Final = re.compile(
    r"(?s:.*?)(?:[:：]|\b(?:gồm|bao gồm|như sau|sau đây|dưới đây)\s*[.;]?)[*_]{0,3}\s*", re.IGNORECASE
)
_MARK = re.compile(
    r"[*_“\"]{0,3}(?:(?P<bullet>[-–—+*•▪●■□○◦‣➢✓✔·])\s*(?=[^\s\d*_-])|(?P<dash>[-–—+*•])\s+(?=\S)"
    r"|\(?(?P<letter>[a-zđ]|[ivx]{2,4})\\?[.)]\s*(?=\S)"
    r"|\(?(?P<number>\d{1,3}(?:\.\d{1,2}){0,3})\\?[.)](?=\s|[^\W\d])\s*|(?P<decimal>\d{1,2}(?:\.\d{1,2}){1,3})\s+(?=[^\W\d]))"
)
_ARTICLE = re.compile(r"Điều\s+\d{1,4}[a-zđ]?\s*[.:]\s*(?=\S)", re.IGNORECASE)
_FIRST: Final = frozenset(("1", "01", "a", "i"))
_LEAST: Final = 40  # characters that are worth showing of an outer list's sentence
_PLAIN: Final = (0, ";")  # items without a mark, known by their semicolons

_Kind = tuple[int, str]  # depth in the file's lists, and the kind of mark


@dataclass(frozen=True, slots=True)
class _List:
    """A list that is being read."""

    lead_in: str
    kind: _Kind  # of its items


def is_lead_in(words: str) -> bool:
    """Whether a paragraph or part of a section leads into a list: "Hồ sơ gồm:"."""
    tail = words[-40:]
    return _LEADING.fullmatch(tail) is not None


def with_lead_ins(text: str, outline: Outline) -> Outline:
    """An outline whose list items have the sentences that lead into their lists as context."""
    return replace(outline, blocks=tuple(_blocks(text, outline.blocks)))


def _blocks(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    lists: tuple[_List, ...] = ()
    before: _List | None = None  # the sentence that may lead into a list, with its own kind
    is_open = False  # whether the last item, without a mark, ended in a semicolon
    for block in blocks:
        if block.kind in ("caption", "footnote"):
            yield block
            continue
        words = text[block.start : block.end]
        if block.kind == "heading" or block.is_row:
            lists, before, is_open = (), None, False
            yield block
            continue
        kind = _kind(words, block.depth, is_open=is_open or before is not None)
        lists = _lists_at(lists, before, kind, words)
        yield replace(block, context=_context(lists)) if lists else block
        before = _List(_sentence(words), kind or (0, "")) if is_lead_in(words) else None
        is_open = kind == _PLAIN and bool(lists) and words.endswith(";")


def _kind(words: str, depth: int, *, is_open: bool) -> _Kind | None:
    """The kind of item that a paragraph is, None if it is none."""
    if _ARTICLE.match(words):
        return None
    mark = _MARK.match(words)
    if mark is None:
        return (depth, "") if depth else _PLAIN if is_open else None
    number = mark["number"] or mark["decimal"]
    bullet = mark["bullet"] or mark["dash"]
    return depth, "a" if mark["letter"] else bullet or "1" + ".1" * number.count(".")


def _lists_at(lists: tuple[_List, ...], before: _List | None, kind: _Kind | None, words: str) -> tuple[_List, ...]:
    """The lists that a paragraph is an item of, outermost first."""
    if kind is None:
        return ()
    same = max((at for at, each in enumerate(lists) if each.kind == kind), default=None)
    if same is not None:
        return lists[: same + 1]
    if before is not None and _may_open(before.kind, kind, words):
        return (*lists, _List(before.lead_in, kind))
    is_deeper = bool(lists) and kind[0] > lists[-1].kind[0]
    return lists if is_deeper else ()


def _may_open(leading: _Kind, kind: _Kind, words: str) -> bool:
    """Whether an item may be the first below a sentence of that kind."""
    if kind == leading or (kind[0] and kind[0] < leading[0]):
        return False
    if kind == _PLAIN:
        return words.endswith(";")
    mark = _MARK.match(words)
    counted = mark and (mark["letter"] or mark["number"] or mark["decimal"])
    return kind[0] > 0 or not counted or counted.rpartition(".")[2] in _FIRST


def _sentence(words: str) -> str:
    """The last sentence of a paragraph, without the mark that opens it, in one line."""
    last = split_sentences(words)[-1]
    sentence = " ".join(words[last.start : last.end].split())
    for mark in (_ARTICLE, _MARK):
        found = mark.match(sentence)
        sentence = sentence[found.end() :] if found else sentence
    return sentence.strip("*_ ")


def _context(lists: Sequence[_List]) -> str:
    """The nearest sentence, after as much of the outer one as there is room for."""
    nearest = _bounded(lists[-1].lead_in, LONGEST_NAME)
    room = LONGEST_NAME - len(nearest) - len(BETWEEN)
    outer = _bounded(lists[-2].lead_in, room) if len(lists) > 1 and room >= _LEAST else ""
    return BETWEEN.join(filter(None, (outer, nearest)))


def _bounded(sentence: str, limit: int) -> str:
    """A sentence of at most so many characters, which still leads into something."""
    return sentence if len(sentence) <= limit else f"{shortened(sentence, limit - 1)}:"

"""
Print the answers of two indexes, side by side or one under the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from retrieval.answering.answer import REMEDY, Answer, Hit, absent_text
from retrieval.answering.quote import Quote

_TWO_COLUMNS = 110  # columns of a terminal from which each side has room for a citation
_WIDEST = 200
_SENTENCE = 150  # characters of the answering sentence: enough to recognise it
_STYLES = {"↑": "green", "↓": "yellow", "new": "green", "gone": "red"}

Paragraph = tuple[Text, int]  # with the columns by which it is indented
Cell = list[Paragraph]


@dataclass(frozen=True, slots=True)
class Side:
    """
    The answer of one index.

    It has more hits than are shown, so that places further down are known as well.
    """

    name: str
    answer: Answer


def show_side_by_side(console: Console, ours: Side, theirs: Side, k: int) -> None:
    """
    Print state, confidence and the first `k` places of both.

    One sentence where they are equal.
    """
    if _visible(ours.answer, k) == _visible(theirs.answer, k):
        same = f"{ours.name} and {theirs.name} give the same answer: {_state(ours.answer)}, {_count(ours.answer, k)}"
        console.print(Text(same, style="yellow"), soft_wrap=True)
        return
    here, there = ours.answer.hits, theirs.answer.hits
    later = [move_to(hit.rank, rank_among(hit, there)) for hit in here[:k]]
    earlier = [move_from(hit.rank, rank_among(hit, here)) for hit in there[:k]]
    left = [_head(ours, theirs), *map(_place, here, later)]
    right = [_head(theirs, ours), *map(_place, there, earlier)]
    show = _show_columns if console.is_terminal and console.width >= _TWO_COLUMNS else _show_stacked
    show(console, left, right)
    if any(move.endswith((" gone", " new")) for move in (*later, *earlier)):
        depth = max(len(here), len(there))
        console.print(Text(f"gone, new: not among the first {depth} of the other index", style="dim"), soft_wrap=True)


def rank_among(hit: Hit, others: Sequence[Hit]) -> int | None:
    """
    The rank of the same words in another answer.

    Not of the same id: that changes where a document has grown or was renamed.
    """
    texts = {quote.text for quote in _copies(hit)}
    return next((other.rank for other in others if any(quote.text in texts for quote in _copies(other))), None)


def move_to(rank: int, later: int | None) -> str:
    """
    A rank, and where the other index has it.

    Example: "5 ↑ to 2"
    """
    if later is None:
        return f"{rank} gone"
    return f"{rank} =" if rank == later else f"{rank} {_arrow(rank, later)} to {later}"


def move_from(rank: int, earlier: int | None) -> str:
    """
    A rank, and where this index has it.

    Example: "2 ↑ from 5"
    """
    if earlier is None:
        return f"{rank} new"
    return f"{rank} =" if rank == earlier else f"{rank} {_arrow(earlier, rank)} from {earlier}"


def _arrow(earlier: int, later: int) -> str:
    return "↑" if later < earlier else "↓"


def _copies(hit: Hit) -> tuple[Quote, ...]:
    return (hit.quote, *hit.duplicates)


def _visible(answer: Answer, k: int) -> tuple[object, ...]:
    """What a reader could tell apart."""
    quotes = [hit.quote for hit in answer.hits[:k]]
    places = [(quote.text, quote.citation.line, quote.citation.source) for quote in quotes]
    return _state(answer), answer.absence, places


def _state(answer: Answer) -> str:
    return f"{answer.state}, confidence {answer.confidence:.2f}"


def _count(answer: Answer, k: int) -> str:
    count = len(answer.hits[:k])
    several = f"the same {count} paragraphs in the same order"
    return {0: "no paragraph", 1: "the same paragraph"}.get(count, several)


def _head(side: Side, other: Side) -> Cell:
    """
    The index and its state, then what explains it.

    The question as understood is shown where the two differ.
    """
    head = [(Text(f"{side.name}: {_state(side.answer)}", style="bold"), 0)]
    if side.answer.query.text != other.answer.query.text:
        head.append((Text(f"understood as: {side.answer.query.text}", style="dim"), 2))
    head += [(Text(f"⚠ {notice} {REMEDY}", style="yellow"), 2) for notice in side.answer.notices]
    if side.answer.absence:
        head.append((Text(absent_text(side.answer.absence)), 2))
    return head


def _place(hit: Hit, move: str) -> Cell:
    quote = hit.quote
    words = " ".join(quote.text[slice(*quote.highlight)].split())
    sentence = words if len(words) <= _SENTENCE else f"{words[: _SENTENCE - 1]}…"
    style = next((style for sign, style in _STYLES.items() if sign in move), "bold")
    file = "" if quote.citation.is_title_shared else f" · {quote.citation.source}"
    return [
        (Text.assemble((move, style), (f" · {quote.citation.title}", "bold cyan")), 0),
        (Text(sentence), 2),
        (Text(f"— {quote.citation.line}{file}", style="dim"), 2),
    ]


def _show_columns(console: Console, left: Sequence[Cell], right: Sequence[Cell]) -> None:
    table = Table.grid(padding=(0, 2, 1, 0), expand=True)
    table.add_column(ratio=1)
    table.add_column(ratio=1)
    for here, there in zip_longest(left, right, fillvalue=()):
        table.add_row(_group(here), _group(there))
    console.print()
    console.print(table, width=min(console.width, _WIDEST))


def _group(cell: Sequence[Paragraph]) -> Group:
    return Group(*(Padding(text, (0, 0, 0, indent)) for text, indent in cell))


def _show_stacked(console: Console, left: Sequence[Cell], right: Sequence[Cell]) -> None:
    """Wrapped on a terminal, never in a pipe."""
    for side in (left, right):
        console.print()
        for text, indent in (paragraph for cell in side for paragraph in cell):
            if console.is_terminal:
                console.print(Padding(text, (0, 0, 0, indent)))
            else:
                console.print(Text(" " * indent).append_text(text), soft_wrap=True)

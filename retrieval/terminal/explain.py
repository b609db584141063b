"""
Behind an answer: what was understood, and what each channel said of each hit.
"""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from retrieval.answer import Answer, Hit
from retrieval.window import split_windows

_COLUMNS: dict[str, Callable[[Hit], float]] = {
    "dense": lambda hit: hit.scores.dense,
    "exact": lambda hit: hit.scores.exact,
    "folded": lambda hit: hit.scores.folded,
    "title": lambda hit: hit.scores.title,
}


def show_explanation(console: Console, answer: Answer) -> None:
    """Prints the understanding of the question, then a table of hits by channels, then their windows."""
    for name, value in answer.query.understood().items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        console.print(f"{name}: {shown}", markup=False, soft_wrap=True)
    said = f"state: {answer.state}, confidence {answer.confidence:.3f}, generation {answer.generation}"
    console.print(said, markup=False, soft_wrap=True)
    table = Table(show_edge=False)
    table.add_column("passage")
    for name in (*_COLUMNS, "fused"):
        table.add_column(name, justify="right")
    for hit in answer.hits:
        cells = (f"{value(hit):.3f} ({_rank(answer, hit, value)})" for value in _COLUMNS.values())
        table.add_row(Text(hit.quote.passage_id), *cells, f"{hit.score:.4f}")
    console.print(table)
    console.print("in brackets: the rank of the hit among the hits shown, by that channel alone", style="dim")
    for hit in answer.hits:
        _show_windows(console, hit)


def show_times(console: Console, answer: Answer) -> None:
    """Prints the milliseconds of each stage."""
    for stage, spent in answer.milliseconds.items():
        console.print(f"{stage:>12} {spent:8.1f} ms")


def _rank(answer: Answer, hit: Hit, value: Callable[[Hit], float]) -> int:
    return 1 + sum(value(other) > value(hit) for other in answer.hits)


def _show_windows(console: Console, hit: Hit) -> None:
    console.print(f"windows of {hit.quote.passage_id}:", markup=False)
    windows = split_windows(hit.quote.text)
    for window, cosine in zip(windows, hit.scores.windows, strict=False):
        words = " ".join(hit.quote.text[window.start : window.end].split())
        shown = words if len(words) <= 80 else f"{words[:79]}…"
        console.print(f"  {cosine:.3f}  {shown}", markup=False, soft_wrap=True)

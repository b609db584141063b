"""
Explain an answer: how the question was understood, and what each channel scored.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from retrieval.answering.answer import Answer, Hit
from retrieval.index.candidate import ChannelScores
from retrieval.window import split_windows

_MIN_CONTRIBUTION = 0.005  # log odds; smaller contributions are not printed


def show_explanation(console: Console, answer: Answer) -> None:
    """Print the understood question, the hits by channel, and their windows."""
    query = answer.query
    lines = [
        ("text", query.text),
        *(("reading", reading) for reading in query.readings),
        *([("official", query.official_text)] if query.official_text else []),
        *((step.kind, f"{step.typed} → {' / '.join(step.understood)}") for step in query.steps),
        ("terms", ", ".join(query.terms.folded)),
        *(("concept", " / ".join(" ".join(w.folded) for w in concept)) for concept in query.concepts),
        *(("synonym terms", " / ".join(" ".join(w.folded) for w in synonym)) for synonym in query.synonyms),
    ]
    for name, text in lines:
        console.print(f"{name}: {text}", markup=False, soft_wrap=True)
    summary = f"state: {answer.state}, confidence {answer.confidence:.3f}, generation {answer.generation}"
    console.print(summary, markup=False, soft_wrap=True)
    table = Table(show_edge=False)
    table.add_column("passage", overflow="fold")
    for name in (*ChannelScores((), 0.0, 0.0, 0.0).by_channel(), "fused"):
        table.add_column(name, justify="right", no_wrap=True)
    for hit in answer.hits:
        cells = (f"{value:.3f} ({hit.ranks[channel]})" for channel, value in hit.scores.by_channel().items())
        table.add_row(Text(hit.quote.passage_id), *cells, f"{hit.score:.3f}")
    console.print(table)
    console.print(
        "in brackets: the place that the channel alone would give; fused: all evidence, in log odds", soft_wrap=True
    )
    _show_contributions(console, answer.hits)
    for hit in answer.hits:
        for copy in hit.duplicates:
            console.print(f"copy of {hit.quote.passage_id}: {copy.passage_id}", markup=False, soft_wrap=True)
        _show_windows(console, hit)


def show_times(console: Console, answer: Answer) -> None:
    """Print the milliseconds of each stage."""
    for stage, spent in answer.milliseconds.items():
        console.print(f"{stage:>12} {spent:8.1f} ms")


def _show_contributions(console: Console, hits: Sequence[Hit]) -> None:
    """
    Print by which features each hit is ahead of the last one.

    Absolute contributions say little: most of each is the same for every passage.
    """
    if len(hits) < 2:
        return
    last = hits[-1]
    console.print(f"ahead of {last.quote.passage_id} by, in log odds:", markup=False, soft_wrap=True)
    for hit in hits[:-1]:
        ahead = {name: value - last.contributions[name] for name, value in hit.contributions.items()}
        text = ", ".join(f"{name} {value:+.2f}" for name, value in ahead.items() if abs(value) >= _MIN_CONTRIBUTION)
        console.print(f"  {hit.quote.passage_id}: {text}", markup=False, soft_wrap=True)


def _show_windows(console: Console, hit: Hit) -> None:
    console.print(f"windows of {hit.quote.passage_id}:", markup=False)
    windows = split_windows(hit.quote.text)
    for window, cosine in zip(windows, hit.scores.windows, strict=False):
        words = " ".join(hit.quote.text[window.start : window.end].split())
        text = words if len(words) <= 80 else f"{words[:79]}…"
        console.print(f"  {cosine:.3f}  {text}", markup=False, soft_wrap=True)

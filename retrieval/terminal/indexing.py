"""
`trichdan index`: the build with its progress bars and its summary.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from embeddings import load_encoder
from retrieval.index import generation
from retrieval.index.build import BuildSummary, build
from retrieval.reading.corpus import walk

_STEPS = {"lexical": "Indexing words", "dense": "Encoding windows"}


class Bars:
    """Progress bars on standard error, so that they never mix with results."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        self._bars = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def start(self, step: str, total: int) -> None:
        """A step begins."""
        self._task = self._bars.add_task(_STEPS.get(step, step), total=total)

    def advance(self, units: int) -> None:
        """So many units of it are done."""
        self._bars.advance(self._task, units)


def run_index(paths: Sequence[Path], index: Path, model: str | None, *, rebuild: bool) -> BuildSummary:
    """Builds the index of the paths, or brings it up to date."""
    corpus = walk(paths)
    encoder = load_encoder(model)
    with Bars() as bars:
        return build(corpus, index, encoder, root=corpus.root, model=model, progress=bars, rebuild=rebuild)


def summary_json(summary: BuildSummary) -> dict[str, object]:
    """The contract of `trichdan index --json`: how many of each, and each refused file with its reason."""
    return {
        "built": summary.built,
        "generation": summary.generation.name,
        "documents": summary.documents,
        "passages": summary.passages,
        "new": len(summary.new),
        "changed": len(summary.changed),
        "unchanged": len(summary.unchanged),
        "removed": len(summary.removed),
        "refused": [{"source": refusal.source, "reason": refusal.reason} for refusal in summary.refused],
    }


def show_summary(console: Console, summary: BuildSummary, index: Path) -> None:
    """Prints what a build did, for people."""
    done = "Indexed" if summary.built else "Already up to date:"
    console.print(
        f"{done} {summary.documents} documents, {summary.passages} passages in {index}", markup=False, soft_wrap=True
    )
    counts = {
        "new": summary.new,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "removed": summary.removed,
        "refused": summary.refused,
    }
    console.print("  " + ", ".join(f"{len(names)} {name}" for name, names in counts.items()), soft_wrap=True)
    plan = generation.read_manifest(summary.generation).search
    if plan and plan.sample:  # too many for exact search in float32: what was measured instead
        console.print(f"  {plan}", markup=False, soft_wrap=True)
    for refusal in summary.refused:
        console.print(f"  refused {refusal.source}: {refusal.reason}", style="yellow", markup=False, soft_wrap=True)

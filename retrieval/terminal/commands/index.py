"""
`trichdan index`: build with progress, and print the summary.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rich.console import Console

from embeddings import Encoder, LoadOptions, ProjectionLearner, load_encoder
from retrieval.errors import DamagedIndex, IndexFault
from retrieval.evaluation.smoke import check_smoke, read_smoke_file
from retrieval.index.build.build import build
from retrieval.index.build.summary import BuildSummary
from retrieval.index.generations import generation
from retrieval.index.generations.settings import Settings, read_settings, write_settings
from retrieval.reading.corpus import walk
from retrieval.reading.sandbox.ocr_cache import ocr_cache_in
from retrieval.retriever import Retriever
from retrieval.terminal.progress_bars import ProgressBars


@dataclass(frozen=True, slots=True)
class SettingsUpdate:
    """Settings of the index folder that the operator changes; None keeps a value."""

    keep: int | None = None
    smoke: Path | None = None
    no_smoke: bool = False

    def apply_to(self, settings: Settings, index: Path) -> Settings:
        """Return the settings with this update applied."""
        keep = settings.keep if self.keep is None else self.keep
        smoke = None if self.no_smoke else settings.smoke
        if self.smoke is not None:
            smoke = os.path.relpath(self.smoke.resolve(), index.resolve())
        return Settings(keep, smoke)


def paths_to_index(paths: Sequence[Path], index: Path) -> list[Path]:
    """
    The paths, else the folder that the index was built from, else the seeds.

    Thus `--rebuild` alone never indexes other documents. The seeds only where there is no index.

    Raises:
        DamagedIndex: the index does not name its folder.
    """
    if paths:
        return list(paths)
    manifests = sorted((index / "generations").glob("*/manifest.json"), reverse=True)
    if not manifests:
        return [Path("seeds")]
    for manifest in manifests:
        with suppress(DamagedIndex, TypeError):  # TypeError: root is no string
            root = generation.build_origin(manifest.parent).root
            if root is not None:
                return [Path(os.path.normpath(index / root))]
    raise DamagedIndex(
        f"an index says which folder it was built from, {index} does not: name it, `trichdan index FOLDER --rebuild`"
    )


def run_index(
    paths: Sequence[Path],
    index: Path,
    model: str | None,
    *,
    rebuild: bool,
    update: SettingsUpdate = SettingsUpdate(),
    load: Callable[[], Encoder],
    ocr: bool = False,
) -> BuildSummary:
    """
    Build the index or bring it up to date.

    A generation goes live when it passes the smoke questions. `load` returns the encoder that `model` names; `ocr`
    reads scanned pages.
    """
    corpus = walk(paths, ocr_cache=ocr_cache_in(index, runs_ocr=ocr), content_cache=index / "contents.sqlite")
    stored = read_settings(index)
    settings = update.apply_to(stored, index)
    smoke = settings.smoke_file(index)
    questions = read_smoke_file(smoke) if smoke else []
    if settings != stored:
        write_settings(index, settings)
    encoder = load()

    def admit(generation: Path) -> None:
        if questions:
            check_smoke(Retriever(index, encoder, generation=generation), questions)

    with ProgressBars() as bars:
        bars.start("reading", len(corpus.files))
        entries = corpus.read(bars.advance)
        summary = build(
            entries, index, encoder, root=corpus.root, model=model, progress=bars, rebuild=rebuild, admit=admit
        )
    if not summary.built:
        admit(summary.generation)  # new questions are checked even when there is nothing to build
    return summary


def encoder_loader(
    model: str | None, options: LoadOptions, dimensions: int | None, index: Path
) -> Callable[[], Encoder]:
    """A function that loads the encoder on its first call, then returns it again."""
    return cache(
        lambda: load_encoder(model, options=options, dimensions=dimensions_to_build_with(dimensions, model, index))
    )


def dimensions_to_build_with(asked: int | None, model: str | None, index: Path) -> int | None:
    """
    To how many dimensions vectors are cut; None for the model's own number.

    As asked, else as the index has them if its model is the same.
    """
    with suppress(IndexFault):
        origin = generation.build_origin(generation.live_folder(index))
        return origin.dimensions if asked is None and origin.model == model else asked
    return asked


def show_token_absence(console: Console, encoder: Encoder) -> None:
    """Print why there is no late interaction, if there is none."""
    reason = encoder.token_absence if isinstance(encoder, ProjectionLearner) else ""
    if reason:
        console.print(f"  no late interaction: {reason}", style="yellow", markup=False, soft_wrap=True)


def summary_json(summary: BuildSummary) -> dict[str, object]:
    """The contract of `trichdan index --json`: counts, and refused files with reasons."""
    return {
        "built": summary.built,
        "generation": summary.generation.name,
        "documents": summary.documents,
        "passages": summary.passages,
        "new": len(summary.new),
        "changed": len(summary.changed),
        "renamed": len(summary.renamed),
        "unchanged": len(summary.unchanged),
        "removed": len(summary.removed),
        "kept": list(summary.retained),
        "refused": [{"source": refusal.source, "reason": refusal.reason} for refusal in summary.refused],
    }


def show_summary(console: Console, summary: BuildSummary, index: Path) -> None:
    """Print what a build did."""
    done = "Indexed" if summary.built else "Already up to date:"
    console.print(
        f"{done} {summary.documents} documents, {summary.passages} passages in {index}", markup=False, soft_wrap=True
    )
    counts = {
        "new": summary.new,
        "changed": summary.changed,
        "renamed": summary.renamed,
        "unchanged": summary.unchanged,
        "removed": summary.removed,
        "refused": summary.refused,
    }
    console.print("  " + ", ".join(f"{len(names)} {name}" for name, names in counts.items()), soft_wrap=True)
    plan = generation.read_manifest(summary.generation).search
    if plan and plan.sample:  # not exact float32 search: print its measured recall
        console.print(f"  {plan}", markup=False, soft_wrap=True)
    for refusal in summary.refused:
        console.print(f"  refused {refusal.source}: {refusal.reason}", style="yellow", markup=False, soft_wrap=True)
    for name in summary.retained:
        console.print(f"  kept {name} as it was last read", style="yellow", markup=False, soft_wrap=True)
    if summary.retained:
        console.print("  to withdraw a kept document, delete its file or move it away", style="yellow", soft_wrap=True)

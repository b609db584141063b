"""
`trichdan index`: build with progress, and print the summary.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rich.console import Console

from embeddings import EmbeddingError, Encoder, LoadOptions, ProjectionLearner, load_encoder
from retrieval.errors import DamagedIndex, IndexFault, OtherRoot, UnknownCollection
from retrieval.evaluation.models.model_change import ModelChange
from retrieval.index.build.summary import BuildSummary
from retrieval.index.index_model import IndexModel, model_of, model_to_build_with
from retrieval.index.place import Place
from retrieval.index.settings import Settings
from retrieval.reading.collection import collection_named
from retrieval.reading.corpus import walk
from retrieval.reading.sandbox.ocr_cache import ocr_cache_in
from retrieval.terminal.commands.admission import Admission, ModelRequest
from retrieval.terminal.console import echo, plain_console
from retrieval.terminal.options import OTHER_ROOT
from retrieval.terminal.output.model_change import show_model_change
from retrieval.terminal.progress_bars import ProgressBars


@dataclass(frozen=True, slots=True)
class SettingsUpdate:
    """Settings of the index folder that the operator changes; None keeps a value."""

    keep: int | None = None
    smoke: Path | None = None
    no_smoke: bool = False
    secret: Sequence[str] = ()  # collections to open for documents with a mark of secrecy, beside those that are
    no_secret: bool = False

    def apply_to(self, settings: Settings, caches: Path) -> Settings:
        """Return the settings with this update applied; `caches`: of the place."""
        keep = settings.keep if self.keep is None else self.keep
        smoke = None if self.no_smoke else settings.smoke
        if self.smoke is not None:
            smoke = os.path.relpath(self.smoke.resolve(), caches.resolve())
        opened = () if self.no_secret else settings.secret
        return Settings(keep, smoke, tuple(sorted({*opened, *map(_collection_to_open, self.secret)})))


def _collection_to_open(name: str) -> str:
    """The collection; UnknownCollection for the common one, and for what names no folder."""
    collection = collection_named(name)
    if not collection or "/" in collection or collection.startswith("."):
        raise UnknownCollection(
            f"documents with a mark of secrecy lie in a first-level folder of their own, {name!r} is none: "
            "move them into one, whose readers the bot's settings name, and open that"
        )
    return collection


def paths_to_index(paths: Sequence[Path], place: Place) -> list[Path]:
    """
    The paths, else the folder that the index was built from, else the seeds.

    Thus `--rebuild` alone never indexes other documents. The seeds only where there is no index.

    Raises:
        DamagedIndex: the index does not name its folder.
    """
    if paths:
        return list(paths)
    with suppress(DamagedIndex):
        origins = place.origins()
        if not origins:
            return [Path("seeds")]
        for origin in origins:
            with suppress(DamagedIndex):
                root = place.corpus_root(origin)
                if root is not None:
                    return [root]
    raise DamagedIndex(
        f"an index says which folder it was built from, {place.address} does not: name it, `trichdan index FOLDER "
        "--rebuild`"
    )


def run_index(  # noqa: PLR0913 - each is an option of the command
    paths: Sequence[Path],
    place: Place,
    request: ModelRequest,
    show: Callable[[ModelChange], None] = lambda _: None,
    *,
    rebuild: bool,
    other_root: bool = False,
    update: SettingsUpdate = SettingsUpdate(),
    load: Callable[[IndexModel], Encoder],
    ocr: bool = False,
) -> BuildSummary:
    """
    Build the index or bring it up to date.

    A generation goes live when it passes the smoke questions, and one of another model when it does not answer more
    of the marked questions worse than better.

    Args:
        show: gets what a new model changed, whether or not it goes live.
        other_root: lets the index change to another folder than it was built from.
        load: returns the encoder of a model, as a manifest names it.
        ocr: reads scanned pages.
    """
    model = model_to_build_with(request.model, request.dimensions, place)
    stored = place.settings()
    settings = update.apply_to(stored, place.caches)
    corpus = walk(
        paths,
        ocr_cache=ocr_cache_in(place.caches, runs_ocr=ocr),
        content_cache=place.caches / "contents.sqlite",
        secret_collections=frozenset(settings.secret),
    )
    with ProgressBars() as bars:
        admission = Admission(place, model, request, settings.smoke_file(place.caches), bars)
        if settings != stored:
            place.keep_settings(settings)
        encoder = _load(load, model, is_kept=request.model is None)
        if not other_root:
            _check_root(corpus.root, place)
        show_token_absence(plain_console(stderr=True), encoder)
        bars.start("reading", len(corpus.files))
        entries = corpus.read(bars.advance)
        with _shown(admission, bars, show):
            summary = place.build(
                entries,
                encoder,
                root=corpus.root,
                model=model.name,
                progress=bars,
                rebuild=rebuild,
                admit=lambda generation: admission.check(encoder, generation),
            )
            if not summary.built:
                admission.check(encoder, summary.generation)  # new questions are asked even when nothing is built
    return summary


def _check_root(root: Path, place: Place) -> None:
    """Raise OtherRoot where the live generation was built from another folder."""
    try:
        built_from = place.corpus_root(place.origin())
    except IndexFault:  # nothing is live that could be opened to other readers
        return
    if built_from is not None and built_from != root.resolve():
        raise OtherRoot(
            f"an index keeps its folder, whose subfolders are the collections that readers may see, {place.address} "
            f"was built from {built_from} and is to be built from {root.resolve()}: name the former, choose another "
            f"index with --index, or confirm with {OTHER_ROOT}"
        )


def encoder_loader(options: LoadOptions) -> Callable[[IndexModel], Encoder]:
    """A function that loads a model's encoder, once in a row."""
    return lru_cache(maxsize=1)(lambda model: load_encoder(model.name, options=options, dimensions=model.dimensions))


def show_token_absence(console: Console, encoder: Encoder) -> None:
    """Print why there is no late interaction, if there is none."""
    reason = encoder.token_absence if isinstance(encoder, ProjectionLearner) else ""
    if reason:
        console.print(f"no late interaction: {reason}", style="yellow", markup=False, soft_wrap=True)


def _load(load: Callable[[IndexModel], Encoder], model: IndexModel, *, is_kept: bool) -> Encoder:
    try:
        return load(model)
    except EmbeddingError as error:
        if model.name is None or not is_kept:
            raise
        raise type(error)(f"a build keeps the index's model, {model} cannot be loaded: {error}") from error


@contextmanager
def _shown(admission: Admission, bars: ProgressBars, show: Callable[[ModelChange], None]) -> Iterator[None]:
    """Show what a new model changed, below the progress bars, also where it is refused."""
    try:
        yield
    finally:
        if admission.change:
            bars.close()
            show(admission.change)


def build_and_print(
    run: Callable[[Callable[[ModelChange], None]], BuildSummary], place: Place, *, as_json: bool
) -> None:
    """
    Build, and print what was done, after what a new model changed.

    With `as_json` the latter is printed to standard error, and stands in the object too.
    """
    changes: list[ModelChange] = []

    def show(change: ModelChange) -> None:
        changes.append(change)
        show_model_change(plain_console(stderr=as_json), change)

    summary = run(show)
    if as_json:
        echo(json.dumps(summary_json(summary, place, *changes), ensure_ascii=False))
    else:
        show_summary(plain_console(), summary, place)


def summary_json(summary: BuildSummary, place: Place, change: ModelChange | None = None) -> dict[str, object]:
    """The contract of `trichdan index --json`."""
    return {
        "built": summary.built,
        "generation": summary.generation,
        "model": place.manifest(summary.generation).model,
        "model_change": change.to_json() if change else None,
        "documents": summary.documents,
        "passages": summary.passages,
        "new": len(summary.new),
        "changed": len(summary.changed),
        "renamed": len(summary.renamed),
        "unchanged": len(summary.unchanged),
        "removed": len(summary.removed),
        "kept": list(summary.retained),
        "refused": [
            {"source": refusal.source, "reason": refusal.reason, "secrecy": refusal.secrecy or None}
            for refusal in summary.refused
        ],
    }


def show_summary(console: Console, summary: BuildSummary, place: Place) -> None:
    """Print what a build did."""
    done = "Indexed" if summary.built else "Already up to date:"
    console.print(
        f"{done} {summary.documents} documents, {summary.passages} passages in {place.address}",
        markup=False,
        soft_wrap=True,
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
    manifest = place.manifest(summary.generation)
    plan = manifest.search
    if manifest.model or manifest.dimensions:
        console.print(f"  model: {model_of(manifest)}", markup=False, soft_wrap=True)
    if plan and plan.sample:  # not exact float32 search: print its measured recall
        console.print(f"  {plan}", markup=False, soft_wrap=True)
    for refusal in summary.refused:
        console.print(f"  refused {refusal.source}: {refusal.reason}", style="yellow", markup=False, soft_wrap=True)
    for name in summary.retained:
        console.print(f"  kept {name} as it was last read", style="yellow", markup=False, soft_wrap=True)
    if summary.retained:
        console.print("  to withdraw a kept document, delete its file or move it away", style="yellow", soft_wrap=True)

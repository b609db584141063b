"""
`trichdan index --list`, `--verify`, `--rollback` and `--clean`: generations of an index.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from embeddings import EmbeddingError, LoadOptions, load_encoder
from embeddings.load_options import DEFAULT_OPTIONS
from retrieval.errors import IndexFault, IndexMismatch, RetrievalError, StaleQuote
from retrieval.evaluation.smoke import check_smoke, read_smoke_file
from retrieval.index.index_model import model_of
from retrieval.index.local.build.cache_contents import clean_cache
from retrieval.index.local.generations.generation import PARTIAL, read_manifest
from retrieval.index.local.generations.history import generations, roll_back
from retrieval.index.local.generations.settings_file import read_settings
from retrieval.index.local.local_index import LocalIndex
from retrieval.index.manifest import Manifest
from retrieval.retriever import Retriever


def show_generations(console: Console, index: Path) -> None:
    """Print a line for each generation: live, earlier, or due for removal."""
    live, *earlier = generations(index)
    for folder in sorted((index / "generations").iterdir(), reverse=True):
        if not folder.name.endswith(PARTIAL):
            state = "live" if folder == live else "earlier" if folder in earlier else "left behind"
            console.print(f"{state:>11}  {folder.name}  {_description(folder)}", markup=False, soft_wrap=True)


def run_rollback(console: Console, index: Path, options: LoadOptions = DEFAULT_OPTIONS) -> None:
    """
    Make the previous generation live again, and print it.

    Raises:
        IndexMismatch: its model is gone, or another model is in its place.
    """
    _check_model(generations(index)[1:2], options)
    left, now = generations(index)[0].name, roll_back(index)
    sentence = f"Live is {now.name} again ({_description(now)}), in place of {left}"
    console.print(sentence, markup=False, soft_wrap=True)
    console.print(
        "  documents that have changed since are not quoted; `trichdan index` reads them anew", soft_wrap=True
    )


def _check_model(previous: Sequence[Path], options: LoadOptions) -> None:
    """
    Refuse to go back to a generation whose questions could not be encoded.

    The bundled model is always there.
    """
    for manifest in map(read_manifest, previous):
        if manifest.model is None:
            continue
        try:
            loaded = load_encoder(
                manifest.model, options=options, precision=manifest.precision, dimensions=manifest.dimensions
            )
            is_its_own = loaded.is_model_of(manifest.fingerprint)
        except EmbeddingError as error:
            raise IndexMismatch(f"the generation before was built with {manifest.model}: {error}") from error
        if not is_its_own:
            raise IndexMismatch(
                f"the generation before was built with {manifest.fingerprint}, {manifest.model} is now "
                f"{loaded.fingerprint}: put its files back, or stay with what is live"
            )


def run_verify(console: Console, index: Path) -> bool:
    """Check all generations and the smoke questions; return whether all passed."""
    live, *earlier = generations(index)
    checks: list[tuple[str, Callable[[], str]]] = [(live.name, lambda: _check_generation(live))]
    checks += [(folder.name, lambda folder=folder: _check_generation(folder)) for folder in earlier]  # type: ignore[misc]
    checks.append(("smoke", lambda: _check_smoke_questions(index)))
    passed = [_run(console, name, check) for name, check in checks]  # a list: run all, even after a failure
    return all(passed)


def run_clean(console: Console, index: Path) -> None:
    """Remove the computed vectors that no generation needs, and print how much that was."""
    console.print(f"{clean_cache(index) / 1e6:.1f} MB of vectors removed that no kept generation needs", soft_wrap=True)


def check_passages(index: LocalIndex) -> None:
    """
    Compare every passage with its document.

    Raises:
        StaleQuote: a passage is not at its offsets.
    """
    for record in index.store.documents():
        text = index.store.document_text(record.doc_id)
        for passage in index.store.passages_of(record.doc_id):
            if text[passage.start : passage.end] != passage.text:
                raise StaleQuote(f"{passage.passage_id} is not in its document: run `trichdan index --rebuild`")


def _run(console: Console, name: str, check: Callable[[], str]) -> bool:
    try:
        finding, passed = check(), True
    except (RetrievalError, OSError) as error:
        finding, passed = str(error), False
    console.print("ok" if passed else "PROBLEM", style="green" if passed else "red", end="  ")
    console.print(f"{name}: {finding}", markup=False, soft_wrap=True)
    return passed


def _check_generation(folder: Path) -> str:
    opened = LocalIndex.open(folder)
    check_passages(opened)
    return f"every checksum and every offset right, {_counts(opened.manifest)}"


def _check_smoke_questions(index: Path) -> str:
    file = read_settings(index).smoke_file(index)
    if file is None:
        return "no questions were named with --smoke"
    questions = read_smoke_file(file)
    check_smoke(Retriever(index), questions)
    return f"{len(questions)} questions of {file} answered"


def _description(folder: Path) -> str:
    try:
        return _counts(read_manifest(folder))
    except IndexFault as error:
        return f"unusable: {error}"


def _counts(manifest: Manifest) -> str:
    model = model_of(manifest)
    return f"built {manifest.created}, {manifest.documents} documents, {manifest.passages} passages, {model}"

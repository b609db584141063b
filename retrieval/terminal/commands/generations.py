"""
`trichdan index --list`, `--verify`, `--rollback` and `--clean`: generations of an index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from rich.console import Console

from embeddings import EmbeddingError, LoadOptions, load_encoder
from embeddings.load_options import DEFAULT_OPTIONS
from retrieval.errors import IndexMismatch, RetrievalError
from retrieval.evaluation.smoke import check_smoke, read_smoke_file
from retrieval.index.index_model import model_of
from retrieval.index.manifest import Manifest
from retrieval.index.place import Place
from retrieval.retriever import Retriever


def show_generations(console: Console, place: Place) -> None:
    """Print a line for each generation: live, earlier, or due for removal."""
    for each in place.generations():
        described = _counts(each.manifest) if each.manifest else f"unusable: {each.fault}"
        console.print(f"{each.state:>11}  {each.name}  {described}", markup=False, soft_wrap=True)


def run_rollback(console: Console, place: Place, options: LoadOptions = DEFAULT_OPTIONS) -> None:
    """
    Make the previous generation live again, and print it.

    Raises:
        IndexMismatch: its model is gone, or another model is in its place.
    """
    left, *earlier = place.history()
    _check_model(map(place.manifest, earlier[:1]), options)
    now = place.roll_back()
    sentence = f"Live is {now} again ({_counts(place.manifest(now))}), in place of {left}"
    console.print(sentence, markup=False, soft_wrap=True)
    console.print(
        "  documents that have changed since are not quoted; `trichdan index` reads them anew", soft_wrap=True
    )


def _check_model(previous: Iterable[Manifest], options: LoadOptions) -> None:
    """
    Refuse to go back to a generation whose questions could not be encoded.

    The bundled model is always there.
    """
    for manifest in previous:
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


def run_verify(console: Console, place: Place) -> bool:
    """Check all generations and the smoke questions; return whether all passed."""
    checks: list[tuple[str, Callable[[], str]]] = [(name, partial(_check, place, name)) for name in place.history()]
    checks.append(("smoke", lambda: _check_smoke_questions(place)))
    passed = [_run(console, name, check) for name, check in checks]  # a list: run all, even after a failure
    return all(passed)


def run_clean(console: Console, place: Place) -> None:
    """Remove the computed vectors that no generation needs, and print how much that was."""
    console.print(
        f"{place.clean_cache() / 1e6:.1f} MB of vectors removed that no kept generation needs", soft_wrap=True
    )


def _run(console: Console, name: str, check: Callable[[], str]) -> bool:
    try:
        finding, passed = check(), True
    except (RetrievalError, OSError) as error:
        finding, passed = str(error), False
    console.print("ok" if passed else "PROBLEM", style="green" if passed else "red", end="  ")
    console.print(f"{name}: {finding}", markup=False, soft_wrap=True)
    return passed


def _check(place: Place, name: str) -> str:
    return f"every checksum and every offset right, {_counts(place.verify(name))}"


def _check_smoke_questions(place: Place) -> str:
    file = place.settings().smoke_file(place.caches)
    if file is None:
        return "no questions were named with --smoke"
    questions = read_smoke_file(file)
    check_smoke(Retriever(place), questions)
    return f"{len(questions)} questions of {file} answered"


def _counts(manifest: Manifest) -> str:
    model = model_of(manifest)
    return f"built {manifest.created}, {manifest.documents} documents, {manifest.passages} passages, {model}"

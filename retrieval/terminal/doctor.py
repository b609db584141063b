"""
`trichdan doctor`: versions, model, index and caches, and what to do about each problem.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console

from embeddings import EmbeddingError, load_encoder
from embeddings.bundled import default_cache_dir
from retrieval.errors import RetrievalError, StaleQuote
from retrieval.index import generation
from retrieval.index.local import LocalIndex
from retrieval.index.search_plan import SearchPlan
from retrieval.quote import SourceWatch
from retrieval.reading.corpus import walk
from retrieval.reading.document import Document

_PACKAGES = (
    "trichdan",
    "sentence-transformers",
    "torch",
    "faiss-cpu",
    "tantivy",
    "numpy",
    "pypdfium2",
    "python-docx",
    "trafilatura",
    "python-telegram-bot",
)


# Checks that other packages add: name -> the finding; they come last.
ADDED_CHECKS: dict[str, Callable[[], str]] = {}


def run_doctor(index: Path, console: Console) -> bool:
    """Runs every check and prints its finding; whether all is well."""
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("versions", _versions),
        ("model", lambda: _model(index)),
        ("index", lambda: _index(index)),
        ("sources", lambda: _sources(index)),
        ("caches", lambda: _caches(index)),
        *ADDED_CHECKS.items(),
    )
    well = [_run(console, name, check) for name, check in checks]  # all of them, also after the first problem
    return all(well)


def _run(console: Console, name: str, check: Callable[[], str]) -> bool:
    try:
        finding, well = check(), True
    except (RetrievalError, EmbeddingError, OSError) as error:
        finding, well = str(error), False
    mark, style = ("ok", "green") if well else ("PROBLEM", "red")
    console.print(f"{mark:>8}", style=style, end="  ")
    console.print(f"{name}: {finding}", markup=False, soft_wrap=True)
    return well


def _versions() -> str:
    found = []
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            raise RetrievalError(f"{package} must be installed, it is not: install again with `make .venv`") from None
    return f"Python {platform.python_version()}, {', '.join(found)}"


def _model(index: Path) -> str:
    """Loads the model that the index names, or the bundled one, and compares the fingerprints."""
    try:
        manifest = generation.read_manifest(generation.current(index))
    except RetrievalError:
        encoder = load_encoder()
        return f"{encoder.name}, {encoder.dim} dimensions, {encoder.fingerprint}"
    encoder = load_encoder(manifest.model, precision=manifest.precision)
    if encoder.fingerprint != manifest.fingerprint:
        raise RetrievalError(
            f"the index was built with {manifest.fingerprint}, the model is {encoder.fingerprint}: "
            "run `trichdan index --rebuild`"
        )
    return f"{encoder.name}, {encoder.dim} dimensions, {encoder.fingerprint}"


def _index(index: Path) -> str:
    opened = LocalIndex.open(generation.current(index))
    manifest = opened.manifest
    for record in opened.store.documents():
        text = opened.store.document_text(record.doc_id)
        for passage in opened.store.passages_of(record.doc_id):
            if text[passage.start : passage.end] != passage.text:
                raise StaleQuote(f"{passage.passage_id} is not in its document: run `trichdan index --rebuild`")
    return (
        f"{manifest.documents} documents, {manifest.passages} passages, {manifest.windows} windows, "
        f"{manifest.search or SearchPlan('float32')}, "
        f"built {manifest.created}, every checksum and every offset right ({opened.folder})"
    )


def _sources(index: Path) -> str:
    """Compares the indexed documents with the files of the corpus as they are now."""
    opened = LocalIndex.open(generation.current(index))
    root = opened.manifest.root
    if root is None:
        return "the index was not built from files"
    folder = (index.resolve() / root).resolve()
    watch = SourceWatch(folder)
    problems = []
    records = opened.store.documents()
    for record in records:
        try:
            watch.check(record)
        except StaleQuote as error:
            problems.append(str(error))
    if folder.is_dir():
        known = {record.doc_id for record in records}
        problems += [f"{name} is not indexed: run `trichdan index`" for name in _readable(folder) if name not in known]
    if problems:
        raise RetrievalError("; ".join(problems))
    return f"{len(records)} files in {folder} are as they were indexed"


def _readable(folder: Path) -> list[str]:
    return [entry.doc_id for entry in walk([folder]) if isinstance(entry, Document)]


def _caches(index: Path) -> str:
    places = {"index": index, "models and vectors of evaluations": default_cache_dir()}
    sizes = (f"{name} {_size(place) / 1e6:.0f} MB in {place}" for name, place in places.items())
    return ", ".join(sizes)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

"""
`trichdan doctor`: check versions, model, index and caches.

Each problem says what to do about it.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console

from embeddings import EmbeddingError, Encoder, LoadOptions, ProjectionLearner, load_encoder
from embeddings.atomic_folder import verify
from embeddings.bundled.weights import bundled_folder, default_cache_dir
from embeddings.openvino_engine.compiled_model import compiler_name
from embeddings.openvino_engine.runtime import is_installed
from retrieval.answering.quote import SourceWatch
from retrieval.errors import RetrievalError, StaleQuote
from retrieval.index.manifest import Manifest, fit_to_index
from retrieval.index.place import Finding, Place
from retrieval.index.scoring.model_scale import LEAST_AGREEMENT, model_scale
from retrieval.index.scoring.search_plan import SearchPlan
from retrieval.private_file import is_open_to_others
from retrieval.ranking.learned.stored_calibrations import read_calibrations
from retrieval.reading.administrative.secrecy_mark import secrecy_mark
from retrieval.reading.collection import collection_name, collection_of
from retrieval.reading.corpus import walk
from retrieval.reading.document import Document
from retrieval.reading.sandbox.process import Sandbox

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

_PRIVATE_CACHES = ("repl-history", "eval-embeddings.sqlite*")


def run_doctor(
    place: Place, console: Console, *, options: LoadOptions, extra_checks: Mapping[str, Callable[[], str]]
) -> bool:
    """Run and print every check, extra ones last; return whether all passed."""
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("versions", _versions),
        ("weights", lambda: weights(default_cache_dir())),
        ("model", lambda: _model(place, options)),
        ("index", lambda: _index(place)),
        ("calibration", lambda: _calibration(place, options)),
        ("rights", lambda: _rights(place)),
        ("secrecy", lambda: _secrecy(place)),
        ("sources", lambda: _sources(place)),
        ("sandbox", _sandbox),
        ("caches", lambda: _caches(place)),
        ("vectors", lambda: _vectors(place)),
    )
    # Lists: all are run, even after a failure.
    passed = [_run(console, name, check) for name, check in checks]
    passed += [_show(console, each) for each in place.health()]
    passed += [_run(console, name, check) for name, check in extra_checks.items()]
    return all(passed)


def _run(console: Console, name: str, check: Callable[[], str]) -> bool:
    try:
        finding = Finding(name, check())
    except (RetrievalError, EmbeddingError, OSError) as error:
        finding = Finding(name, str(error), is_problem=True)
    return _show(console, finding)


def _show(console: Console, finding: Finding) -> bool:
    """Print a finding; return whether it is no problem."""
    mark, style = ("PROBLEM", "red") if finding.is_problem else ("ok", "green")
    console.print(f"{mark:>8}", style=style, end="  ")
    console.print(f"{finding.name}: {finding.text}", markup=False, soft_wrap=True)
    return not finding.is_problem


def _versions() -> str:
    found = []
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            raise RetrievalError(f"{package} must be installed, it is not: install again with `make .venv`") from None
    return f"Python {platform.python_version()}, {', '.join(found)}"


def weights(cache: Path) -> str:
    """
    Verify every checksum of the models in the cache, which is too slow at start-up.

    Covers the unpacked bundled model and what is compiled; CacheError names the first that differs.
    """
    # A name that begins with a dot is being written by another process.
    found = cache.glob(f"*-{compiler_name()}-*") if is_installed() else ()
    compiled = sorted(folder for folder in found if not folder.name.startswith("."))
    folders = [bundled_folder(cache), *compiled]
    made = [folder for folder in folders if folder.is_dir()]
    for folder in made:
        verify(folder)
    return f"every checksum right in {len(made)} folders of models" if made else "not unpacked yet"


def _model(place: Place, options: LoadOptions) -> str:
    """Load the model of the index, or the bundled one, and compare fingerprints."""
    try:
        manifest = place.manifest()
    except RetrievalError:
        return _described(load_encoder(options=options))
    encoder = _encoder(manifest, options)
    if not encoder.mixes_with(manifest.token_fingerprint):
        raise RetrievalError(
            f"the index was built with {manifest.fingerprint}, the model is {encoder.fingerprint}: "
            "run `trichdan index --rebuild`"
        )
    built = "" if encoder.fingerprint == manifest.fingerprint else f"; the index was built with {manifest.fingerprint}"
    return f"{_described(encoder)}{built}"


def _encoder(manifest: Manifest, options: LoadOptions) -> Encoder:
    """The model of an index, with the index's own projection."""
    loaded = load_encoder(manifest.model, options=options, precision=manifest.precision, dimensions=manifest.dimensions)
    return fit_to_index(loaded, manifest)


def _described(encoder: Encoder) -> str:
    """What runs where and why."""
    described = f"{encoder.name}, {encoder.dim} dimensions, {encoder.fingerprint}; {encoder.running}"
    reason = encoder.token_absence if isinstance(encoder, ProjectionLearner) else ""
    return f"{described}; no late interaction: {reason}" if reason else described


def _index(place: Place) -> str:
    live = place.live()
    manifest = place.verify(live)
    return (
        f"{manifest.documents} documents, {manifest.passages} passages, {manifest.windows} windows, "
        f"{manifest.search or SearchPlan('float32')}, "
        f"built {manifest.created}, every checksum and every offset right ({place.address}, generation {live})"
    )


def _rights(place: Place) -> str:
    caches = [path for name in _PRIVATE_CACHES for path in default_cache_dir().glob(name) if is_open_to_others(path)]
    if caches:
        raise RetrievalError(
            f"what holds questions and texts is its owner's alone, other users have rights to {caches[0]}: run "
            f"`chmod go= {caches[0]}`"
        )
    return place.check_rights()


def _secrecy(place: Place) -> str:
    """Which documents bear a mark of secrecy, and the collections that were opened for them."""
    opened, stored = frozenset(place.settings().secret), place.open_documents()
    documents = (stored.full_document(record.doc_id) for record in stored.documents())
    marks = {each.source: secrecy_mark(each.text, each.blocks, each.origin) for each in documents}
    outside = [f"{source} ({mark})" for source, mark in marks.items() if mark and collection_of(source) not in opened]
    if outside:
        raise RetrievalError(
            f"a document with a mark of secrecy is indexed only in a collection that was opened for such documents, "
            f"this index holds {', '.join(outside)}: run `trichdan index`, which takes them out"
        )
    count = sum(map(bool, marks.values()))
    where = f", in {', '.join(sorted(opened))}, which may hold them" if opened else ""
    return f"{count} documents with a mark of secrecy{where}"


def _calibration(place: Place, options: LoadOptions) -> str:
    """Which numbers order and judge, and whether they hold for the model."""
    stored = read_calibrations(place)
    manifest = place.manifest()
    if not stored:
        return _shipped(manifest)
    encoder = _encoder(manifest, options)
    own = next((each for each in stored if encoder.is_model_of(each.fingerprint)), None)
    if own is None:
        waiting = ", ".join(each.fingerprint for each in stored)
        return f"{_shipped(manifest)}; what was learned for {waiting} is used again with that model"
    report = own.report
    return (
        f"learned from {report.get('questions', '?')} questions ({report.get('made', 'day unknown')}): "
        f"{report.get('order', '?')} order, {report.get('confidence', '?')} confidence"
    )


def _shipped(manifest: Manifest) -> str:
    """Whether the shipped numbers, which were learned with the bundled model, hold for this one."""
    if not manifest.background:
        return "the shipped numbers"
    scale = model_scale(manifest.background, manifest.background)
    if not scale.holds:
        raise RetrievalError(
            f"the shipped numbers hold for models that agree with the bundled one, a correlation of {LEAST_AGREEMENT}, "
            f"this one's is {scale.agreement:.2f} over these documents, so no answer is shown as sure: mark 50 "
            "questions and run `trichdan calibrate`, or choose another --model"
        )
    by_itself = {name: model_scale(manifest.background, {name}) for name in manifest.background}
    unsure = [collection_name(name) for name, own in sorted(by_itself.items()) if not own.holds]
    return (
        f"the shipped numbers; the model's similarities correlate with the bundled one's by {scale.agreement:.2f}"
        + (
            f"; for who sees nothing but {', '.join(unsure)} by less than {LEAST_AGREEMENT}, so no answer is sure there"
            if unsure
            else ""
        )
    )


def _sources(place: Place) -> str:
    """Compare the indexed documents with the corpus files."""
    folder = place.corpus_root(place.origin())
    if folder is None:
        return "the index was not built from files"
    watch = SourceWatch(folder)
    problems = []
    records = place.open_documents().documents()
    for record in records:
        try:
            watch.check(record)
        except StaleQuote as error:
            problems.append(str(error))
    if folder.is_dir():
        known = {record.source for record in records}
        unknown = [name for name in _readable(folder, frozenset(place.settings().secret)) if name not in known]
        problems += [f"{name} is not indexed: run `trichdan index`" for name in unknown]
    if problems:
        raise RetrievalError("; ".join(problems))
    kept = sum(bool(record.kept) for record in records)
    return f"{len(records)} files in {folder} are as they were indexed" + (
        f", {kept} of them unreadable and kept as they last were" if kept else ""
    )


def _readable(folder: Path, opened: frozenset[str]) -> list[str]:
    return [entry.source for entry in walk([folder], secret_collections=opened) if isinstance(entry, Document)]


def _sandbox() -> str:
    """What a file that takes over its reader could reach."""
    with Sandbox() as sandbox:
        missing = sandbox.missing_layers()
    if missing:
        return f"files are read, but this system does not keep a hostile file from {'; from '.join(missing)}"
    return "a hostile file reaches neither the network nor other files, processes or settings of this machine"


def _caches(place: Place) -> str:
    places = {"index": place.caches, "models and vectors of evaluations": default_cache_dir()}
    sizes = (f"{name} {_size(folder) / 1e6:.0f} MB in {folder}" for name, folder in places.items())
    return ", ".join(sizes)


def _vectors(place: Place) -> str:
    """How much room the computed vectors of each model take."""
    contents = place.cache_contents()
    sizes = [f"{size / 1e6:.1f} MB of {name}" for name, size in contents.models.items()]
    if contents.unneeded:
        sizes.append(f"{contents.unneeded / 1e6:.1f} MB that no kept generation needs: `trichdan index --clean`")
    return ", ".join(sizes) or "none"


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

"""
The build: documents to a new generation, encoding only text that is new.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from embeddings import Encoder, load_encoder
from retrieval.errors import BuildFailed, MissingIndex
from retrieval.index.build.background import measure_background
from retrieval.index.build.cache_contents import forget_withdrawn
from retrieval.index.build.document_collector import collect_documents
from retrieval.index.build.embedding_cache import EmbeddingCache
from retrieval.index.build.fitted_encoder import fitted_encoder
from retrieval.index.build.previous_generation import PreviousGeneration
from retrieval.index.build.program import program
from retrieval.index.build.progress import Progress
from retrieval.index.build.summarize import summarize
from retrieval.index.build.summary import BuildSummary
from retrieval.index.local.build.encoded_generation import EncodedFolder
from retrieval.index.local.build.generation_writer import GenerationData, write_generation
from retrieval.index.local.build.previous_generation import previous_generation
from retrieval.index.local.build.reuse import find_reuse
from retrieval.index.local.generations import generation, history
from retrieval.index.local.generations.private_folder import make_private
from retrieval.index.local.generations.projection_file import write_projection
from retrieval.index.local.generations.settings_file import read_settings
from retrieval.index.local.local_index import LocalIndex
from retrieval.index.manifest import Manifest
from retrieval.index.records.document_record import DocumentRecord
from retrieval.private_file import private_umask
from retrieval.reading.corpus import Refusal
from retrieval.reading.document import Document


def build(  # noqa: PLR0913 - what to index, where, how, and how to report it
    entries: Iterable[Document | Refusal],
    index: Path,
    encoder: Encoder,
    *,
    root: Path | None,
    model: str | None,
    progress: Progress,
    cache: Path | None = None,
    rebuild: bool = False,
    admit: Callable[[str], None] = lambda _: None,
    bundled: Callable[[], Encoder] = load_encoder,
    known: Sequence[DocumentRecord] = (),
) -> BuildSummary:
    """
    Bring the index folder up to date with the documents and make the result live.

    `admit` gets the new generation's name before it goes live, and raises to reject it. `bundled` loads the model
    that another one is compared with: see `model_scale`. `known` has the ids of documents where there is no index.

    Raises:
        EmptyCorpus: there is no document to index; the live generation stays.
        BuildInProgress: another process is building here.
        BuildFailed: the disk is full or a write was refused; the live generation stays.
    """
    if index.exists() and not index.is_dir():
        raise MissingIndex(f"an index is a folder, {index} is a file: name another place with --index")
    with _build_errors(index), private_umask(), ExitStack() as files:
        make_private(index)
        with generation.build_lock(index):
            settings, previous = read_settings(index), previous_generation(index)
            secret, meanwhile = frozenset(settings.secret), index / "generations"
            build_input = files.enter_context(
                collect_documents(entries, previous, root, secret, known, folder=meanwhile)
            )
            summary = summarize(build_input, previous)
            store = cache or index / "embeddings.sqlite"
            encoder = fitted_encoder(encoder, build_input.documents, previous, store)
            is_other = model is not None or encoder.dimensions is not None  # than the bundled model as it is
            is_up_to_date = previous and previous.is_of(encoder, relative_root(index, root), other_model=is_other)
            if is_up_to_date and not (rebuild or summary.differs):
                return replace(summary, built=False)
            with generation.new_folder(index) as folder:
                with EmbeddingCache(store) as vectors:
                    reuse = (
                        None if rebuild else find_reuse(build_input.entries, previous, encoder, index / "generations")
                    )
                    data = write_generation(folder, build_input, reuse, encoder, vectors, progress)
                    background = None
                    if is_other:
                        measured = previous.background_of(encoder) if previous else None
                        background = measure_background(build_input.documents, encoder, bundled, vectors, measured)
                write_projection(folder, encoder)
                # What an older program indexed in spite of its mark of secrecy must not come back by a rollback.
                earlier = None if build_input.withdraws_secret_of(previous) else previous
                manifest = _manifest(folder, data, encoder, model, root=relative_root(index, root), previous=earlier)
                generation.seal(folder, replace(manifest, background=background))
                LocalIndex.open(folder).check(data.probe, data.vectors)
                admit(folder.name.removesuffix(generation.PARTIAL))
                live = generation.publish(index, folder)
            if cache is None:  # another file is not this index's alone
                with suppress(OSError):  # the new index is live: the next build forgets what this one could not
                    going, kept = history.superseded(index, settings.keep), history.generations(index)[: settings.keep]
                    forget_withdrawn(store, [*map(EncodedFolder, going)], [*map(EncodedFolder, kept)])
            history.prune(index, settings.keep)
            make_private(index)  # where other things lie in the folder, the new entries
            return replace(summary, generation=live.name)


def relative_root(index: Path, root: Path | None) -> str | None:
    """The corpus path relative to the index, so that both can be moved together."""
    return None if root is None else os.path.relpath(root.resolve(), index.resolve())


@contextmanager
def _build_errors(index: Path) -> Iterator[None]:
    """Turn system errors into one BuildFailed that says what became of the index."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else str(error)
        left = _what_is_left(index)
        raise BuildFailed(
            f"a build must be able to write in {index}, the system refused this one ({reason}) and {left}: "
            "free space or correct the rights, and index again"
        ) from error


def _what_is_left(index: Path) -> str:
    try:
        return "the index of before answers on" if (index / "CURRENT").exists() else "there is no index yet"
    except PermissionError:  # somebody else's, and closed to us
        return "what is there stays as it was"


def _manifest(
    folder: Path,
    data: GenerationData,
    encoder: Encoder,
    model: str | None,
    *,
    root: str | None,
    previous: PreviousGeneration | None,
) -> Manifest:
    return Manifest(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        program=program(),
        model=model,
        precision=encoder.precision,
        fingerprint=encoder.fingerprint,
        token_fingerprint=encoder.token_fingerprint,
        root=root,
        documents=data.documents,
        passages=data.passages,
        windows=data.windows,
        files=generation.checksums(folder),
        search=data.plan,
        previous=previous.name if previous else None,
        dimensions=encoder.dimensions,
    )

"""
The build: documents to a new generation on the server.

Only text that is new is encoded.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final, LiteralString
from uuid import uuid4

import psycopg

from embeddings import Encoder, ProjectionLearner
from retrieval.errors import BuildFailed, IndexFault
from retrieval.index.build.background import measure_background
from retrieval.index.build.cache_contents import forget_withdrawn
from retrieval.index.build.document_collector import BuildInput, SplitDocument, collect_documents
from retrieval.index.build.embedding_cache import EmbeddingCache
from retrieval.index.build.encoder_input import sample_queries, window_texts
from retrieval.index.build.fitted_encoder import fitted_encoder
from retrieval.index.build.previous_generation import PreviousGeneration
from retrieval.index.build.program import program
from retrieval.index.build.progress import Progress
from retrieval.index.build.summarize import summarize
from retrieval.index.build.summary import BuildSummary
from retrieval.index.manifest import Manifest, manifest_text
from retrieval.index.postgres.build.build_space import BuildSpace, build_lock, ensure_tables
from retrieval.index.postgres.build.encoded_rows import EncodedRows
from retrieval.index.postgres.build.ledgers import order_bytes, totals_text, write_ledgers
from retrieval.index.postgres.build.pruning import kept_generations, prune
from retrieval.index.postgres.build.row_writer import write_rows
from retrieval.index.postgres.build.search_plans import search_plan
from retrieval.index.postgres.database import Database, Row
from retrieval.index.postgres.generations import Generations, publish
from retrieval.index.postgres.postgres_index import PostgresIndex
from retrieval.index.postgres.verification import DIGESTED, documents_digest
from retrieval.index.postgres.view import View
from retrieval.index.records.document_record import DocumentRecord
from retrieval.index.scoring.search_plan import SearchPlan
from retrieval.index.settings import Settings
from retrieval.passage import Passage
from retrieval.private_file import private_umask
from retrieval.reading.corpus import Refusal
from retrieval.reading.document import Document
from retrieval.window import split_windows

_FORGET: Final[LiteralString] = (
    "DELETE FROM trichdan.generations WHERE index_name = %s AND name = %s AND NOT is_published"
)
_INSERT: Final[LiteralString] = """
INSERT INTO trichdan.generations
(index_name, name, space, number, previous, manifest, projection, totals, reading_order, bytes, rows)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Build:
    """
    What a build is made with.

    Args:
        cache: a file for computed vectors; None for the one in the caches of the address.
        previous: what it is compared with.
        known: has the ids of documents where nothing was built.
    """

    database: Database
    settings: Settings
    previous: Callable[[], PreviousGeneration | None]
    encoder: Encoder
    root: Path | None
    model: str | None
    progress: Progress
    cache: Path | None
    rebuild: bool
    admit: Callable[[str], None]
    bundled: Callable[[], Encoder]
    known: Sequence[DocumentRecord]

    def run(self, entries: Iterable[Document | Refusal]) -> BuildSummary:
        """Bring the index up to date and make the result live; see `Place.build`."""
        address = self.database.address
        with _build_errors(self.database), private_umask():
            address.caches.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self.database.writer() as connection:
                ensure_tables(connection)
            with build_lock(self.database) as connection:
                return self._locked(connection, entries)

    @property
    def _store(self) -> Path:
        return self.cache or self.database.address.caches / "embeddings.sqlite"

    def _locked(self, connection: psycopg.Connection[Row], entries: Iterable[Document | Refusal]) -> BuildSummary:
        previous = self.previous()
        secret, meanwhile = frozenset(self.settings.secret), self._store.parent
        with collect_documents(entries, previous, self.root, secret, self.known, folder=meanwhile) as build_input:
            return self._build(connection, build_input, previous)

    def _build(
        self, connection: psycopg.Connection[Row], build_input: BuildInput, previous: PreviousGeneration | None
    ) -> BuildSummary:
        summary = summarize(build_input, previous)
        encoder = fitted_encoder(self.encoder, build_input.documents, previous, self._store)
        is_other = self._is_other_model(encoder)
        is_up_to_date = previous and previous.is_of(encoder, _stored_root(self.root), other_model=is_other)
        if is_up_to_date and not (self.rebuild or summary.differs):
            return replace(summary, built=False)
        index = self.database.address.index
        space = BuildSpace.open(connection, index, encoder, anew=self.rebuild)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"
        try:
            # What an older program indexed in spite of its mark of secrecy must not come back by a rollback.
            earlier = None if build_input.withdraws_secret_of(previous) else previous
            self._write(space, name, build_input, encoder, earlier)
            self._check(name, build_input, encoder)
            self.admit(name)
            self._publish(space, name)
        except BaseException:
            with suppress(psycopg.Error):  # its rows stay, for the next build to go on with
                connection.execute(_FORGET, (index, name))
            raise
        self._clean_up(connection)
        return replace(summary, generation=name)

    def _is_other_model(self, encoder: Encoder) -> bool:
        return self.model is not None or encoder.dimensions is not None  # than the bundled model as it is

    def _write(
        self,
        space: BuildSpace,
        name: str,
        build_input: BuildInput,
        encoder: Encoder,
        previous: PreviousGeneration | None,
    ) -> None:
        """Write everything that the generation is made of, which nobody sees yet."""
        documents, background = build_input.documents, None
        with EmbeddingCache(self._store) as cache:
            order = write_rows(space, build_input, encoder, cache, self.progress)
            if self._is_other_model(encoder):
                known = previous.background_of(encoder) if previous else None
                background = measure_background(documents, encoder, self.bundled, cache, known)
        write_ledgers(space)
        totals, size, rows = totals_text(space)
        windows = sum(len(split_windows(passage.text)) for each in documents for passage in each.passages)
        plan = search_plan(
            space,
            windows,
            encoder.dim,
            _plan_of(previous, encoder) if space.number > 1 else None,
            lambda: sample_queries(_titled(documents), windows, encoder),
        )
        manifest = Manifest(
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            program=program(),
            model=self.model,
            precision=encoder.precision,
            fingerprint=encoder.fingerprint,
            token_fingerprint=encoder.token_fingerprint,
            root=_stored_root(self.root),
            documents=len(documents),
            passages=build_input.passages,
            windows=windows,
            files={"documents": documents_digest(space.execute(DIGESTED))},
            search=plan,
            previous=previous.name if previous else None,
            dimensions=encoder.dimensions,
            background=background,
        )
        learned = isinstance(encoder, ProjectionLearner) and encoder.learns_projection
        projection = encoder.projection.dump() if learned and isinstance(encoder, ProjectionLearner) else None
        own = (self.database.address.index, name, space.space, space.number, manifest.previous)
        what = (manifest_text(manifest), projection, totals, order_bytes(order), size, rows)
        space.connection.execute(_INSERT, (*own, *what))

    def _check(self, name: str, build_input: BuildInput, encoder: Encoder) -> None:
        """Check that the words of a long passage find it, and one of its windows."""
        title, probe = max(islice(_titled(build_input.documents), 100), key=lambda entry: len(entry[1].text))
        with EmbeddingCache(self._store) as cache:
            vector = cache.encode_passages(encoder, window_texts(title, probe)[:1])[0]
        stored = Generations(self.database).named(name)
        PostgresIndex(View(self.database, stored, None)).check(probe, vector)

    def _publish(self, space: BuildSpace, name: str) -> None:
        index, connection = self.database.address.index, space.connection
        with connection.transaction():
            connection.execute(
                "UPDATE trichdan.generations SET is_published = true WHERE index_name = %s AND name = %s", (index, name)
            )
            connection.execute("UPDATE trichdan.spaces SET newest = %s WHERE id = %s", (space.number, space.space))
            publish(connection, index, name)

    def _clean_up(self, connection: psycopg.Connection[Row]) -> None:
        """Forget what nobody needs any more; a failure here must not undo the new generation."""
        with suppress(psycopg.Error, OSError, IndexFault):
            generations = Generations(self.database)
            history = generations.history()[: self.settings.keep]
            if self.cache is None:  # another file is not this index's alone
                kept = [
                    generations.named(name)
                    for name in kept_generations(connection, self.database.address.index, history)
                ]
                names = {stored.name for stored in kept}
                going = [stored for stored in generations.all() if stored.name not in names]
                rows = [[EncodedRows(self.database, stored) for stored in group] for group in (going, kept)]
                forget_withdrawn(self._store, *rows)
            prune(connection, self.database.address.index, history)


def _stored_root(root: Path | None) -> str | None:
    """The corpus folder on the builder's machine; None for documents that are no files."""
    return None if root is None else str(root.resolve())


def _titled(documents: Iterable[SplitDocument]) -> Iterator[tuple[str, Passage]]:
    return (entry for each in documents for entry in each.titled_passages)


def _plan_of(previous: PreviousGeneration | None, encoder: Encoder) -> tuple[SearchPlan, int] | None:
    """How the generation before is searched, if it is of the same vectors."""
    if previous is None or previous.manifest.search is None or previous.manifest.fingerprint != encoder.fingerprint:
        return None
    return previous.manifest.search, previous.manifest.windows


@contextmanager
def _build_errors(database: Database) -> Iterator[None]:
    """Turn what the server and the system refuse into one BuildFailed."""
    try:
        yield
    except (OSError, sqlite3.Error, psycopg.Error) as error:
        reason = " ".join(str(error).split())
        raise BuildFailed(
            f"a build must be able to write in {database.address.whole} and {database.address.caches}, this one was "
            f"refused ({reason}) and what was live answers on: free space or correct the rights, and index again"
        ) from error

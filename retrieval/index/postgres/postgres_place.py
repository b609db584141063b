"""
An index in PostgreSQL: satisfies `retrieval.index.place.Place`.

The builder is imported by what needs it: a question waits for no reader of files.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, LiteralString

import psycopg

from retrieval.errors import DamagedIndex, IndexFault, MissingIndex, NoEarlierGeneration
from retrieval.index.attachment import check_attachment
from retrieval.index.place import CacheContents, Generation, GenerationState
from retrieval.index.postgres.database import Database, Row, Statement
from retrieval.index.postgres.generations import Generations, publish
from retrieval.index.postgres.postgres_address import PostgresAddress
from retrieval.index.postgres.postgres_documents import PostgresDocuments
from retrieval.index.postgres.postgres_index import PostgresIndex
from retrieval.index.postgres.readers import Reader
from retrieval.index.postgres.verification import verify
from retrieval.index.postgres.view import View
from retrieval.index.settings import Settings, settings_from, settings_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from embeddings import Encoder
    from retrieval.index.address import IndexAddress
    from retrieval.index.build.previous_generation import PreviousGeneration
    from retrieval.index.build.progress import Progress
    from retrieval.index.build.summary import BuildSummary
    from retrieval.index.manifest import BuildOrigin, Manifest
    from retrieval.index.place import Finding, Server
    from retrieval.index.postgres.stored_generation import StoredGeneration
    from retrieval.index.records.document_record import DocumentRecord
    from retrieval.reading.corpus import Refusal
    from retrieval.reading.document import Document

_KEEP_SETTINGS: Final[LiteralString] = """
INSERT INTO trichdan.settings VALUES (%s, %s) ON CONFLICT (index_name) DO UPDATE SET settings = excluded.settings
"""
_ATTACH: Final[LiteralString] = """
INSERT INTO trichdan.attachments VALUES (%s, %s, %s, nextval('trichdan.versions'))
ON CONFLICT (index_name, name) DO UPDATE SET text = excluded.text, version = excluded.version
"""
_READABLE: Final[LiteralString] = """
SELECT DISTINCT n.nspname FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) a
WHERE (n.nspname = 'trichdan' OR n.nspname LIKE 'trichdan\\_space\\_%%') AND a.grantee = 0 ORDER BY n.nspname
"""


class PostgresPlace:
    """
    The generations of an index on the servers of an address.

    Args:
        address: nothing need exist in the database before the first build.
    """

    def __init__(self, address: IndexAddress) -> None:
        self.address = address
        parts = PostgresAddress.of(address)
        self._caches = parts.caches
        self._index = parts.index
        self._database = Database(parts)
        self._generations = Generations(self._database)

    @property
    def caches(self) -> Path:
        """The folder of this machine that the address names, else one of the user's."""
        return self._caches

    def live(self) -> str:
        """The name of the live generation; MissingIndex when nothing was built here."""
        return self._generations.live()

    def open(self, name: str | None = None) -> PostgresIndex:
        """Open a generation, None for the live one; see `Place.open`."""
        view = self._view(name)
        _ = view.stored.manifest  # says what is wrong with it
        if view.reader:
            view.reader.renew()
        return PostgresIndex(view)

    def open_documents(self, name: str | None = None) -> PostgresDocuments:
        """Open the documents of a generation alone; see `Place.open_documents`."""
        return PostgresDocuments(self._view(name))

    def generations(self) -> list[Generation]:
        """All generations, the newest first; MissingIndex when nothing was built here."""
        live, *earlier = self._generations.history()
        return [
            _described(each, "live" if each.name == live else "earlier" if each.name in earlier else "left behind")
            for each in self._generations.all()
        ]

    def history(self) -> list[str]:
        """The names of the live generation and of those before it; see `Place.history`."""
        return self._generations.history()

    def manifest(self, name: str | None = None) -> Manifest:
        """The manifest of a generation, None for the live one; see `Place.manifest`."""
        return self._stored(name).manifest

    def origin(self, name: str | None = None) -> BuildOrigin:
        """What a generation was built from, None for the live one; see `Place.origin`."""
        return self._stored(name).origin

    def origins(self) -> list[BuildOrigin]:
        """The origins of all generations that say theirs, the live one's first; see `Place.origins`."""
        try:
            stored, live = self._generations.all(), self._generations.live()
        except MissingIndex:
            return []
        found = []
        for each in sorted(stored, key=lambda each: each.name != live):
            try:
                found.append(each.origin)
            except DamagedIndex:
                continue
        if stored and not found:
            raise DamagedIndex(
                f"an index says what it was built from, no generation in {self.address} does: name the documents, and "
                "the model with --model, `trichdan index FOLDER --rebuild`"
            )
        return found

    def corpus_root(self, origin: BuildOrigin | Manifest) -> Path | None:
        """The corpus folder, None where it is not on this machine; see `Place.corpus_root`."""
        root = None if origin.root is None else Path(origin.root)
        return root if root is not None and root.is_dir() else None

    def build(  # noqa: PLR0913 - as in `Place`
        self,
        entries: Iterable[Document | Refusal],
        encoder: Encoder,
        *,
        root: Path | None,
        model: str | None,
        progress: Progress,
        cache: Path | None = None,
        rebuild: bool = False,
        admit: Callable[[str], None] = lambda _: None,
        bundled: Callable[[], Encoder] | None = None,
        known: Sequence[DocumentRecord] = (),
    ) -> BuildSummary:
        """Bring the index up to date and make the result live; see `Place.build`."""
        from embeddings import load_encoder
        from retrieval.index.postgres.build.build import Build

        build = Build(
            database=self._database,
            settings=self.settings(),
            previous=self._previous_generation,
            encoder=encoder,
            root=root,
            model=model,
            progress=progress,
            cache=cache,
            rebuild=rebuild,
            admit=admit,
            bundled=bundled or load_encoder,
            known=known,
        )
        return build.run(entries)

    def roll_back(self) -> str:
        """Make the previous generation live again; see `Place.roll_back`."""
        from retrieval.index.postgres.build.build_space import build_lock

        self.live()  # says what to do where there is no index
        with build_lock(self._database) as connection:
            live, *earlier = self._generations.history()
            if not earlier:
                raise NoEarlierGeneration(
                    f"going back takes an earlier generation, {self.address} keeps none before {live}: "
                    "index the documents of before again, and keep more with --keep"
                )
            self.verify(earlier[0])
            publish(connection, self._index, earlier[0])
            return earlier[0]

    def verify(self, name: str) -> Manifest:
        """Compare every stored text with its hash, and every passage with its document; see `Place.verify`."""
        return verify(self._database, self._generations.named(name))

    def settings(self) -> Settings:
        """The stored settings, or the defaults; DamagedIndex when they cannot be used."""
        rows = self._small("SELECT settings FROM trichdan.settings WHERE index_name = %(index)s")
        return settings_from(rows[0][0], f"what {self.address} stores") if rows else Settings()

    def keep_settings(self, settings: Settings) -> None:
        """Store the settings, atomically."""
        self._write(_KEEP_SETTINGS, self._index, settings_text(settings))

    def attachment(self, name: str) -> str | None:
        """A text kept beside the generations, None when there is none."""
        return self._attachment("text", name)  # type: ignore[return-value] # a column of that type

    def attachment_version(self, name: str) -> tuple[int, ...] | None:
        """Changes whenever the attachment does; None without one."""
        version = self._attachment("version", name)
        return None if version is None else (int(str(version)),)

    def attach(self, name: str, text: str | None) -> None:
        """Keep a text beside the generations, atomically; None removes it."""
        check_attachment(name)
        if text is None:
            self._write("DELETE FROM trichdan.attachments WHERE index_name = %s AND name = %s", self._index, name)
        else:
            self._write(_ATTACH, self._index, name, text)

    def last_versions(
        self, root: Path | None, refused: Sequence[Refusal], secret_collections: frozenset[str]
    ) -> list[Document]:
        """The documents whose files a build would refuse and still answer from; see `Place.last_versions`."""
        from retrieval.index.build.retained_documents import retained_documents

        return retained_documents(self._previous_generation(), root, refused, secret_collections)

    def cache_contents(self) -> CacheContents:
        """What computed vectors are kept for; IndexFault when there is no index."""
        from retrieval.index.build.cache_contents import cache_contents
        from retrieval.index.postgres.build.encoded_rows import EncodedRows

        kept = [EncodedRows(self._database, self._generations.named(name)) for name in self.history()]
        return cache_contents(self._caches / "embeddings.sqlite", kept)

    def clean_cache(self) -> int:
        """Remove the vectors that no kept generation needs; see `Place.clean_cache`."""
        from retrieval.index.build.cache_contents import clean_cache
        from retrieval.index.postgres.build.build_space import build_lock
        from retrieval.index.postgres.build.encoded_rows import EncodedRows

        self.live()  # says what to do where there is no index
        with build_lock(self._database):
            kept = [EncodedRows(self._database, self._generations.named(name)) for name in self.history()]
            return clean_cache(self._caches / "embeddings.sqlite", kept)

    def size(self, name: str | None = None) -> int:
        """About the bytes of a generation's rows; None for the live one."""
        return self._stored(name).bytes

    def check_rights(self) -> str:
        """Say that not every role can read the index; IndexFault names what they can."""
        self.live()  # says what to do where there is no index
        for (schema,) in self._small(_READABLE):
            raise IndexFault(
                f"an index is its roles' alone, since it holds the text of every document, every role has rights to "
                f"schema {schema} of {self.address}: run REVOKE ALL ON SCHEMA {schema} FROM PUBLIC there"
            )
        return "the index is its roles' alone"

    def servers(self) -> list[Server]:
        """The hosts of the address, in its order; see `Place.servers`."""
        from retrieval.index.postgres.health.host_state import look_at

        return [state.server for state in look_at(PostgresAddress.of(self.address).hosts)]

    def health(self) -> list[Finding]:
        """What is found of the hosts, and of the live generation; see `Place.health`."""
        from retrieval.index.postgres.health.health import health

        return health(PostgresAddress.of(self.address))

    def _view(self, name: str | None) -> View:
        stored = self._stored(name)
        return View(self._database, stored, Reader(self._database, stored.name))

    def _stored(self, name: str | None) -> StoredGeneration:
        return self._generations.named(self.live() if name is None else name)

    def _previous_generation(self) -> PreviousGeneration | None:
        """The live generation, or the newest that can be used; None when there is none."""
        from retrieval.index.build.previous_generation import PreviousGeneration

        try:
            names = self.history()
        except MissingIndex:
            return None
        for name in names:
            try:
                manifest = self.manifest(name)
                documents = PostgresDocuments(View(self._database, self._stored(name), None))
                records = tuple(documents.documents())
            except IndexFault:
                continue
            root = self.corpus_root(manifest)
            return PreviousGeneration(name, manifest, records, root, name == names[0], documents.full_document)
        return None

    def _attachment(self, column: LiteralString, name: str) -> object:
        check_attachment(name)
        text = f"SELECT {column} FROM trichdan.attachments WHERE index_name = %(index)s AND name = %(name)s"
        rows = self._small(text, name=name)
        return rows[0][0] if rows else None

    def _small(self, text: LiteralString, **values: object) -> list[Row]:
        """The rows of a statement about this index; none where nothing was ever stored."""
        try:
            return self._database.read(Statement(text, {"index": self._index, **values}))[0]
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return []

    def _write(self, text: LiteralString, *values: object) -> None:
        from retrieval.index.postgres.build.build_space import ensure_tables

        with self._database.writer() as connection:
            try:
                connection.execute(text, values)
            except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
                ensure_tables(connection)
                connection.execute(text, values)


def _described(stored: StoredGeneration, state: GenerationState) -> Generation:
    try:
        return Generation(stored.name, state, stored.manifest)
    except IndexFault as error:
        return Generation(stored.name, state, None, str(error))

"""
An index folder: satisfies `retrieval.index.place.Place`.

The builder is imported by what needs it: a question waits for no reader of files.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings.durable_file import fsync
from retrieval.errors import DamagedIndex, IndexFault, MissingIndex
from retrieval.index.address import IndexAddress
from retrieval.index.attachment import check_attachment
from retrieval.index.local.generations.generation import PARTIAL, build_origin, live_folder, read_manifest
from retrieval.index.local.generations.history import begun, generations, roll_back
from retrieval.index.local.generations.private_folder import check_private
from retrieval.index.local.generations.settings_file import read_settings, write_settings
from retrieval.index.local.local_documents import LocalDocuments
from retrieval.index.local.local_index import LocalIndex
from retrieval.index.local.storage.store import open_store
from retrieval.index.place import CacheContents, Generation, GenerationState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from embeddings import Encoder
    from retrieval.index.build.progress import Progress
    from retrieval.index.build.summary import BuildSummary
    from retrieval.index.manifest import BuildOrigin, Manifest
    from retrieval.index.place import Finding, Server
    from retrieval.index.records.document_record import DocumentRecord
    from retrieval.index.settings import Settings
    from retrieval.reading.corpus import Refusal
    from retrieval.reading.document import Document


class LocalPlace:
    """
    The generations in a folder of this machine.

    Args:
        folder: need not exist before the first build.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = IndexAddress(folder)

    @property
    def caches(self) -> Path:
        """The index folder itself, whose rights are its owner's alone."""
        return self._folder

    def live(self) -> str:
        """The name of the live generation; MissingIndex when nothing was built here."""
        return live_folder(self._folder).name

    def open(self, name: str | None = None) -> LocalIndex:
        """Open a generation after verifying its checksums; see `Place.open`."""
        return LocalIndex.open(self._generation(name))

    def open_documents(self, name: str | None = None) -> LocalDocuments:
        """Open the documents of a generation alone; see `Place.open_documents`."""
        return LocalDocuments(open_store(self._generation(name)))

    def generations(self) -> list[Generation]:
        """All generations, the newest first; MissingIndex when nothing was built here."""
        live, *earlier = past = generations(self._folder)
        folders = [path for path in (self._folder / "generations").iterdir() if not path.name.endswith(PARTIAL)]
        # Names tell the time to the second; of one second the history tells the order.
        rank = {folder: len(past) - place for place, folder in enumerate(past)}
        folders.sort(key=lambda folder: (begun(folder), rank.get(folder, 0), folder.name), reverse=True)
        return [
            _described(folder, "live" if folder == live else "earlier" if folder in earlier else "left behind")
            for folder in folders
        ]

    def history(self) -> list[str]:
        """The names of the live generation and of those before it; see `Place.history`."""
        return [folder.name for folder in generations(self._folder)]

    def manifest(self, name: str | None = None) -> Manifest:
        """
        The manifest of a generation, None for the live one.

        IndexFault when it cannot be used.
        """
        return read_manifest(self._generation(name))

    def origin(self, name: str | None = None) -> BuildOrigin:
        """What the live generation was built from, also one of an older format; see `Place.origin`."""
        return build_origin(self._generation(name))

    def origins(self) -> list[BuildOrigin]:
        """The origins of all generations that say theirs, the live one's first; see `Place.origins`."""
        folders = [manifest.parent for manifest in (self._folder / "generations").glob("*/manifest.json")]
        live = None
        with suppress(IndexFault):  # where the pointer is lost, the newest comes first
            live = live_folder(self._folder)
        folders.sort(key=lambda folder: (folder == live, folder.name), reverse=True)
        found = list(_readable_origins(folders))
        if folders and not found:
            raise DamagedIndex(
                f"an index says what it was built from, no generation in {self._folder} does: name the documents, and "
                "the model with --model, `trichdan index FOLDER --rebuild`"
            )
        return found

    def corpus_root(self, origin: BuildOrigin | Manifest) -> Path | None:
        """The corpus folder, which is stored relative to the index folder."""
        if origin.root is None:
            return None
        try:
            return (self._folder.resolve() / origin.root).resolve()
        except TypeError as error:
            raise DamagedIndex(
                f"a manifest names a folder, one in {self._folder} names {origin.root!r}: run `trichdan index FOLDER "
                "--rebuild`"
            ) from error

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
        """Bring the folder up to date and make the result live; see `Place.build`."""
        from embeddings import load_encoder
        from retrieval.index.local.build.build import build

        return build(
            entries,
            self._folder,
            encoder,
            root=root,
            model=model,
            progress=progress,
            cache=cache,
            rebuild=rebuild,
            admit=admit,
            bundled=bundled or load_encoder,
            known=known,
        )

    def roll_back(self) -> str:
        """Make the previous generation live again; see `Place.roll_back`."""
        return roll_back(self._folder).name

    def verify(self, name: str) -> Manifest:
        """
        Compare every file with its checksum, and every passage with its document.

        IndexFault when one differs.
        """
        opened = self.open(name)
        opened.check_offsets()
        return opened.manifest

    def settings(self) -> Settings:
        """The stored settings, or the defaults; DamagedIndex when they cannot be used."""
        return read_settings(self._folder)

    def keep_settings(self, settings: Settings) -> None:
        """Store the settings, atomically."""
        write_settings(self._folder, settings)

    def attachment(self, name: str) -> str | None:
        """
        The text of a file beside the generations, None when there is none.

        DamagedIndex when it is unreadable.
        """
        path = self._attachment(name)
        try:
            return path.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise DamagedIndex(f"{path} cannot be read ({error}): correct its rights, or remove it") from error

    def attachment_version(self, name: str) -> tuple[int, ...] | None:
        """Changes whenever the file does; None without one."""
        try:
            found = self._attachment(name).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def attach(self, name: str, text: str | None) -> None:
        """Write a file beside the generations, atomically; None removes it."""
        path = self._attachment(name)
        if text is None:
            path.unlink(missing_ok=True)
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_name(f"{name}.new")
        new.write_text(text, encoding="utf-8")
        fsync(new)
        new.replace(path)
        fsync(self._folder)

    def last_versions(
        self, root: Path | None, refused: Sequence[Refusal], secret_collections: frozenset[str]
    ) -> list[Document]:
        """The documents whose files a build would refuse and still answer from; see `Place.last_versions`."""
        from retrieval.index.build.retained_documents import retained_documents
        from retrieval.index.local.build.previous_generation import previous_generation

        return retained_documents(previous_generation(self._folder), root, refused, secret_collections)

    def cache_contents(self) -> CacheContents:
        """What computed vectors are kept for; IndexFault when there is no index."""
        from retrieval.index.local.build.encoded_generation import cache_contents

        try:
            return cache_contents(self._folder)
        except sqlite3.Error as error:
            raise IndexFault(f"{error}: may this user read and write {self._folder}?") from error

    def clean_cache(self) -> int:
        """Remove the vectors that no kept generation needs; see `Place.clean_cache`."""
        from retrieval.index.local.build.encoded_generation import clean_cache

        return clean_cache(self._folder)

    def size(self, name: str | None = None) -> int:
        """The bytes that a generation takes, None for the live one."""
        return sum(path.stat().st_size for path in self._generation(name).rglob("*") if path.is_file())

    def check_rights(self) -> str:
        """Say that nobody else can read the folder; IndexFault names what they can."""
        live_folder(self._folder)  # says what to do where there is no index
        return check_private(self._folder)

    def servers(self) -> tuple[Server, ...]:
        """None: a folder has no server."""
        return ()

    def health(self) -> tuple[Finding, ...]:
        """Nothing: `verify` says what a folder holds."""
        return ()

    def _attachment(self, name: str) -> Path:
        """The file of an attachment; ValueError for the name of another file."""
        return self._folder / check_attachment(name)

    def _generation(self, name: str | None) -> Path:
        if name is None:
            return live_folder(self._folder)
        folder = self._folder / "generations" / name
        if not folder.is_dir():  # while it is admitted it has another name
            folder = folder.with_name(f"{folder.name}{PARTIAL}")
        if folder.parent.name != "generations" or name in {"", ".", ".."} or os.sep in name or not folder.is_dir():
            raise MissingIndex(
                f"a generation is one of those that `trichdan index --list` shows, {self._folder} has no {name}"
            )
        return folder


def _readable_origins(folders: Iterable[Path]) -> Iterator[BuildOrigin]:
    for folder in folders:
        with suppress(DamagedIndex):
            yield build_origin(folder)


def _described(folder: Path, state: GenerationState) -> Generation:
    try:
        return Generation(folder.name, state, read_manifest(folder))
    except IndexFault as error:
        return Generation(folder.name, state, None, str(error))

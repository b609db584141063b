"""
The corpus: the files below the named paths, read one by one.

A file that cannot be read becomes a Refusal with its reason; it never stops the others.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.errors import DocumentError, SecretError, UnreadableError
from retrieval.reading import archive
from retrieval.reading.collection import collection_of
from retrieval.reading.files.sidecar import SUFFIX
from retrieval.reading.reader import read_document
from retrieval.reading.sandbox.content_cache import ContentCache
from retrieval.reading.sandbox.process import MEMORY, Sandbox
from retrieval.reading.text.characters import escape_unprintable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from retrieval.reading.document import Document, SecrecyMark
    from retrieval.reading.sandbox.ocr_cache import OcrCache

HIDDEN = (".", "~$")  # prefixes of hidden files and of Word's lock files


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that is not in the corpus, and the reason."""

    source: str
    reason: str
    kind: str = "UnreadableError"  # the name of its DocumentError
    secrecy: SecrecyMark = ""  # the mark for which it is refused


@dataclass(frozen=True, slots=True)
class Corpus:
    """The files of a corpus, sorted by path; iterating reads them one by one."""

    root: Path
    files: tuple[Path, ...]
    resolved: tuple[Path, ...]  # where each led when it was listed
    unreadable_folders: tuple[Refusal, ...] = ()  # folders that could not be listed
    ocr_cache: OcrCache | None = None  # OCR results; None: scanned files are refused
    content_cache: Path | None = None  # the content cache's file
    secret_collections: frozenset[str] = frozenset()  # those that may hold documents with a mark of secrecy
    memory: int = MEMORY  # bytes in which each document is read and analyzed

    def __iter__(self) -> Iterator[Document | Refusal]:
        return self.read()

    def read(self, progress: Callable[[int], None] = lambda _: None) -> Iterator[Document | Refusal]:
        """As `__iter__`; calls `progress(1)` after each file (an archive is one file)."""
        yield from self.unreadable_folders
        with ExitStack() as open_:
            content_cache = open_.enter_context(ContentCache(self.content_cache)) if self.content_cache else None
            sandbox = open_.enter_context(
                Sandbox(memory=self.memory, ocr_cache=self.ocr_cache, content_cache=content_cache)
            )
            for path, resolved in zip(self.files, self.resolved, strict=True):
                for entry in _read(path, resolved, self.root, sandbox):
                    yield _refuse_secret(entry, self.secret_collections)
                progress(1)
            if content_cache:
                content_cache.prune()
            if self.ocr_cache:
                self.ocr_cache.prune()


def walk(
    paths: Sequence[Path],
    *,
    ocr_cache: OcrCache | None = None,
    content_cache: Path | None = None,
    secret_collections: frozenset[str] = frozenset(),
) -> Corpus:
    """
    Find the files of a corpus.

    Hidden files, sidecars and links that lead outside are skipped. Sources are relative to the one folder, to the one
    file's folder, or to the common parent of several paths. The other arguments: see `Corpus`.
    """
    named = [_checked_path(path) for path in paths]
    if not named:
        raise UnreadableError("a corpus has at least one file or folder, none was named: name one")
    root = _root_of(named)
    found: dict[Path, Path] = {}  # by resolved path, so that no file is read twice
    unreadable_folders: list[Refusal] = []
    for path in named:
        limit = path.resolve()
        for file in _files_below(path, limit, root, unreadable_folders) if path.is_dir() else [path]:
            resolved = file.resolve()
            if not resolved.is_relative_to(limit):
                continue
            if path == file or not file.is_symlink():
                found[resolved] = file
            elif _may_lead_to(file, resolved, root):
                found.setdefault(resolved, file)
    listed = sorted(found.items(), key=lambda item: _source(item[1], root))
    files, places = tuple(file for _, file in listed), tuple(place for place, _ in listed)
    return Corpus(root, files, places, tuple(unreadable_folders), ocr_cache, content_cache, secret_collections)


def _checked_path(path: Path) -> Path:
    if not path.exists():
        raise UnreadableError(f"a corpus is made of files and folders that exist, {path} does not: correct the path")
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve would follow a named link


def _root_of(paths: Sequence[Path]) -> Path:
    folders = [path if path.is_dir() else path.parent for path in paths]
    return Path(os.path.commonpath(folders))


def _files_below(folder: Path, limit: Path, root: Path, unreadable_folders: list[Refusal]) -> Iterator[Path]:
    """Walk depth first without recursion: folders may be nested thousands deep."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            entries = sorted(here.iterdir())
            folders = {entry for entry in entries if entry.is_dir()}
            yield from (entry for entry in entries if entry not in folders and _is_wanted(entry, limit))
        except OSError as error:
            reason = f"a folder must be readable, this one is not ({error.strerror}): check that you may list it"
            unreadable_folders.append(Refusal(_source(here, root), reason))
            continue
        for entry in sorted(folders, reverse=True):
            if _is_hidden(entry):
                continue
            if entry.suffix.lower() == archive.ARCHIVE_SUFFIX:
                reason = f"a name that ends in {archive.ARCHIVE_SUFFIX} is an archive's, this is a folder: rename it"
                unreadable_folders.append(Refusal(_source(entry, root), reason))
            elif not entry.is_symlink():
                waiting.append(entry)


def _is_wanted(entry: Path, limit: Path) -> bool:
    """Whether a file belongs to the corpus; links that lead outside do not."""
    if _is_hidden(entry) or entry.name.endswith(SUFFIX):
        return False
    return not entry.is_symlink() or (entry.is_file() and entry.resolve().is_relative_to(limit))


def _may_lead_to(link: Path, resolved: Path, root: Path) -> bool:
    """Whether a link leads to a document of its own collection."""
    if not resolved.is_relative_to(root.resolve()):
        return False
    place = resolved.relative_to(root.resolve())
    return (
        not any(part.startswith(HIDDEN) for part in place.parts)
        and not place.name.endswith(SUFFIX)
        and collection_of(place.as_posix()) == collection_of(link.relative_to(root).as_posix())
    )


def _is_hidden(entry: Path) -> bool:
    return entry.name.startswith(HIDDEN)


def _read(path: Path, resolved: Path, root: Path, sandbox: Sandbox) -> Iterator[Document | Refusal]:
    """Yield one entry for a file, any number for an archive."""
    try:
        if path.suffix.lower() != archive.ARCHIVE_SUFFIX:
            yield read_document(path, root, sandbox=sandbox, resolved=resolved)
            return
        for found in archive.read_archive(path, root, sandbox, resolved=resolved):
            yield Refusal(*found) if isinstance(found, tuple) else found
    except DocumentError as error:
        yield Refusal(_source(path, root), str(error), type(error).__name__)


def _refuse_secret(entry: Document | Refusal, opened: frozenset[str]) -> Document | Refusal:
    """The entry; a Refusal for a marked document outside of the opened collections."""
    if isinstance(entry, Refusal) or not entry.secrecy or collection_of(entry.source) in opened:
        return entry
    error = SecretError(
        f"a document with a mark of secrecy is read only into a collection that was opened for such documents, "
        f"{entry.source} bears the mark {entry.secrecy}: take it out of the documents, or open its folder with "
        "`trichdan index --secret-collection FOLDER`"
    )
    return Refusal(entry.source, str(error), type(error).__name__, entry.secrecy)


def _source(path: Path, root: Path) -> str:
    """The path below the root, with unprintable characters and non-UTF-8 bytes escaped."""
    return escape_unprintable(path.relative_to(root).as_posix())

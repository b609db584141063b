"""
`trichdan index --watch`: rebuild whenever a document changes, until Ctrl-C.

A failed build is reported, and the next change tried.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Event

from watchfiles import Change
from watchfiles import watch as changes_in

from embeddings import EmbeddingError
from retrieval.errors import BuildFailed, BuildInProgress, RetrievalError
from retrieval.index.place import Place
from retrieval.reading import archive
from retrieval.reading.corpus import HIDDEN
from retrieval.reading.files import sidecar
from retrieval.reading.reader import READERS

QUIET_SECONDS = 2.0  # seconds without a change before files count as whole
_STEP = 0.2  # seconds between polls
_MAX_WAIT = 60.0  # seconds that one restless file can delay a build
_RETRY = 30.0  # seconds until retrying after another builder or a full disk
_SUFFIXES = (*READERS, archive.ARCHIVE_SUFFIX, sidecar.SUFFIX)
_Signature = tuple[int, int]


def watch_folders(
    folders: Sequence[Path],
    place: Place,
    build: Callable[[], None],
    warn: Callable[[str], None],
    *,
    quiet: float = QUIET_SECONDS,
    stop: Event | None = None,
) -> None:
    """
    Build once, and again after every change in the folders, until Ctrl-C or `stop`.

    Changed files, the smoke questions among them, must rest for `quiet` seconds first, since copying takes a while.
    """
    roots = [folder.resolve() for folder in folders]
    documents = _DocumentFilter(roots, place.caches.resolve())
    questions = _SmokeFile(place)
    due: float | None = 0.0  # time.monotonic() of the next build, None when there is nothing to do
    step = round(1000 * _STEP)
    for changes in changes_in(
        *roots, watch_filter=documents, step=step, rust_timeout=step, yield_on_timeout=True, stop_event=stop
    ):
        if changed := [*(Path(name) for _, name in changes), *questions.changed()]:
            _wait_until_stable(changed, quiet)
            due = 0.0
        if due is not None and time.monotonic() >= due:
            due = None if _try_build(build, warn) else time.monotonic() + _RETRY


class _SmokeFile:
    """Polls the file of smoke questions, which may lie outside the watched folders."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._last = self._read()

    def changed(self) -> list[Path]:
        """
        The file, if it has changed since the last call.

        Not one that was only named since: the build has just asked its questions.
        """
        (file, before), self._last = self._last, self._read()
        return [file] if file and (file, before) != self._last and file == self._last[0] else []

    def _read(self) -> tuple[Path | None, list[_Signature]]:
        try:
            file = self._place.settings().smoke_file(self._place.caches)
        except RetrievalError:  # the next build reports it
            file = None
        return file, list(_signatures([file] if file else []))


class _DocumentFilter:
    """Whether a change can affect the index; editors and builds leave other files."""

    def __init__(self, roots: Sequence[Path], index: Path) -> None:
        self._roots = roots
        self._index = index

    def __call__(self, change: Change, name: str) -> bool:
        """The filter interface of watchfiles."""
        path = Path(name)
        if path.is_relative_to(self._index):
            return False
        below = [path.relative_to(root).parts for root in self._roots if path.is_relative_to(root)]
        if all(any(part.startswith(HIDDEN) for part in parts) for parts in below):
            return False
        # A deleted path may have been a folder of documents.
        return name.lower().endswith(_SUFFIXES) or change is Change.deleted or path.is_dir()


def _try_build(build: Callable[[], None], warn: Callable[[str], None]) -> bool:
    """Build; return False when the same build should be retried later."""
    try:
        build()
    except (BuildInProgress, BuildFailed, OSError) as error:
        warn(f"{error}; it is tried again")
        return False
    except (RetrievalError, EmbeddingError) as error:
        warn(str(error))
    return True


def _wait_until_stable(files: Sequence[Path], quiet: float) -> None:
    deadline = time.monotonic() + _MAX_WAIT
    seen: list[_Signature] = []
    while seen != (now := list(_signatures(files))) and time.monotonic() < deadline:
        seen = now
        time.sleep(quiet)


def _signatures(files: Iterable[Path]) -> Iterable[_Signature]:
    for file in files:
        try:
            status = file.stat()
        except OSError:
            yield (-1, -1)
        else:
            yield (status.st_size, status.st_mtime_ns)

"""
`trichdan index --watch`: the folders indexed anew whenever a document in them has changed, until Ctrl-C.

Apart from `indexing`, which does it once. What goes wrong with one build is said, and the next change tried.
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
from retrieval.index.generations.settings import read_settings
from retrieval.reading import archive
from retrieval.reading.corpus import HIDDEN
from retrieval.reading.files import sidecar
from retrieval.reading.reader import READERS

QUIET_SECONDS = 2.0  # seconds without a change before files count as whole
_STEP = 0.2  # seconds between two looks at what the system reported
_MAX_WAIT = 60.0  # for one file that never comes to rest, all others do not wait longer
_RETRY = 30.0  # seconds until a build is tried again that another builder or a full disk prevented
<<<<<<< HEAD
_ENDINGS = (*READERS, archive.ARCHIVE_SUFFIX, sidecar.SUFFIX)
=======
_SUFFIXES = (*READERS, archive.SUFFIX, sidecar.SUFFIX)
>>>>>>> a6cb1a0 (Name evaluation and the command line by standard terms)
_Signature = tuple[int, int]


def watch_folders(
    folders: Sequence[Path],
    index: Path,
    build: Callable[[], None],
    warn: Callable[[str], None],
    *,
    quiet: float = QUIET_SECONDS,
    stop: Event | None = None,
) -> None:
    """
    Builds once, and again after every change to the documents in the folders, until Ctrl-C or `stop`.

    A change is taken up when nothing more happens to its files for `quiet` seconds, since copying takes a while. So is
    one of the smoke questions.
    """
    roots = [folder.resolve() for folder in folders]
    documents = _DocumentFilter(roots, index.resolve())
    questions = _SmokeFile(index)
    due: float | None = 0.0  # when to build next, on the monotonic clock; None when nothing is to be done
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
    """The file of smoke questions. It may stand anywhere, so that it is looked at rather than watched."""

    def __init__(self, index: Path) -> None:
        self._index = index
        self._last = self._read()

    def changed(self) -> list[Path]:
        """The file, if it has changed since the last look; one that was only named since, the build asked already."""
        (file, before), self._last = self._last, self._read()
        return [file] if file and (file, before) != self._last and file == self._last[0] else []

    def _read(self) -> tuple[Path | None, list[_Signature]]:
        try:
            file = read_settings(self._index).smoke_file(self._index)
        except RetrievalError:  # which the next build says
            file = None
        return file, list(_signatures([file] if file else []))


class _DocumentFilter:
    """Whether something that happened can change the index; what editors and builds leave cannot."""

    def __init__(self, roots: Sequence[Path], index: Path) -> None:
        self._roots = roots
        self._index = index

    def __call__(self, change: Change, name: str) -> bool:
        """Watchfiles' own question."""
        path = Path(name)
        if path.is_relative_to(self._index):
            return False
        below = [path.relative_to(root).parts for root in self._roots if path.is_relative_to(root)]
        if all(any(part.startswith(HIDDEN) for part in parts) for parts in below):
            return False
        # Of what is gone nobody can say whether it was a folder with documents.
        return name.lower().endswith(_SUFFIXES) or change is Change.deleted or path.is_dir()


def _try_build(build: Callable[[], None], warn: Callable[[str], None]) -> bool:
    """Builds; whether trying the same again later would be of no use."""
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

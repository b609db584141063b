"""
The corpus folder on disk, and the upload folder in it.

These are the files that the next index is built from; `search_service` reads the current index.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.errors import CorpusFolderError
from retrieval import RetrievalError
from retrieval.index import AnyAddress, IndexAddress, open_place
from retrieval.reading import open_without_links

_NAME = 180  # bytes; file systems allow 255, and ".meta.toml" or a temporary suffix may be added
_NAMELESS = "tai-lieu"
_HIDDEN = re.compile(r"\A(?:[. ]|~\$)+")  # files so named are hidden, or Word's locks
_CONTROL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # includes the bidirectional controls


class CorpusFolder:
    """
    The corpus folder, and the folder in it for uploads.

    Args:
        corpus: overrides the folder that the index was built from.
        uploads: relative to the corpus.
    """

    def __init__(self, index: AnyAddress, corpus: Path | None, uploads: Path) -> None:
        self.index = IndexAddress.of(index)
        self._place = open_place(index)
        self._corpus = corpus
        self._uploads = uploads

    def folder(self) -> Path:
        """The corpus folder; CorpusFolderError if there is none."""
        folder = self._corpus or self._indexed_folder()
        if not folder.is_dir():
            raise CorpusFolderError(f"the corpus is a folder, {folder} is none: correct TRICHDAN_CORPUS")
        return folder.resolve()

    @property
    def uploads(self) -> str:
        """The folder for uploads, relative to the corpus."""
        return self._uploads.as_posix()

    def choices(self) -> list[str]:
        """
        The folders that may receive a document, that for uploads first.

        "" is the corpus itself.
        """
        corpus = self.folder()
        names = sorted(path.name for path in corpus.iterdir() if path.is_dir() and path.name[0] not in "._")
        found = [self.uploads, "", *(name for name in names if name != self.uploads)]
        return [name for name in found if name == self.uploads or os.access(corpus / name, os.W_OK)]

    def secret_collections(self) -> frozenset[str]:
        """The collections opened for documents with a mark of secrecy; CorpusFolderError if unknown."""
        try:
            return frozenset(self._place.settings().secret)
        except RetrievalError as error:
            raise CorpusFolderError(f"the index's settings cannot be read: {error}") from error

    def path_for(self, name: str, folder: str | None = None) -> Path:
        """The path for a safe name in a folder; CorpusFolderError if not allowed."""
        corpus = self.folder()
        uploads = (corpus / (self._uploads if folder is None else folder)).resolve()
        if not uploads.is_relative_to(corpus) or any(
            part.startswith(".") for part in uploads.relative_to(corpus).parts
        ):
            raise CorpusFolderError(
                f"documents are put below the corpus {corpus}, not into hidden folders; TRICHDAN_UPLOADS names "
                f"{uploads}: name a folder such as tai-len"
            )
        return uploads / name

    def put(self, file: Path, name: str, folder: str | None = None) -> None:
        """Copy a file to its path atomically, replacing an older version."""
        place = self.path_for(name, folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        # Hidden, so that no build takes it for a document; nobody knows the name before, nor is a link followed.
        temporary = f".{secrets.token_hex(8)}.tmp"
        with _opened(place.parent) as inside:
            flags = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY
            descriptor = os.open(temporary, flags, 0o666, dir_fd=inside)
            try:
                with os.fdopen(descriptor, "wb") as target, file.open("rb") as source:
                    shutil.copyfileobj(source, target)
                    target.flush()
                    os.fsync(target.fileno())
                os.replace(temporary, name, src_dir_fd=inside, dst_dir_fd=inside)
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=inside)
            os.fsync(inside)

    def copy(self, name: str, folder: str, target: Path) -> None:
        """Copy a document out of the corpus; OSError for a link or a pipe."""
        with _opened(self.path_for(name, folder).parent) as inside:
            descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=inside)
            with os.fdopen(descriptor, "rb") as source, target.open("wb") as copied:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise OSError(errno.EINVAL, "a document is a file", name)
                shutil.copyfileobj(source, copied)

    def delete(self, name: str, folder: str) -> None:
        """Delete a document."""
        with _opened(self.path_for(name, folder).parent) as inside:
            os.unlink(name, dir_fd=inside)

    def rename(self, old: str, new: str, folder: str) -> None:
        """Rename a document within its folder."""
        with _opened(self.path_for(old, folder).parent) as inside:
            os.rename(old, new, src_dir_fd=inside, dst_dir_fd=inside)

    def _indexed_folder(self) -> Path:
        try:
            root = self._place.corpus_root(self._place.origin())
        except RetrievalError as error:
            raise CorpusFolderError(f"the corpus folder stands in the index, which cannot be read: {error}") from error
        if root is None:
            raise CorpusFolderError(
                "the index names the folder it was built from, this one names none: set TRICHDAN_CORPUS"
            )
        return root


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """Open a folder of the corpus, and no link in its place or above it."""
    descriptor = open_without_links(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def safe_name(name: str) -> str:
    """
    A plain file name without path and control characters, which no build passes over.

    Example: "../../.Quy  chế\\n.txt" -> "Quy chế .txt"
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    spaced = " ".join("".join(" " if char.isspace() else char for char in last if _printable(char)).split())
    path = Path(_HIDDEN.sub("", spaced))
    suffix = path.suffix if len(path.suffix.encode()) < _NAME // 2 else ""
    stem = path.name.removesuffix(suffix).rstrip(". ")
    return f"{_truncate_utf8(stem, _NAME - len(suffix.encode()))}{suffix}" if stem else f"{_NAMELESS}{suffix}"


def _printable(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in _CONTROL


def _truncate_utf8(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore").rstrip()

"""
The Shelf: the corpus folder on disk, as far as the bot may touch it.

What the index says of documents is `library`'s; here are the files that the next index will be made of.
"""

from __future__ import annotations

import os
import shutil
import unicodedata
from pathlib import Path

from bot.errors import ShelfError
from retrieval.errors import RetrievalError
from retrieval.index.generations import generation

_NAME = 180  # bytes; a file system takes 255, and ".meta.toml" or a temporary name may be added
_NAMELESS = "tai-lieu"
_CONTROL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # also what turns the direction of writing


class Shelf:
    """
    The corpus folder, and the folder in it for documents from the chat.

    Args:
        corpus: in place of the folder that the index was built from.
        uploads: below the corpus.
    """

    def __init__(self, index: Path, corpus: Path | None, uploads: Path) -> None:
        self.index = index
        self._corpus = corpus
        self._uploads = uploads

    def model(self) -> str | None:
        """The model that the index was built with, None for the bundled one; RetrievalError when it cannot be read."""
        return generation.build_origin(generation.live_folder(self.index)).model

    def folder(self) -> Path:
        """The corpus folder; ShelfError when there is none."""
        folder = self._corpus or self._indexed()
        if not folder.is_dir():
            raise ShelfError(f"the corpus is a folder, {folder} is none: correct TRICHDAN_CORPUS")
        return folder.resolve()

    def place(self, name: str) -> Path:
        """Where a document of this safe name stands or would stand; ShelfError when it may not."""
        corpus = self.folder()
        uploads = (corpus / self._uploads).resolve()
        if not uploads.is_relative_to(corpus) or any(
            part.startswith(".") for part in uploads.relative_to(corpus).parts
        ):
            raise ShelfError(
                f"documents are put below the corpus {corpus}, not into hidden folders; TRICHDAN_UPLOADS names "
                f"{uploads}: name a folder such as tai-len"
            )
        return uploads / name

    def put(self, file: Path, name: str) -> None:
        """Copies a file to its place in one step: readers see the document of before, or all of the new one."""
        place = self.place(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary = place.with_name(f".{place.name}.tmp")  # hidden, so that no index takes it for a document
        try:
            with file.open("rb") as source, temporary.open("wb") as target:
                shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())
            temporary.replace(place)
        finally:
            temporary.unlink(missing_ok=True)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _indexed(self) -> Path:
        try:
            root = generation.build_origin(generation.live_folder(self.index)).root
        except RetrievalError as error:
            raise ShelfError(f"the corpus folder stands in the index, which cannot be read: {error}") from error
        if root is None:
            raise ShelfError("the index names the folder it was built from, this one names none: set TRICHDAN_CORPUS")
        return self.index.resolve() / root


def safe_name(name: str) -> str:
    """
    A file name that is nothing but a name, whatever a sender called the file.
    Example: "../../.Quy  chế\\n.txt" -> "Quy chế .txt"
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    spaced = " ".join("".join(" " if char.isspace() else char for char in last if _printable(char)).split())
    path = Path(spaced.lstrip(". "))
    suffix = path.suffix if len(path.suffix.encode()) < _NAME // 2 else ""
    stem = path.name.removesuffix(suffix).rstrip(". ")
    return f"{_fitting(stem, _NAME - len(suffix.encode()))}{suffix}" if stem else f"{_NAMELESS}{suffix}"


def _printable(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in _CONTROL


def _fitting(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore").rstrip()

"""
The engines that the contract is tested with.

A further engine joins by an `Engine` of its own in `ENGINES`; every sentence of this folder then holds for it too.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest

from embeddings import Encoder
from retrieval.index.build.summary import BuildSummary
from retrieval.index.opening import open_place
from retrieval.index.place import Place
from retrieval.reading.corpus import Refusal, walk
from retrieval.reading.document import Block, Document
from tests.support.encoders import BagEncoder
from tests.support.postgres_server import IS_INSTALLED, MISSING, shared_server
from tests.support.silent_progress import SilentProgress


class Engine(Protocol):
    """A place, and what an operator could do to its storage."""

    def place(self) -> Place:
        """The place, opened anew as another process would."""

    def age(self, name: str, number: int) -> None:
        """Give a generation another format."""

    def change_text(self, name: str, doc_id: str, text: str) -> None:
        """Change a stored text behind the program's back."""


class LocalEngine:
    """An index folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self) -> Place:
        """The place, opened anew as another process would."""
        return open_place(self.folder)

    def age(self, name: str, number: int) -> None:
        """Give a generation another format."""
        path = self.folder / "generations" / name / "manifest.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "format": number}))

    def change_text(self, name: str, doc_id: str, text: str) -> None:
        """Change a stored text behind the program's back, checksums included."""
        folder = self.folder / "generations" / name
        with sqlite3.connect(folder / "store.sqlite") as db:
            db.execute("UPDATE documents SET text = ? WHERE doc_id = ?", (text, doc_id))
        db.close()
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text())
        del manifest["files"]["store.sqlite"]
        path.write_text(json.dumps(manifest))


class PostgresEngine:
    """An index in a server of this process, named after a folder, which holds its caches."""

    def __init__(self, folder: Path) -> None:
        self._server = shared_server()
        self.index = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        self.address = self._server.address(index=self.index, caches=folder)

    def place(self) -> Place:
        """The place, opened anew as another process would."""
        return open_place(self.address)

    def age(self, name: str, number: int) -> None:
        """Give a generation another format."""
        self._server.execute(
            "UPDATE trichdan.generations "
            "SET manifest = jsonb_set(manifest::jsonb, '{format}', to_jsonb(%s::int))::text "
            "WHERE index_name = %s AND name = %s",
            number,
            self.index,
            name,
        )

    def change_text(self, name: str, doc_id: str, text: str) -> None:
        """Change a stored text behind the program's back."""
        ((space, number),) = self._server.execute(
            "SELECT space, number FROM trichdan.generations WHERE index_name = %s AND name = %s", self.index, name
        )
        self._server.execute(
            f"UPDATE trichdan_space_{space}.documents SET text = %s "  # noqa: S608 - a number
            "WHERE doc_id = %s AND born <= %s AND died > %s",
            text,
            doc_id,
            number,
            number,
        )


ENGINES: dict[str, Callable[[Path], Engine]] = {"local": LocalEngine, "postgres": PostgresEngine}
PARAMETERS = [  # of a fixture, by name; the tests of an engine that is not installed are skipped
    "local",
    pytest.param("postgres", marks=(pytest.mark.slow, pytest.mark.skipif(not IS_INSTALLED, reason=MISSING))),
]


@dataclass
class CorpusAndPlace:
    """A place of an engine, and a corpus folder whose documents go there."""

    engine: Engine
    corpus: Path
    encoder: Encoder = field(default_factory=BagEncoder)

    @property
    def place(self) -> Place:
        """The place."""
        return self.engine.place()

    def write(self, name: str, *paragraphs: str) -> None:
        """A document of these paragraphs, the first of which is its title."""
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(paragraphs), encoding="utf-8")

    def build(
        self,
        *,
        admit: Callable[[str], None] = lambda _: None,
        rebuild: bool = False,
        entries: Iterable[Document | Refusal] | None = None,
    ) -> BuildSummary:
        """Bring the place up to date with the corpus, or with given entries."""
        files = walk([self.corpus])
        return self.place.build(
            files if entries is None else entries,
            self.encoder,
            root=files.root if entries is None else None,
            model=None,
            progress=SilentProgress(),
            admit=admit,
            rebuild=rebuild,
        )


NOWHERE: dict[str, Any] = {"root": None, "model": None, "progress": SilentProgress()}


def document(doc_id: str, *paragraphs: str, title: str = "Không đề") -> Document:
    """A document that comes from no file."""
    text = "\n\n".join(paragraphs)
    starts = [text.index(paragraph) for paragraph in paragraphs]
    blocks = tuple(
        Block("paragraph", start, start + len(paragraph)) for start, paragraph in zip(starts, paragraphs, strict=True)
    )
    return Document(doc_id, doc_id, title, "", "", None, text, "0" * 64, blocks)

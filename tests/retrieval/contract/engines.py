"""
The engines that the contract is tested with.

A further engine joins by an `Engine` of its own in `ENGINES`; every sentence of this folder then holds for it too.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from embeddings import Encoder
from retrieval.index.build.summary import BuildSummary
from retrieval.index.opening import open_place
from retrieval.index.place import Place
from retrieval.reading.corpus import Refusal, walk
from retrieval.reading.document import Block, Document
from tests.support.encoders import BagEncoder
from tests.support.silent_progress import SilentProgress


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


ENGINES: dict[str, Callable[[Path], LocalEngine]] = {"local": LocalEngine}


@dataclass
class CorpusAndPlace:
    """A place of an engine, and a corpus folder whose documents go there."""

    engine: LocalEngine
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


def document(doc_id: str, *paragraphs: str, title: str = "Không đề") -> Document:
    """A document that comes from no file."""
    text = "\n\n".join(paragraphs)
    starts = [text.index(paragraph) for paragraph in paragraphs]
    blocks = tuple(
        Block("paragraph", start, start + len(paragraph)) for start, paragraph in zip(starts, paragraphs, strict=True)
    )
    return Document(doc_id, doc_id, title, "", "", None, text, "0" * 64, blocks)

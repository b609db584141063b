"""
This project by its public entrances, with all that they do: windows, token vectors, verified quotes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talk import talk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embeddings import Encoder


class Counted:
    """An encoder that counts the texts which are given to it. Satisfies `Encoder`."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.texts = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_passages(self, texts: Sequence[str], **options: Any) -> Any:
        self.texts += len(texts)
        return self._encoder.encode_passages(texts, **options)

    def read_passages(self, texts: Sequence[str], **options: Any) -> Any:
        self.texts += len(texts)
        return self._encoder.read_passages(texts, **options)


class Silence:
    """Nobody watches the build. Satisfies `retrieval.index.progress.Progress`."""

    def start(self, step: str, total: int) -> None:
        """A step begins."""

    def advance(self, units: int) -> None:
        """Units are done."""


class Ours:
    """The bundled model, which is the folder that the others are given."""

    def __init__(self, cache: str | None) -> None:
        self._cache = Path(cache) if cache else None  # of vectors, where indexing is not timed

    def load(self) -> None:
        from embeddings import load_encoder

        self._encoder = load_encoder()
        self._encoder.encode_passages(["khởi động"])

    def index(self, corpus: Path, folder: Path) -> int:
        from retrieval.evaluation.questions import read_beir_corpus
        from retrieval.index.build import build

        encoder = Counted(self._encoder)
        build(
            read_beir_corpus(corpus),
            folder,
            encoder,
            root=None,
            model=None,
            progress=Silence(),
            cache=self._cache,
        )
        return encoder.texts

    def open(self, folder: Path) -> None:
        from retrieval.retriever import Retriever

        self._retriever = Retriever(folder)

    def ask(self, question: str, k: int) -> list[list[str]]:
        return [
            [quote.citation.source for quote in (hit.quote, *hit.also)]
            for hit in self._retriever.ask(question, k=k).hits
        ]


if __name__ == "__main__":
    talk(Ours(sys.argv[2] if len(sys.argv) > 2 else None))

"""
This project by its public entrances, with all that they do: windows, token vectors, verified quotes.
"""

import sys
from pathlib import Path

from talk import talk


class Counter:
    """Counts the texts that go to the encoder. Satisfies `retrieval.index.progress.Progress`."""

    def __init__(self) -> None:
        self.texts = 0

    def start(self, step: str, total: int) -> None:
        if step in {"dense", "tokens"}:
            self.texts += total

    def advance(self, units: int) -> None:
        """Nobody watches."""


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

        counter = Counter()
        build(
            read_beir_corpus(corpus),
            folder,
            self._encoder,
            root=None,
            model=None,
            progress=counter,
            cache=self._cache,
        )
        return counter.texts

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

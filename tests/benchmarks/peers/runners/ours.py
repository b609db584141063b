"""
This project by its public interface: windows, token vectors, verified quotes.
"""

import sys
from pathlib import Path

from serve import records, serve


class Ours:
    """The bundled model, which is the folder that the others are given."""

    def __init__(self, cache: str | None) -> None:
        self._cache = Path(cache) if cache else None  # of vectors, where indexing is not timed

    def load(self) -> None:
        from embeddings import load_encoder

        self._encoder = load_encoder()
        self._encoder.encode_passages(["khởi động"])

    def index(self, corpus: Path, folder: Path) -> None:
        from retrieval.evaluation.questions import read_beir_corpus
        from retrieval.index.opening import open_place
        from tests.support.silent_progress import SilentProgress

        open_place(folder).build(
            read_beir_corpus(corpus),
            self._encoder,
            root=None,
            model=None,
            progress=SilentProgress(),
            cache=self._cache,
        )

    def encode(self, corpus: Path) -> int:
        return len(self._encoder.encode_passages([passage.titled for passage in records(corpus)]))

    def open(self, folder: Path) -> None:
        from retrieval.retriever import Retriever

        self._retriever = Retriever(folder)

    def ask(self, question: str, k: int) -> list[list[str]]:
        return [
            [quote.citation.source for quote in (hit.quote, *hit.duplicates)]
            for hit in self._retriever.ask(question, k=k).hits
        ]


if __name__ == "__main__":
    serve(Ours(sys.argv[2] if len(sys.argv) > 2 else None))

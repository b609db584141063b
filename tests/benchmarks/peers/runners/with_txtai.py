"""
txtai's hybrid search, configured as its documentation says.

Sets `hybrid` and `content`, and the e5 prefixes as `instructions`.
"""

import sys
from pathlib import Path

from serve import records, serve
from txtai import Embeddings


class Txtai:
    """BM25 and a FAISS index side by side, weighed equally, which is the default."""

    def __init__(self, model: str) -> None:
        self._model = model

    def load(self) -> None:
        self._embeddings = Embeddings(
            path=self._model,
            hybrid=True,
            content=True,
            gpu=False,
            instructions={"query": "query: ", "data": "passage: "},
        )
        self._embeddings.batchtransform(["khởi động"])

    def index(self, corpus: Path, folder: Path) -> None:
        passages = [(passage.name, passage.titled, None) for passage in records(corpus)]
        self._embeddings.index(passages)
        self._embeddings.save(str(folder))

    def encode(self, corpus: Path) -> int:
        return len(self._embeddings.batchtransform([passage.titled for passage in records(corpus)], "data"))

    def open(self, folder: Path) -> None:
        self._embeddings = Embeddings()
        self._embeddings.load(str(folder))

    def ask(self, question: str, k: int) -> list[list[str]]:
        return [[found["id"]] for found in self._embeddings.search(question, k)]


if __name__ == "__main__":
    serve(Txtai(sys.argv[1]))

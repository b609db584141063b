"""
sentence-transformers and FAISS alone, as in the semantic search tutorial.
"""

import json
import sys
from pathlib import Path

import faiss
import numpy as np
from sentence_transformers import SentenceTransformer
from serve import records, serve


class Plain:
    """An exact index of whole passages; `encode_query` and `encode_document` put the model's own prefixes in front."""

    def __init__(self, model: str) -> None:
        self._folder = model

    def load(self) -> None:
        self._model = SentenceTransformer(self._folder, device="cpu")
        self._model.encode_document(["khởi động"])

    def index(self, corpus: Path, folder: Path) -> None:
        passages = list(records(corpus))
        texts = [passage.titled for passage in passages]
        vectors = self._vectors(texts)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        folder.mkdir(parents=True)
        faiss.write_index(index, str(folder / "dense.faiss"))
        saved = [[passage.name, text] for passage, text in zip(passages, texts, strict=True)]
        (folder / "passages.json").write_text(json.dumps(saved, ensure_ascii=False), encoding="utf-8")

    def encode(self, corpus: Path) -> int:
        return len(self._vectors([passage.titled for passage in records(corpus)]))

    def _vectors(self, texts: list[str]) -> np.ndarray:
        return self._model.encode_document(texts, normalize_embeddings=True, show_progress_bar=False)

    def open(self, folder: Path) -> None:
        self._model = SentenceTransformer(self._folder, device="cpu")
        self._index = faiss.read_index(str(folder / "dense.faiss"))
        self._passages = json.loads((folder / "passages.json").read_text(encoding="utf-8"))

    def ask(self, question: str, k: int) -> list[list[str]]:
        vector = self._model.encode_query([question], normalize_embeddings=True, show_progress_bar=False)
        _, (rows,) = self._index.search(vector, k)
        return [[self._passages[row][0]] for row in rows if row >= 0]


if __name__ == "__main__":
    serve(Plain(sys.argv[1]))

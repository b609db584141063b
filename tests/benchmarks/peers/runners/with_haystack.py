"""
Haystack's hybrid retrieval in memory, as in tutorial 33, without the cross-encoder.

Both retrievers and the reciprocal rank fusion keep their defaults; ten candidates each are the default too.
"""

import sys
from pathlib import Path

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from serve import records, serve

_CPU = ComponentDevice.from_str("cpu")


class Haystack:
    """BM25 and embeddings over an InMemoryDocumentStore."""

    def __init__(self, model: str) -> None:
        self._model = model

    def load(self) -> None:
        self._embedder = SentenceTransformersDocumentEmbedder(
            model=self._model, device=_CPU, prefix="passage: ", normalize_embeddings=True, progress_bar=False
        )
        self._embedder.warm_up()
        self._embedder.run([Document(content="khởi động")])

    def index(self, corpus: Path, folder: Path) -> None:
        documents = self._documents(corpus)
        store = InMemoryDocumentStore()
        store.write_documents(self._embedder.run(documents)["documents"])
        folder.mkdir(parents=True)
        store.save_to_disk(str(folder / "store.json"))

    def encode(self, corpus: Path) -> int:
        return len(self._embedder.run(self._documents(corpus))["documents"])

    def _documents(self, corpus: Path) -> list[Document]:
        return [
            Document(id=passage.name, content=passage.titled, meta={"name": passage.name})
            for passage in records(corpus)
        ]

    def open(self, folder: Path) -> None:
        store = InMemoryDocumentStore.load_from_disk(str(folder / "store.json"))
        self._pipeline = Pipeline()
        embedder = SentenceTransformersTextEmbedder(
            model=self._model, device=_CPU, prefix="query: ", normalize_embeddings=True, progress_bar=False
        )
        self._pipeline.add_component("embedder", embedder)
        self._pipeline.add_component("dense", InMemoryEmbeddingRetriever(document_store=store))
        self._pipeline.add_component("bm25", InMemoryBM25Retriever(document_store=store))
        self._pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        self._pipeline.connect("embedder.embedding", "dense.query_embedding")
        self._pipeline.connect("dense", "joiner")
        self._pipeline.connect("bm25", "joiner")
        self._pipeline.warm_up()

    def ask(self, question: str, k: int) -> list[list[str]]:
        found = self._pipeline.run(
            {
                "embedder": {"text": question},
                "dense": {"top_k": k},
                "bm25": {"query": question, "top_k": k},
                "joiner": {"top_k": k},
            }
        )
        return [[document.meta["name"]] for document in found["joiner"]["documents"]]


if __name__ == "__main__":
    serve(Haystack(sys.argv[1]))

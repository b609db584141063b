"""
Index documents and answer questions with verbatim quotes; the command line and the REPL.

`Retriever` answers questions from an index that `retrieval.index.build.build.build` writes. The names below are
imported on first use, so that `trichdan --help` waits for neither FAISS nor Tantivy.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.answering.answer import Answer as Answer
    from retrieval.answering.answer import Hit as Hit
    from retrieval.answering.quote import Citation as Citation
    from retrieval.answering.quote import Quote as Quote
    from retrieval.errors import RetrievalError as RetrievalError
    from retrieval.retriever import Retriever as Retriever

# NumPy's matrix products are small here and its idle threads spin: on a busy machine a question's tokens take 20 ms
# with one thread and 40 to 64 ms with two; on an idle one the same. NumPy reads this on first import.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

_HOMES = {
    "Answer": "answering.answer",
    "Citation": "answering.quote",
    "Hit": "answering.answer",
    "Quote": "answering.quote",
    "RetrievalError": "errors",
    "Retriever": "retriever",
}
__all__ = ["Answer", "Citation", "Hit", "Quote", "RetrievalError", "Retriever"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'retrieval' has no attribute {name!r}")
    return getattr(import_module(f"retrieval.{_HOMES[name]}"), name)

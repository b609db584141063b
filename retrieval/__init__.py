"""
Documents to passages to indexes to hits to quoted answers; the command line and the REPL.

`Retriever` answers questions; `retrieval.index.build.build` makes what it reads. The names below are imported
when first used, so that `trichdan --help` waits for neither FAISS nor Tantivy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.answer import Answer as Answer
    from retrieval.answer import Hit as Hit
    from retrieval.errors import RetrievalError as RetrievalError
    from retrieval.quote import Citation as Citation
    from retrieval.quote import Quote as Quote
    from retrieval.retriever import Retriever as Retriever

_HOMES = {
    "Answer": "answer",
    "Citation": "quote",
    "Hit": "answer",
    "Quote": "quote",
    "RetrievalError": "errors",
    "Retriever": "retriever",
}
__all__ = ["Answer", "Citation", "Hit", "Quote", "RetrievalError", "Retriever"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'retrieval' has no attribute {name!r}")
    return getattr(import_module(f"retrieval.{_HOMES[name]}"), name)

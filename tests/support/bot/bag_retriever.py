"""A Retriever with the tests' tiny encoder, which a search process can be started with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from retrieval.retriever import Retriever
from tests.support.encoders import BagEncoder


def bag_retriever(index: Path, **_: Any) -> Retriever:
    """A Retriever over an index, however models are to be run."""
    return Retriever(index, BagEncoder())

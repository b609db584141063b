"""
`:compare`: another index, asked beside that of the session.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from retrieval.index.address import IndexAddress
from retrieval.retriever import Retriever
from retrieval.terminal.collection_filter import resolve_collections
from retrieval.terminal.output.side_by_side import Side, show_side_by_side

_DEPTH = 10  # places of each index that are compared, however few are shown


class Comparison:
    """Asks a second index what the session asks, while one is named."""

    def __init__(self, console: Console, index: IndexAddress, retriever: Retriever) -> None:
        self._console = console
        self._index = index
        self._retriever = retriever
        self._other_index: IndexAddress | None = None
        self._other = retriever
        self._other_within: frozenset[str] | None = None

    @property
    def is_on(self) -> bool:
        """Whether a second index is asked."""
        return self._other_index is not None

    def start(self, index: IndexAddress, collections: Sequence[str]) -> None:
        """
        Ask this index too.

        Raises:
            IndexFault: there is no index, or it was built with another model.
            UnknownCollection: it lacks a collection that the session is restricted to.
        """
        other = self._retriever.beside(index)
        within = resolve_collections(other, collections)
        self._other_index, self._other, self._other_within = index, other, within

    def end(self) -> str:
        """Ask it no longer; returns the sentence that says so."""
        self._other_index, self._other = None, self._retriever
        return f"only {self._index} is asked from now on"

    def show(self, question: str, previous: str | None, within: frozenset[str] | None, k: int) -> None:
        """Ask both, and print their answers side by side."""
        depth = max(k, _DEPTH)
        ours = self._retriever.ask(question, k=depth, previous=previous, within=within)
        theirs = self._other.ask(question, k=depth, previous=previous, within=self._other_within)
        show_side_by_side(self._console, Side(str(self._index), ours), Side(str(self._other_index), theirs), k)

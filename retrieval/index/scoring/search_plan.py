"""
How the windows of a generation are searched, and with what recall.

Stored in the manifest; an engine chooses the numbers by measuring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """
    How windows are searched: exactly, by `cells`, or by `links`.

    By cells, the `compared` best codes of the `probes` nearest cells are compared by their vectors. By links,
    `explored` windows are followed through a graph of `links` neighbours each (HNSW, Malkov & Yashunin 2018: ef and M).

    `recall` is recall@10 against the exact result, for windows of the corpus or for snippets of it used as questions,
    whichever is lower. For an exact plan beyond `EXACT_TO` windows it is what the best other plan reached.
    """

    precision: Literal["float32", "float16"]
    cells: int = 0
    probes: int = 0
    compared: int = 0
    recall: float = 1.0
    sample: int = 0  # windows and questions used for measuring
    links: int = 0
    explored: int = 0

    def __str__(self) -> str:
        if self.cells:
            return (
                f"windows in {self.precision} by {self.probes} of {self.cells} cells, {self.compared} compared, "
                f"recall@10 {self.recall:.3f} on {self.sample} samples"
            )
        if self.links:
            return (
                f"windows in {self.precision} by {self.explored} followed through {self.links} links each, "
                f"recall@10 {self.recall:.3f} on {self.sample} samples"
            )
        other = "cells" if self.precision == "float16" else "links"
        tried = f"; by {other} recall@10 was {self.recall:.3f} on {self.sample} samples" if self.sample else ""
        return f"windows in {self.precision} searched exactly{tried}"

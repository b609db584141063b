"""
The SearchPlan: how the windows of a generation are looked through, and how much of the exact answer that finds.

It is written into the manifest; `celled_windows` chooses its numbers by measuring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """
    Exact, or by `cells`: the windows whose codes look best in the `probes` cells nearest to the question are
    `compared` by their vectors.

    `recall` is recall@10 against the exact answer, of the corpus's own windows or of its own words asked as questions,
    whichever is lower; of an exact plan beyond `EXACT_TO` windows, what the best plan by cells came to.
    """

    precision: Literal["float32", "float16"]
    cells: int = 0
    probes: int = 0
    compared: int = 0
    recall: float = 1.0
    sample: int = 0  # windows and questions that were measured with

    def __str__(self) -> str:
        if self.cells:
            return (
                f"windows in {self.precision} by {self.probes} of {self.cells} cells, {self.compared} compared, "
                f"recall@10 {self.recall:.3f} on {self.sample} samples"
            )
        tried = f"; by cells recall@10 was {self.recall:.3f} on {self.sample} samples" if self.sample else ""
        return f"windows in {self.precision} searched exactly{tried}"

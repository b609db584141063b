"""
The protocol by which a build reports its progress.
"""

from typing import Protocol


class Progress(Protocol):
    """Shows the progress of a build."""

    def start(self, step: str, total: int) -> None:
        """A step of `total` units begins."""

    def advance(self, units: int) -> None:
        """`units` more of the step are done."""

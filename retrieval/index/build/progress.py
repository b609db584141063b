"""
The Progress of a build: who looks on is told how far it is.
"""

from typing import Protocol


class Progress(Protocol):
    """Draws what a build is doing."""

    def start(self, step: str, total: int) -> None:
        """A step of `total` units begins."""

    def advance(self, units: int) -> None:
        """So many units of the step are done."""

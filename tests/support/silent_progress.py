"""
A progress display that prints nothing.
"""


class SilentProgress:
    """Satisfies `retrieval.index.build.progress.Progress`."""

    def start(self, step: str, total: int) -> None:
        """A step begins."""

    def advance(self, units: int) -> None:
        """Units are done."""

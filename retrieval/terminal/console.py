"""
The console that commands print on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def plain_console() -> Console:
    """A console that colours nothing by itself; rich is imported here, which takes a while."""
    from rich.console import Console

    return Console(highlight=False)

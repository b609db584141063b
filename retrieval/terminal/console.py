"""
What commands print on: a console, and plain lines for other programs.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console


def plain_console(*, stderr: bool = False) -> Console:
    """A console that colours nothing by itself; rich is imported here, which takes a while."""
    from retrieval.terminal.printable import printable_console

    return printable_console(stderr=stderr)


def echo(line: str, *, err: bool = False) -> None:
    """Print a line: printable text on a terminal, in a pipe what it is."""
    if (sys.stderr if err else sys.stdout).isatty():
        from retrieval.terminal.printable import printable

        line = printable(line)
    typer.echo(line, err=err)

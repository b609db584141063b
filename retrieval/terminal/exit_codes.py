"""
Exit codes, and errors as one sentence on standard error.

Shared with the commands of the bot.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from retrieval.errors import RetrievalError
from retrieval.terminal.console import echo

if TYPE_CHECKING:
    from retrieval.answering.answer import Answer

FOUND, NOT_FOUND, FAILED = 0, 1, 2  # FAILED: wrong usage or broken input


@contextmanager
def one_sentence_errors() -> Iterator[None]:
    """
    Turn expected errors into one sentence on standard error and exit code 2.

    Ctrl-C exits with 130; a closed pipe counts as success.
    """
    from embeddings import EmbeddingError

    try:
        yield
    except (RetrievalError, EmbeddingError) as error:
        print_to_stderr(str(error))
        raise typer.Exit(FAILED) from None
    except BrokenPipeError:
        # The reader closed the pipe; redirect stdout so that the flush at exit does not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(FOUND) from None
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        print_to_stderr(f"the system refused{place} ({error.strerror or error}): check path and rights")
        raise typer.Exit(FAILED) from None
    except KeyboardInterrupt:
        print_to_stderr("stopped; what was computed is kept")
        raise typer.Exit(130) from None


def print_to_stderr(sentence: str) -> None:
    """Print a message to standard error; standard output is for results."""
    echo(f"trichdan: {sentence}", err=True)


def exit_code(answer: Answer) -> int:
    """FOUND for the states found and weak, else NOT_FOUND."""
    return NOT_FOUND if answer.state == "none" else FOUND

"""
The outcome of a command: its exit code, and how it says what went wrong.

Apart from the command line because the bot's commands end in the same way.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from retrieval.errors import RetrievalError

if TYPE_CHECKING:
    from retrieval.answering.answer import Answer

FOUND, NOT_FOUND, FAILED = 0, 1, 2  # found, nothing found, wrong use or broken input


@contextmanager
def one_sentence_errors() -> Iterator[None]:
    """Every expected failure is one sentence on standard error and exit code 2, never a traceback."""
    from embeddings import EmbeddingError

    try:
        yield
    except (RetrievalError, EmbeddingError) as error:
        print_to_stderr(str(error))
        raise typer.Exit(FAILED) from None
    except BrokenPipeError:
        # Whoever read our output has enough; standard output must not be flushed into the closed pipe at exit.
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
    """What a person must know, on standard error: standard output is for what was asked for."""
    typer.echo(f"trichdan: {sentence}", err=True)


def exit_code(answer: Answer) -> int:
    """Found when the question was answered, if only perhaps."""
    return NOT_FOUND if answer.state == "none" else FOUND

"""
The process that answers the bot's questions, one at a time; `search_workers` starts it.

A question that takes too long ends it, whatever it is stuck in: neither a regular expression nor a library in C can be
interrupted in a thread. The stack goes to standard error, so that the cause can be found.
"""

from __future__ import annotations

import faulthandler
import signal
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings.visibility import VisibleCollections
    from retrieval import Answer, Retriever


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question to be answered within `seconds`."""

    question: str
    k: int
    previous: str | None
    within: VisibleCollections
    seconds: float


def main() -> None:
    """Answer what arrives over the connection whose descriptor is the argument, until it is closed."""
    # A service manager signals every process of the bot, a terminal the group: the bot ends its workers itself.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    connection = Connection(int(sys.argv[1]))
    with suppress(EOFError, BrokenPipeError):  # the bot has ended
        make: Callable[[], Retriever] = connection.recv()
        retriever = make()
        while True:
            connection.send(_reply(retriever, connection.recv()))


def _reply(retriever: Retriever, request: SearchRequest | None) -> Answer | Exception | None:
    """The answer or its error; None requests only that the model be loaded."""
    try:
        if request is None:
            retriever.warm_up()
            return None
        faulthandler.dump_traceback_later(request.seconds, exit=True)
        try:
            return retriever.ask(request.question, k=request.k, previous=request.previous, within=request.within)
        finally:
            faulthandler.cancel_dump_traceback_later()
    except Exception as error:  # noqa: BLE001 - whoever asked handles it, in the bot
        error.add_note("".join(traceback.format_exception(error)))
        return error


if __name__ == "__main__":
    main()

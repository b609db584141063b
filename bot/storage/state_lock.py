"""
One bot at a time answers from a state file, and always the same one.

A second one would take up the updates that the first is answering, and send every answer twice. Another one would
answer them in its own chats, and drop those of its own whose number the first has already had.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StateError
from bot.storage.facts import Facts
from bot.storage.state import StateFile


@contextmanager
def state_lock(state: Path) -> Iterator[None]:
    """
    Hold the state file for this bot.

    The system lets go of it when the process ends, however it does. Reading it meanwhile, as backups and
    exports do, needs no lock.

    Raises:
        StateError: another bot holds it, or the folder cannot be written.
    """
    lock = state.with_name(f"{state.name}.lock")
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StateError(
            f"beside the state file there is a lock, {lock} cannot be opened ({error.strerror}): correct "
            "TRICHDAN_STATE, or the rights of its folder"
        ) from error
    try:
        _lock(descriptor, state)
        yield
    finally:
        os.close(descriptor)


def bind(state: StateFile, path: Path, bot_id: int) -> None:
    """
    Note whose state file this is, at a bot's first start with it.

    Raises:
        StateError: it is another bot's.
    """
    facts = Facts(state)
    owner = facts.find("bot")
    if owner is None:
        facts.note("bot", str(bot_id))
    elif owner != str(bot_id):
        raise StateError(
            f"a state file is of one bot, {path} is of bot {owner} and the token is of bot {bot_id}: correct "
            "TRICHDAN_STATE or the token, or hand the file over with `trichdan bot-rebind`"
        )


def unbind(state: StateFile) -> tuple[str, int]:
    """
    Let the next bot that starts have the file.

    What only the former one can use is deleted; people, answers, ratings and approved answers stay. Ids of updates and
    messages are each bot's own, and invitations name it in their links.

    Returns:
        Whose it was, "" if nobody's, and how many unanswered messages were dropped.
    """
    facts = Facts(state)
    owner, dropped = facts.find("bot") or "", len(state.pending())
    with state.transaction() as db:
        for table in ("updates", "referrals", "document_messages", "invites"):
            db.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
        db.execute("UPDATE approved SET message_id = -rowid")  # so that none of the next bot's messages replaces them
    facts.drop("bot")
    return owner, dropped


def _lock(descriptor: int, state: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StateError(
            f"one bot at a time answers from a state file, another process holds {state}: leave that one running, or "
            "stop it first"
        ) from None

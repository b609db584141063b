"""
Copy a bot's state, as from a file to a database that several processes share.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from telegram import Update

from bot.errors import StateError, StateUnavailableError
from bot.state_address import StateAddress, StateServer
from bot.storage.database import Database, Purpose, Row, Transaction
from bot.storage.opening import open_alone
from bot.storage.state import BotState
from bot.transport.inbox import chat_of

# Each table that both databases have, with the columns that both have.
TABLES: Final[dict[str, tuple[str, ...]]] = {
    "people": ("user_id", "role", "name", "added_by", "at"),
    "invites": ("digest", "role", "made_by", "expires"),
    "audit": ("at", "actor", "act", "subject"),
    "updates": ("update_id", "at", "tries", "payload"),
    "answers": ("answer_id", "at", "user_id", "passages", "question", "state", "confidence", "shown"),
    "refusals": ("user_id", "at"),
    "ratings": ("answer_id", "user_id", "rating", "reason", "at"),
    "asked": ("at", "user_id", "chat", "state", "milliseconds"),
    "requests": ("user_id", "name", "language", "at", "bundle", "decision", "decided_by", "decided_at"),
    "names": ("user_id", "name"),
    "notices": ("trouble", "at"),
    "referrals": (
        *("contact_chat", "contact_message", "answer_id", "asker_id", "chat_id", "message_id", "question", "at"),
        "speakers",
    ),
    "chat_documents": ("number", "folder", "name", "by", "at"),
    "undoable": ("token", "change", "folder", "name", "former", "at"),
    "document_messages": ("chat_id", "message_id", "number", "at"),
    "open_groups": ("chat_id", "title", "by", "at"),
    "broadcasts": ("number", "by", "at", "text", "state"),
    "recipients": ("number", "user_id", "delivery"),
    "approved": ("chat_id", "message_id", "question", "text", "by", "passage", "at"),
    "known_documents": ("document", "digest", "batch"),
    "catalogue_visits": ("user_id", "batch"),
    "facts": ("name", "value"),
}
# Where texts of people stand that a database may seal, and what they are kept for.
_SEALED: Final[dict[str, tuple[str, Purpose]]] = {
    "updates": ("payload", "update"),
    "answers": ("question", "question"),
    "referrals": ("question", "question"),
}
_ORDER: Final = {"audit": " ORDER BY rowid"}


def copy_state(source: StateAddress, target: StateAddress) -> int:
    """
    Copy everything, so that a bot goes on there; returns how many rows.

    Raises:
        StateError: a bot answers from one of them, one cannot be used, or the target holds something.
    """
    with open_alone(source) as former, open_alone(target) as new:
        try:
            with new.transaction() as writing:
                if any(writing.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES):  # noqa: S608
                    raise StateError(f"a state is copied to an empty place, {target} holds something: name another")
                with former.transaction() as reading:
                    copied = sum(_copy(table, reading, writing, former, new) for table in TABLES)
                if isinstance(target, StateServer):
                    _name_chats(former, writing)
            new.database.number_onwards()
        except StateUnavailableError as error:
            raise StateError(f"{error}; nothing was copied") from error
        return copied


def _copy(table: str, reading: Transaction, writing: Transaction, former: BotState, new: BotState) -> int:
    columns = TABLES[table]
    rows = reading.execute(f"SELECT {', '.join(columns)} FROM {table}{_ORDER.get(table, '')}").fetchall()  # noqa: S608
    marks = ", ".join("?" * len(columns))
    insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - constants
    writing.executemany(insert, _resealed(table, rows, former.database, new.database))
    return len(rows)


def _name_chats(former: BotState, writing: Transaction) -> None:
    """Say whose chat each waiting update is of, by which several processes keep its order."""
    for update_id, payload in former.pending():
        try:
            update = Update.de_json(json.loads(payload), None)
            sender = update.effective_user.id if update.effective_user else 0
            place = (chat_of(update), sender, update_id)
        except Exception:  # noqa: BLE001, S112 - what cannot be read back is not answered: whoever claims it says so
            continue
        writing.execute("UPDATE updates SET chat = ?, sender = ? WHERE update_id = ?", place)


def _resealed(table: str, rows: Iterable[Row], former: Database, new: Database) -> Iterator[tuple[Any, ...]]:
    """The rows, with unreadable texts as None and others as the new database stores them."""
    if table not in _SEALED:
        yield from rows
        return
    column, purpose = _SEALED[table]
    place, at = TABLES[table].index(column), TABLES[table].index("at")
    for row in rows:
        text = former.unseal(purpose, row[place]) if row[place] else row[place]
        yield (*row[:place], new.seal(purpose, text, row[at]) if text else text, *row[place + 1 :])

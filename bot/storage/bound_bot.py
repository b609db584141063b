"""
Whose state it is.

Another bot would answer the first one's updates in its own chats, and drop those of its own whose number the first has
already had.
"""

from __future__ import annotations

from bot.errors import StateError
from bot.storage.facts import Facts
from bot.storage.state import BotState


def bind(state: BotState, address: object, bot_id: int) -> None:
    """
    Note whose state it is, at a bot's first start with it.

    Raises:
        StateError: it is another bot's.
    """
    facts = Facts(state)
    owner = facts.find("bot")
    if owner is None:
        facts.note("bot", str(bot_id))
    elif owner != str(bot_id):
        raise StateError(
            f"a state file is of one bot, {address} is of bot {owner} and the token is of bot {bot_id}: correct "
            "TRICHDAN_STATE or the token, or hand the file over with `trichdan bot-rebind`"
        )


def unbind(state: BotState) -> tuple[str, int]:
    """
    Let the next bot that starts have the state.

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
        # So that none of the next bot's messages replaces them.
        (lowest,) = db.execute("SELECT coalesce(min(message_id), 0) FROM approved").fetchone()
        of_former = db.execute("SELECT chat_id, message_id FROM approved WHERE message_id > 0").fetchall()
        renumbered = [(min(lowest, 0) - number, *place) for number, place in enumerate(of_former, 1)]
        db.executemany("UPDATE approved SET message_id = ? WHERE chat_id = ? AND message_id = ?", renumbered)
    facts.drop("bot")
    return owner, dropped

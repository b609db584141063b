"""
Notices to administrators about a lasting trouble: one message, repeated daily while it lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Literal

from telegram import Bot
from telegram.error import TelegramError

from bot.errors import StateUnavailableError
from bot.messages.quote_html import escape
from bot.messages.vi import VI
from bot.storage.state import BotState
from bot.transport.delivery import send

Trouble = Literal["stale_documents", "disk_full", "other_root"]
_DAY = 86_400.0


class Notices:
    """
    Tells administrators what they must act on.

    When each was last told stands in the state, and in memory for when the disk is full.

    Args:
        admins: whom to tell, called for each notice.
    """

    def __init__(self, state: BotState, admins: Callable[[], Iterable[int]]) -> None:
        self._state = state
        self._admins = admins
        self._told: dict[Trouble, float] = {}
        self._held: set[Trouble] = set()

    async def tell(self, bot: Bot, trouble: Trouble) -> None:
        """Tell every administrator of a trouble, unless they were told within a day."""
        if trouble in self._held or self._state.now() - self._last(trouble) < _DAY:
            return
        self._note(trouble)
        text = {
            "stale_documents": VI.notices.stale_documents,
            "disk_full": VI.notices.disk_full,
            "other_root": VI.notices.other_root,
        }[trouble]
        for admin in self._admins():
            with suppress(TelegramError):  # a bot cannot write first
                await send(bot, admin, escape(text))

    def hold(self, trouble: Trouble) -> None:
        """Tell nobody of a trouble that is being ended."""
        self._held.add(trouble)

    def end(self, trouble: Trouble) -> None:
        """Note that a trouble is over: when it comes back, it is told at once."""
        self._held.discard(trouble)
        self._told.pop(trouble, None)
        with suppress(StateUnavailableError), self._state.transaction() as db:
            db.execute("DELETE FROM notices WHERE trouble = ?", (trouble,))

    def _last(self, trouble: Trouble) -> float:
        told = self._told.get(trouble, float("-inf"))
        with suppress(StateUnavailableError), self._state.transaction() as db:
            row = db.execute("SELECT at FROM notices WHERE trouble = ?", (trouble,)).fetchone()
            return max(told, row[0]) if row else told
        return told

    def _note(self, trouble: Trouble) -> None:
        self._told[trouble] = self._state.now()
        with suppress(StateUnavailableError), self._state.transaction() as db:
            db.execute(
                "INSERT INTO notices (trouble, at) VALUES (?, ?) ON CONFLICT (trouble) DO UPDATE SET at = excluded.at",
                (trouble, self._told[trouble]),
            )

"""
What all processes of a bot have sent, so that together they keep Telegram's limits.

One row for each chat and one for the bot, in a table that is not logged, so that its commits wait for no disk and no
standby: nobody needs them after a failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.storage.state import BotState

_TAKE: Final = "SELECT take_turn(?, ?::integer[], ?::double precision[])"
_PAUSE: Final = """
    INSERT INTO pacing (place, sent, paused) VALUES (?, '{}', extract(epoch FROM clock_timestamp()) + ?)
    ON CONFLICT (place) DO UPDATE SET paused = greatest(pacing.paused, excluded.paused)
"""


class SharedPacing:
    """
    Turns to send, by place: a chat, or the whole bot.

    Raises:
        StateUnavailableError: by every member; each process then keeps the limits for itself.
    """

    def __init__(self, state: BotState) -> None:
        self._database = state.database

    def take(self, place: str, windows: Sequence[tuple[int, float]]) -> float:
        """
        Take a turn if all windows allow it now.

        `windows` are how many may be sent in how many seconds. Returns 0.0, or the seconds to wait before asking again.
        """
        counts, seconds = zip(*windows, strict=True)
        ((wait,),) = self._database.run(_TAKE, place, list(counts), list(seconds))
        return float(wait)

    def pause(self, place: str, seconds: float) -> None:
        """Let nobody send to a place for some seconds."""
        self._database.run(_PAUSE, place, seconds)

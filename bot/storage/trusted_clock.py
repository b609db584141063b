"""
Whether the clock may be believed before what it calls old is deleted.

A single start with the clock a year ahead would otherwise delete every answer and every count.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from bot.storage.facts import Facts
from bot.storage.state import BotState

_LOGGER = logging.getLogger(__name__)
_DAY = 86_400.0
_STANDSTILL = 30 * _DAY  # that a clock may move ahead between two looks without being doubted
_CONFIRMED = _DAY - 3600.0  # after so long the same clock is believed: looks are a day apart
_NEWEST = """
    SELECT max(at) FROM (
        SELECT max(at) AS at FROM updates UNION ALL SELECT max(at) FROM answers
        UNION ALL SELECT max(at) FROM asked UNION ALL SELECT max(at) FROM audit
    ) AS newest
"""


class TrustedClock:
    """The clock of the state, compared with the last time that it was believed."""

    def __init__(self, state: BotState) -> None:
        self._state = state
        self._facts = Facts(state)

    def agrees(self) -> bool:
        """
        Whether the clock is at most a month ahead of the last look.

        Or a look a day ago found the same. Notes the time if so; the first look of a file compares with its newest row.
        """
        now, last, doubted = self._state.now(), self._last(), self._facts.find("doubted")
        is_confirmed = doubted is not None and _CONFIRMED <= now - float(doubted) <= _STANDSTILL
        if now - last > _STANDSTILL and not is_confirmed:
            _LOGGER.warning(
                "expired data is deleted when the clock can be believed, it says %s and was at %s: deleted tomorrow if "
                "it still says so; see the clock of this machine",
                _day(now),
                _day(last),
            )
            if doubted is None or not 0 <= now - float(doubted) <= _STANDSTILL:
                self._facts.note("doubted", str(now))
            return False
        self._facts.drop("doubted")
        self._facts.note("expired", str(now))
        return True

    def _last(self) -> float:
        known = self._facts.find("expired")
        if known is not None:
            return float(known)
        with self._state.transaction() as db:
            (newest,) = db.execute(_NEWEST).fetchone()
        return self._state.now() if newest is None else float(newest)


def _day(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"

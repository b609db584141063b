"""
An inbox that several processes share.

Each stores what is delivered to it, and answers what it claims, whichever of them stored it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from telegram import Bot, Update

from bot.errors import StateUnavailableError
from bot.storage.postgres.update_claims import LEASE, UpdateClaims
from bot.storage.state import BotState
from bot.transport.inbox import WAITING, Inbox, chat_of, payload_of, read_back

_LOGGER = logging.getLogger(__name__)
_POLL = 0.2  # seconds between looks at what others stored or left
_AT_ONCE = 32  # chats that one process answers at the same time, so that the others get their share


class SharedInbox(Inbox):
    """
    PTB's queue; an update enters it in the process that claimed it.

    Args:
        refuse: tells a user, once, that too many of their updates are waiting.
        parked: how many updates wait for a retry and take up no place.
    """

    def __init__(
        self,
        state: BotState,
        *,
        inline: bool = False,
        stored: Callable[[], None] = lambda: None,
        not_stored: Callable[[Update], None] = lambda _: None,
        refuse: Callable[[Update], Awaitable[None]],
        parked: Callable[[], int] = lambda: 0,
        lease: float = LEASE,
    ) -> None:
        super().__init__(state, inline=inline, stored=stored, not_stored=not_stored)
        self._claims, self._lease = UpdateClaims(state, most=WAITING, lease=lease), lease
        self._refuse = refuse
        self._parked = parked
        self._wanted = asyncio.Event()
        self._held: set[int] = set()  # claimed, and handled here
        self._answered: set[int] = set()  # of these: answered, which the state is to be told
        self._left: set[int] = set()  # of these: given up here, for whoever claims them next
        self._renewed = float("-inf")
        self._refusals: set[asyncio.Task[None]] = set()
        self._is_away = False

    async def recall(self, bot: Bot) -> int:  # noqa: ARG002 - the signature is Inbox's
        """How many updates wait; each is claimed in its turn."""
        return self._claims.count()

    async def run(self, bot: Bot) -> None:
        """Claim updates for ever."""
        while True:
            self._wanted.clear()
            try:
                self._report()
                self._take(bot)
                self._is_away = False
            except StateUnavailableError as error:
                if not self._is_away:
                    _LOGGER.warning("%s; nothing is answered meanwhile", error)
                self._is_away = True
                await asyncio.sleep(_POLL)
            except Exception:
                _LOGGER.exception("updates could not be claimed: tried again")
                await asyncio.sleep(_POLL)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), _POLL)

    def settle(self, update_id: int) -> None:
        """Note that an update is answered, as soon as the state can be told."""
        self._answered.add(update_id)
        with suppress(StateUnavailableError):
            self._report()

    def leave(self, update_id: int) -> None:
        """Note that an update is handled here no longer; unless settled, others may claim it."""
        if update_id in self._held and update_id not in self._answered:
            self._left.add(update_id)
        self._wanted.set()

    def close(self) -> None:
        """Let others claim what is left unanswered."""
        self._left |= self._held - self._answered
        with suppress(StateUnavailableError):
            self._report()

    async def _pass_on(self, update: Update) -> None:  # noqa: ARG002 - the signature is Inbox's
        """Wake the loop: the update may be claimed here, or anywhere else."""
        self._wanted.set()

    def _accept(self, update: Update) -> bool:
        user = update.effective_user
        accepted = self._claims.accept(
            update.update_id, payload_of(update), chat=chat_of(update), sender=user.id if user else 0
        )
        if accepted.tell:
            task = asyncio.create_task(self._tell(update))
            self._refusals.add(task)
            task.add_done_callback(self._refusals.discard)
        return accepted.new

    async def _tell(self, update: Update) -> None:
        with suppress(Exception):  # best effort: what was refused is refused
            await self._refuse(update)

    def _report(self) -> None:
        """Tell the state what is done, what is left, and what is still held."""
        answered, left = frozenset(self._answered), frozenset(self._left)
        self._claims.settle(answered)
        self._answered -= answered
        self._held -= answered
        self._claims.release(left)
        self._left -= left
        self._held -= left
        if time.monotonic() - self._renewed > self._lease / 3:
            self._claims.renew(self._held)
            self._renewed = time.monotonic()

    def _take(self, bot: Bot) -> None:
        """Claim what there is a place for, and queue it."""
        for update_id, payload in self._claims.claim(_AT_ONCE - len(self._held) + self._parked()):
            update = read_back(update_id, payload, bot)
            self._held.add(update_id)
            if update is None:
                self._answered.add(update_id)
            else:
                self.put_nowait(update)

"""
Rebuild the index while the bot runs, and report the result to whoever asked.

A child process runs `trichdan index`; the Retriever notices the new generation by itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.access import Access
from bot.administration.corpus_folder import CorpusFolder
from bot.errors import CorpusFolderError
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, truncate, visible_length
from bot.messages.texts import Texts
from bot.operations.child_process import BACKGROUND, run_child
from bot.operations.incidents import Incidents
from bot.storage.state import BotState
from bot.transport.delivery import send
from retrieval import module_command

INDEXER = module_command("retrieval", "index")
_LOGGER = logging.getLogger(__name__)
_LOCK = "reindex"
_LOOK = 1.0  # seconds between looks whether another process builds
_REFUSED = 5  # refused files that a report names
_REASON = 400  # UTF-16 units
_ROOM = 4000  # UTF-16 units of a report, which leaves room for the count of further refused files


@dataclass(frozen=True, slots=True)
class Requester:
    """Who receives the report, and in which language."""

    bot: Bot
    chat: int
    texts: Texts


class Reindexer:
    """
    Handles /naplai and rebuilds after uploads, one child process at a time.

    Args:
        indexer: the command before the folder; tests use one with a small model.
    """

    def __init__(
        self,
        corpus_folder: CorpusFolder,
        state: BotState,
        access: Access,
        incidents: Incidents,
        *,
        indexer: Sequence[str] = INDEXER,
    ) -> None:
        self._corpus_folder = corpus_folder
        self._state = state
        self._access = access
        self._incidents = incidents
        self._indexer = indexer
        self._task: asyncio.Task[None] | None = None
        self._next: list[Requester] = []  # requests that came while a build ran

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/naplai`: start a build unless one is running."""
        message = update.message
        if message is None or message.from_user is None or not await self._access.require_admin(update, context):
            return
        texts = texts_of(update)
        if self._running or self._runs_elsewhere():
            await send(context.bot, message.chat.id, escape(texts.administration.reindex_running))
            return
        await send(context.bot, message.chat.id, escape(texts.administration.reindex_started))
        self.start(Requester(context.bot, message.chat.id, texts), message.from_user.id)

    def start(self, requester: Requester, by: int) -> None:
        """
        Rebuild in the background.

        If a build is running, another follows it, since the running one may have read the folder already.
        """
        self._state.log_action(by, "reindex")
        if self._running:
            self._next.append(requester)
        else:
            self._task = asyncio.create_task(self._run([requester]))

    async def close(self) -> None:
        """End a running build; the live index stays as it is."""
        self._next.clear()
        if self._task and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])

    @property
    def _running(self) -> bool:
        return self._task is not None and not self._task.done()

    def _runs_elsewhere(self) -> bool:
        """Whether another process of the bot builds now."""
        lock = self._state.database.try_lock(_LOCK)
        if lock is None:
            return True
        lock.release()
        return False

    async def _build_alone(self) -> dict[str, Any]:
        """Build once no other process of the bot does."""
        while (lock := self._state.database.try_lock(_LOCK)) is None:
            await asyncio.sleep(_LOOK)
        try:
            return await self._build()
        finally:
            lock.release()

    async def _run(self, requesters: Sequence[Requester]) -> None:
        while requesters:
            self._incidents.notices.hold("stale_documents")
            try:
                result = await self._build_alone()
            except Exception as error:  # noqa: BLE001 - any error is logged and reported
                result = {"incident": self._incidents.record(error, "reindexing")}
            self._incidents.notices.end("stale_documents")
            for each in requesters:
                try:
                    await send(each.bot, each.chat, _report(result, each.texts))
                except TelegramError as error:
                    _LOGGER.warning("the report of a reindexing was not delivered (%s)", type(error).__name__)
            requesters, self._next = self._next, []

    async def _build(self) -> dict[str, Any]:
        """The child's JSON result, or its error message under "failed"."""
        begun = time.monotonic()
        try:
            folder = self._corpus_folder.folder()
        except CorpusFolderError as error:
            return {"failed": str(error)}
        # Not among the arguments, which everybody on the machine can read: an address may hold a password.
        address = {"TRICHDAN_INDEX": self._corpus_folder.index.text}
        ended = await run_child([*self._indexer, str(folder), "--json"], nicer=BACKGROUND, environment=address)
        if ended.code:
            _LOGGER.warning("reindexing ended with %d: %s", ended.code, ended.complaint)
            return {"failed": ended.complaint.removeprefix("trichdan: ") or f"exit code {ended.code}"}
        return {**json.loads(ended.out), "seconds": time.monotonic() - begun}


def _report(result: dict[str, Any], texts: Texts) -> str:
    labels = texts.administration
    if "incident" in result:
        return escape(texts.error.format(code=result["incident"]))
    if "failed" in result:
        return f"{escape(labels.reindex_failed)}\n<code>{escape(truncate(result['failed'], _REASON))}</code>"
    refused = result["refused"]
    counts = labels.reindex_counts.format(
        **{name: result[name] for name in ("new", "changed", "renamed", "removed", "documents", "passages")},
        refused=len(refused),
    )
    head = labels.reindex_done if result["built"] else labels.reindex_unchanged
    html = "\n".join([escape(head.format(seconds=f"{result['seconds']:.0f}")), escape(counts)])
    for number, each in enumerate(refused):
        mark = each.get("secrecy")
        reason = texts.documents.marked_refused.format(mark=mark) if mark else each["reason"]
        line = f"• <code>{escape(truncate(each['source'], _REASON))}</code>: {escape(truncate(reason, _REASON))}"
        if each["source"] in result.get("kept", ()):
            line += f" ({escape(labels.retained)})"
        longer = f"{html}\n{line}"
        if number == _REFUSED or visible_length(longer) > _ROOM:
            return f"{html}\n… (+{len(refused) - number})"
        html = longer
    return html

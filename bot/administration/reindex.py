"""
Reindexing: the corpus folder indexed anew beside the running bot, and what came of it told to whoever asked.

A child process does it, as `trichdan index` would at a terminal; the Retriever notices the new generation by itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
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
from bot.storage.state import StateFile
from bot.transport.delivery import send
from retrieval.errors import RetrievalError

INDEXER = (sys.executable, "-m", "retrieval", "index")
_LOGGER = logging.getLogger(__name__)
_REFUSED = 5  # refused files that are named
_REASON = 400  # units
_ROOM = 4000  # units of a report, which leaves place for how many more were refused


@dataclass(frozen=True, slots=True)
class Requester:
    """Who is told when it is done, and in which words."""

    bot: Bot
    chat: int
    texts: Texts


class Reindexer:
    """
    The handler of /naplai, and what a new document calls; one child at a time.

    Args:
        indexer: the command before the folder; a test puts a small model's in its place.
    """

    def __init__(
        self,
        corpus_folder: CorpusFolder,
        state: StateFile,
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
        self._next: list[Requester] = []  # those whose documents came while it ran

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/naplai`: begins, unless it is under way."""
        message = update.message
        if message is None or message.from_user is None or not await self._access.require_admin(update, context):
            return
        texts = texts_of(update)
        if self._running:
            await send(context.bot, message.chat.id, escape(texts.administration.reindex_running))
            return
        await send(context.bot, message.chat.id, escape(texts.administration.reindex_started))
        self.begin(Requester(context.bot, message.chat.id, texts), message.from_user.id)

    def begin(self, asked: Requester, by: int) -> None:
        """Indexes anew in the background; once more afterwards if it is under way, since that has read the folder."""
        self._state.log_action(by, "reindex")
        if self._running:
            self._next.append(asked)
        else:
            self._task = asyncio.create_task(self._run([asked]))

    async def close(self) -> None:
        """Ends what runs; the live index stays as it is."""
        self._next.clear()
        if self._task and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])

    @property
    def _running(self) -> bool:
        return self._task is not None and not self._task.done()

    async def _run(self, asked: Sequence[Requester]) -> None:
        while asked:
            try:
                told = await self._indexed()
            except Exception as error:  # noqa: BLE001 - whatever it is, those who asked are told, and the log knows
                told = {"incident": self._incidents.record(error, "indexing anew")}
            for each in asked:
                try:
                    await send(each.bot, each.chat, _report(told, each.texts))
                except TelegramError as error:
                    _LOGGER.warning("the report of a reindexing was not delivered (%s)", type(error).__name__)
            asked, self._next = self._next, []

    async def _indexed(self) -> dict[str, Any]:
        """What the child said: its counts, or under "failed" its sentence."""
        begun = time.monotonic()
        try:
            folder, model = self._corpus_folder.folder(), self._corpus_folder.model()
        except (CorpusFolderError, RetrievalError) as error:
            return {"failed": str(error)}
        chosen = ["--model", model] if model else []
        command = [*self._indexer, str(folder), "--index", str(self._corpus_folder.index), "--json", *chosen]
        ended = await run_child(command, nicer=BACKGROUND)
        if ended.code:
            _LOGGER.warning("indexing anew ended with %d: %s", ended.code, ended.complaint)
            return {"failed": ended.complaint.removeprefix("trichdan: ") or f"exit code {ended.code}"}
        return {**json.loads(ended.out), "seconds": time.monotonic() - begun}


def _report(told: dict[str, Any], texts: Texts) -> str:
    said = texts.administration
    if "incident" in told:
        return escape(texts.error.format(code=told["incident"]))
    if "failed" in told:
        return f"{escape(said.reindex_failed)}\n<code>{escape(truncate(told['failed'], _REASON))}</code>"
    refused = told["refused"]
    counts = said.reindex_counts.format(
        **{name: told[name] for name in ("new", "changed", "renamed", "removed", "documents", "passages")},
        refused=len(refused),
    )
    head = said.reindex_done if told["built"] else said.reindex_unchanged
    html = "\n".join([escape(head.format(seconds=f"{told['seconds']:.0f}")), escape(counts)])
    for number, each in enumerate(refused):
        line = (
            f"• <code>{escape(truncate(each['source'], _REASON))}</code>: {escape(truncate(each['reason'], _REASON))}"
        )
        if each["source"] in told.get("kept", ()):
            line += f" ({escape(said.retained)})"
        longer = f"{html}\n{line}"
        if number == _REFUSED or visible_length(longer) > _ROOM:
            return f"{html}\n… (+{len(refused) - number})"
        html = longer
    return html

"""
Uploads: a document that an administrator sends, looked at first, and put into the corpus only when they say so.

A button carries what was announced: `a` adds a new file, `r` replaces the one that was said to be replaced.
Format: u:id of the pending file:verb.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import PurePath

from telegram import Document, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, TelegramError
from telegram.ext import ContextTypes

from bot.access import Access
from bot.administration.corpus_folder import Shelf, safe_name
from bot.administration.reindex import Asked, Reindexing
from bot.administration.upload_inspection import Unreadable, inspect
from bot.errors import ShelfError, Unavailable
from bot.messages.language import words_of
from bot.messages.quote_html import cut, escape
from bot.messages.texts import Words
from bot.operations.incidents import Incidents
from bot.search.search_service import Library
from bot.settings.visibility import Within
from bot.storage.pending_uploads import Pending
from bot.storage.state import State
from bot.transport.delivery import confirm, edit, send, typing
from retrieval.reading.archive import SUFFIX
from retrieval.reading.reader import READERS
from retrieval.reading.summary import DocumentSummary

PATTERN = r"^u:[\w-]{8}:[ard]\Z"
LARGEST = 20 * 1024 * 1024  # bytes that a bot may download: Bot API, "getFile"
_LOGGER = logging.getLogger(__name__)
_LINE = 300  # units


class Uploads:
    """The handler of documents and of the buttons below their reports."""

    def __init__(
        self,
        shelf: Shelf,
        pending: Pending,
        library: Library,
        state: State,
        access: Access,
        incidents: Incidents,
        reindexing: Reindexing,
    ) -> None:
        self._shelf = shelf
        self._pending = pending
        self._library = library
        self._state = state
        self._access = access
        self._incidents = incidents
        self._reindexing = reindexing

    async def document(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A document in a private chat: reported on to an administrator; to others only questions are answered."""
        message, words = update.message, words_of(update)
        if message is None or message.from_user is None or message.document is None:
            return
        if not self._access.is_office(message.chat, message.from_user):
            await send(context.bot, message.chat.id, escape(words.not_text), to=message.message_id)
            return
        name = safe_name(message.document.file_name or "")
        refusal = _refused(message.document, name, words)
        if refusal:
            await send(context.bot, message.chat.id, escape(refusal), to=message.message_id)
            return
        async with typing(context.bot, message.chat.id):
            html, keyboard = await self._looked_at(message.document, name, self._access.within(update), words)
            await send(context.bot, message.chat.id, html, to=message.message_id, keyboard=keyboard)
        self._state.note(message.from_user.id, f"upload: {name}")

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """The decision about a pending file."""
        query, words = update.callback_query, words_of(update)
        if query is None or query.data is None or query.message is None:
            return
        _, number, verb = query.data.split(":")
        file = self._pending.find(number)
        if file is None or not self._access.is_office(query.message.chat, query.from_user):
            await confirm(query, words.upkeep.gone, alert=True)
            return
        by = query.from_user.id
        if verb == "d":
            self._pending.drop(number)
            self._state.note(by, f"drop upload: {file.name}")
            said = words.upkeep.dropped.format(name=file.name)
        elif verb == "a" and self._stands(file.name):
            self._pending.drop(number)
            said = words.upkeep.appeared.format(name=file.name)
        else:
            try:
                await asyncio.to_thread(self._shelf.put, file, file.name)
            except (ShelfError, OSError) as error:  # the file waits still
                code = self._incidents.record(error, "putting a document into the corpus")
                await confirm(query, words.error.format(code=code), alert=True)
                return
            self._pending.drop(number)
            self._state.note(by, f"add document: {file.name}")
            self._reindexing.begin(Asked(context.bot, query.message.chat.id, words), by)
            said = words.upkeep.stored.format(name=file.name)
        try:
            await edit(context.bot, query.message, escape(said), None)
        except TelegramError:  # it is done, and a further try would find nothing left to do: the note says it
            await confirm(query, said, alert=True)
        else:
            await confirm(query)

    async def _looked_at(
        self, document: Document, name: str, within: Within, words: Words
    ) -> tuple[str, InlineKeyboardMarkup | None]:
        """The report on a document, with its buttons where it can be added; whatever fails leaves nothing behind."""
        number, file = self._pending.new(name)
        kept = False
        try:
            try:
                await (await document.get_file()).download_to_drive(file)
            except BadRequest as error:
                if "too big" not in error.message.lower():
                    raise
                return escape(words.upkeep.too_large), None
            found = await inspect(file)
            if isinstance(found, Unreadable):
                _LOGGER.info("a document that was sent cannot be read: %s", found.reason)
                return escape(_cannot(found, name, words)), None
            try:
                place = self._shelf.place(name)
            except ShelfError as error:
                return f"{escape(words.upkeep.no_shelf)}\n<code>{escape(cut(str(error), _LINE))}</code>", None
            warnings = await self._warnings(found, name, within, exists=place.exists(), words=words)
            kept = True
            return _report(found, name, warnings, words), _decision(number, words, replaces=place.exists())
        finally:
            if not kept:
                self._pending.drop(number)

    async def _warnings(
        self, found: DocumentSummary, name: str, within: Within, *, exists: bool, words: Words
    ) -> list[str]:
        said = words.upkeep
        warnings = [said.no_title] if found.untitled else []
        warnings += [] if found.published else [said.no_date]
        warnings += [said.replaces.format(name=name)] if exists else []
        try:
            records = await self._library.documents(within=within)
            own = self._shelf.place(name).relative_to(self._shelf.folder()).as_posix()
        except (Unavailable, ShelfError):
            return [*warnings, said.not_compared]
        same = [record.source for record in records if record.sha256 == found.sha256 and record.source != own]
        return [*warnings, *(said.same.format(source=cut(source, _LINE)) for source in same[:1])]

    def _stands(self, name: str) -> bool:
        try:
            return self._shelf.place(name).exists()
        except ShelfError:
            return False


def _refused(document: Document, name: str, words: Words) -> str:
    """Why a document is not even fetched, "" if it is."""
    suffix = PurePath(name).suffix.lower()
    if suffix == SUFFIX:  # the documents of an archive can neither be shown on one report nor decided about one by one
        return words.upkeep.archive
    if suffix not in READERS:
        return words.upkeep.wrong_kind.format(kinds=", ".join(sorted(READERS)))
    return words.upkeep.too_large if (document.file_size or 0) > LARGEST else ""


def _cannot(found: Unreadable, name: str, words: Words) -> str:
    reasons = dict(words.upkeep.reasons)
    return words.upkeep.unreadable.format(name=cut(name, _LINE), reason=reasons.get(found.kind, reasons[""]))


def _report(found: DocumentSummary, name: str, warnings: list[str], words: Words) -> str:
    said = words.upkeep
    day = f"{found.published:%d/%m/%Y}" if found.published else words.undated
    facts = [
        (said.title, found.title),
        (said.publisher, found.publisher or "–"),
        (said.date, day),
        (said.paragraphs, str(found.paragraphs)),
        (said.first, f"“{cut(found.first, _LINE)}”"),
    ]
    lines = [f"{escape(label)}: {escape(cut(value, _LINE))}" for label, value in facts]
    noted = [f"⚠ {escape(warning)}" for warning in warnings]
    return "\n".join(
        [f"<b>{escape(said.received.format(name=cut(name, _LINE)))}</b>", *lines, *noted, "", escape(said.decide)]
    )


def _decision(number: str, words: Words, *, replaces: bool) -> InlineKeyboardMarkup:
    add, drop = words.upkeep.add, words.upkeep.drop
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(add, callback_data=f"u:{number}:{'r' if replaces else 'a'}")],
            [InlineKeyboardButton(drop, callback_data=f"u:{number}:d")],
        ]
    )

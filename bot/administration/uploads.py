"""
Uploads: an administrator sends a document, reads a report on it, and decides.

A button's verb is what the report announced: `a` adds a new file, `r` replaces an existing one, `d` drops the upload.
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
from bot.administration.corpus_folder import CorpusFolder, safe_name
from bot.administration.reindex import Reindexer, Requester
from bot.administration.upload_inspection import Unreadable, inspect
from bot.errors import CorpusFolderError, UnavailableError
from bot.messages.html_page_buttons import upload_button
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, truncate
from bot.messages.texts import Texts
from bot.operations.incidents import Incidents
from bot.search.search_service import SearchService
from bot.settings.visibility import VisibleCollections
from bot.storage.pending_uploads import PendingUploads
from bot.storage.state import StateFile
from bot.transport.delivery import answer_callback_query, edit, send, typing
from retrieval.reading import ARCHIVE_SUFFIX, READERS, DocumentSummary

PATTERN = r"^u:[\w-]{8}:[ard]\Z"
LARGEST = 20 * 1024 * 1024  # bytes that a bot may download: Bot API, "getFile"
_LOGGER = logging.getLogger(__name__)
_LINE = 300  # UTF-16 units


class Uploads:
    """Handles uploaded documents and the buttons below their reports."""

    def __init__(
        self,
        corpus_folder: CorpusFolder,
        pending: PendingUploads,
        search: SearchService,
        state: StateFile,
        access: Access,
        incidents: Incidents,
        reindexer: Reindexer,
    ) -> None:
        self._corpus_folder = corpus_folder
        self._pending = pending
        self._search = search
        self._state = state
        self._access = access
        self._incidents = incidents
        self._reindexer = reindexer

    async def document(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Report on an administrator's upload; others are told to ask in text."""
        message, texts = update.message, texts_of(update)
        if message is None or message.from_user is None or message.document is None:
            return
        if not self._access.is_admin_chat(message.chat, message.from_user):
            await send(context.bot, message.chat.id, escape(texts.not_text), to=message.message_id)
            return
        name = safe_name(message.document.file_name or "")
        refusal = _refusal(message.document, name, texts)
        if refusal:
            await send(context.bot, message.chat.id, escape(refusal), to=message.message_id)
            return
        async with typing(context.bot, message.chat.id):
            html, keyboard = await self._inspect(
                message.document, name, self._access.visible_collections(update), texts
            )
            await send(context.bot, message.chat.id, html, to=message.message_id, keyboard=keyboard)
        self._state.log_action(message.from_user.id, f"upload: {name}")

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Carry out the decision about a pending upload."""
        query, texts = update.callback_query, texts_of(update)
        if query is None or query.data is None or query.message is None:
            return
        _, number, verb = query.data.split(":")
        file = self._pending.find(number)
        if file is None or not self._access.is_admin_chat(query.message.chat, query.from_user):
            await answer_callback_query(query, texts.administration.upload_expired, alert=True)
            return
        by = query.from_user.id
        if verb == "d":
            self._pending.drop(number)
            self._state.log_action(by, f"drop upload: {file.name}")
            reply = texts.administration.upload_dropped.format(name=file.name)
        elif verb == "a" and self._exists(file.name):
            self._pending.drop(number)
            reply = texts.administration.upload_name_taken.format(name=file.name)
        else:
            try:
                await asyncio.to_thread(self._corpus_folder.put, file, file.name)
            except (CorpusFolderError, OSError) as error:  # the upload stays pending
                code = self._incidents.record(error, "putting a document into the corpus")
                await answer_callback_query(query, texts.error.format(code=code), alert=True)
                return
            self._pending.drop(number)
            self._state.log_action(by, f"add document: {file.name}")
            self._reindexer.start(Requester(context.bot, query.message.chat.id, texts), by)
            reply = texts.administration.upload_added.format(name=file.name)
        try:
            await edit(context.bot, query.message, escape(reply), None)
        except TelegramError:
            # The decision is carried out, and a retry would find nothing pending: show a notice instead.
            await answer_callback_query(query, reply, alert=True)
        else:
            await answer_callback_query(query)

    async def _inspect(
        self, document: Document, name: str, within: VisibleCollections, texts: Texts
    ) -> tuple[str, InlineKeyboardMarkup | None]:
        """Download and inspect an upload; returns the report, with buttons if it can be added."""
        number, file = self._pending.create(name)
        kept = False  # whatever fails leaves no file behind
        try:
            try:
                await (await document.get_file()).download_to_drive(file)
            except BadRequest as error:
                if "too big" not in error.message.lower():
                    raise
                return escape(texts.administration.too_large), None
            found = await inspect(file)
            if isinstance(found, Unreadable):
                _LOGGER.info("a document that was sent cannot be read: %s", found.reason)
                return escape(_unreadable_text(found, name, texts)), None
            try:
                place = self._corpus_folder.path_for(name)
            except CorpusFolderError as error:
                reason = escape(truncate(str(error), _LINE))
                return f"{escape(texts.administration.no_corpus_folder)}\n<code>{reason}</code>", None
            warnings = await self._warnings(found, name, within, exists=place.exists(), texts=texts)
            kept = True
            return _report(found, name, warnings, texts), _decision(number, texts, replaces=place.exists())
        finally:
            if not kept:
                self._pending.drop(number)

    async def _warnings(
        self, found: DocumentSummary, name: str, within: VisibleCollections, *, exists: bool, texts: Texts
    ) -> list[str]:
        labels = texts.administration
        warnings = [labels.no_title] if found.untitled else []
        warnings += [] if found.published else [labels.no_date]
        warnings += [labels.replaces.format(name=name)] if exists else []
        try:
            records = await self._search.documents(within=within)
            own = self._corpus_folder.path_for(name).relative_to(self._corpus_folder.folder()).as_posix()
        except (UnavailableError, CorpusFolderError):
            return [*warnings, labels.not_compared]
        same = [record.source for record in records if record.sha256 == found.sha256 and record.source != own]
        return [*warnings, *(labels.same_content.format(source=truncate(source, _LINE)) for source in same[:1])]

    def _exists(self, name: str) -> bool:
        try:
            return self._corpus_folder.path_for(name).exists()
        except CorpusFolderError:
            return False


def _refusal(document: Document, name: str, texts: Texts) -> str:
    """Why a document is not downloaded, "" if it is."""
    suffix = PurePath(name).suffix.lower()
    if suffix == ARCHIVE_SUFFIX:
        # One report cannot describe an archive's documents, nor can they be decided one by one.
        return texts.administration.archive
    if suffix not in READERS:
        return texts.administration.wrong_format.format(kinds=", ".join(sorted(READERS)))
    return texts.administration.too_large if (document.file_size or 0) > LARGEST else ""


def _unreadable_text(found: Unreadable, name: str, texts: Texts) -> str:
    reasons = dict(texts.administration.reasons)
    return texts.administration.unreadable.format(
        name=truncate(name, _LINE), reason=reasons.get(found.kind, reasons[""])
    )


def _report(found: DocumentSummary, name: str, warnings: list[str], texts: Texts) -> str:
    labels = texts.administration
    day = f"{found.published:%d/%m/%Y}" if found.published else texts.undated
    facts = [
        (labels.title, found.title),
        (labels.publisher, found.publisher or "–"),
        (labels.date, day),
        (labels.paragraphs, str(found.paragraphs)),
        (labels.first, f"“{truncate(found.first, _LINE)}”"),
    ]
    lines = [f"{escape(label)}: {escape(truncate(value, _LINE))}" for label, value in facts]
    noted = [f"⚠ {escape(warning)}" for warning in warnings]
    return "\n".join(
        [
            f"<b>{escape(labels.received.format(name=truncate(name, _LINE)))}</b>",
            *lines,
            *noted,
            "",
            escape(labels.decision_prompt),
        ]
    )


def _decision(number: str, texts: Texts, *, replaces: bool) -> InlineKeyboardMarkup:
    add, drop = texts.administration.add, texts.administration.drop
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(add, callback_data=f"u:{number}:{'r' if replaces else 'a'}")],
            [InlineKeyboardButton(drop, callback_data=f"u:{number}:d")],
            [upload_button(number, texts)],
        ]
    )

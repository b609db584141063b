"""
Uploads: an administrator sends a document, reads a report on it, and decides.

A button's verb is what the report announced: `a` adds a new file, `r` replaces an existing one, `d` drops the upload,
`f` chooses another folder. Format: u:id of the pending file:verb:folder; without a folder, it is the one for uploads.
"""

from __future__ import annotations

import logging
from pathlib import Path, PurePath

from telegram import CallbackQuery, Document, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest, TelegramError
from telegram.ext import ContextTypes

from bot.access import Access
from bot.administration.corpus_changes import CorpusChanges
from bot.administration.corpus_folder import CorpusFolder, safe_name
from bot.administration.reindex import Reindexer, Requester
from bot.administration.upload_inspection import Unreadable, inspect
from bot.administration.upload_report import (
    LINE,
    Target,
    collection_of,
    decision,
    name_in,
    refusal_of,
    report,
    sees,
    unreadable_text,
)
from bot.administration.uploaded_documents import undo_keyboard
from bot.errors import CorpusFolderError, UnavailableError
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, truncate
from bot.messages.texts import Texts
from bot.operations.incidents import Incidents
from bot.search.search_service import SearchService
from bot.settings.visibility import VisibleCollections
from bot.storage.chat_documents import ChatDocument
from bot.storage.day_files import DayFiles
from bot.storage.state import BotState
from bot.transport.delivery import answer_callback_query, edit, send, typing
from retrieval.reading import DocumentSummary

PATTERN = r"^u:[\w-]{8}:(?:[ard]|[arf]:[^/\\\n]{0,51})\Z"
_LOGGER = logging.getLogger(__name__)


class Uploads:
    """Handles uploaded documents and the buttons below their reports."""

    def __init__(
        self,
        corpus_folder: CorpusFolder,
        changes: CorpusChanges,
        pending: DayFiles,
        search: SearchService,
        state: BotState,
        access: Access,
        incidents: Incidents,
        reindexer: Reindexer,
    ) -> None:
        self._corpus_folder = corpus_folder
        self._changes = changes
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
        replaced = self._replied_to(message)
        within = self._access.visible_collections(update)
        refusal = refusal_of(message.document, name, texts)
        if replaced and not sees(within, self._changes.folder_of(replaced)):
            refusal = texts.documents.gone
        elif replaced and PurePath(name).suffix.lower() != PurePath(replaced.name).suffix.lower():
            refusal = texts.documents.other_kind.format(name=replaced.name)
        if refusal:
            await send(context.bot, message.chat.id, escape(refusal), to=message.message_id)
            return
        async with typing(context.bot, message.chat.id):
            folder = self._changes.folder_of(replaced) if replaced else self._corpus_folder.uploads
            name = replaced.name if replaced else name
            html, keyboard = await self._receive(message.document, name, folder, within, texts)
            await send(context.bot, message.chat.id, html, to=message.message_id, keyboard=keyboard)
        self._state.log_action(message.from_user.id, f"upload: {name}")

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Carry out the decision about a pending upload."""
        query, texts = update.callback_query, texts_of(update)
        if query is None or query.data is None or query.message is None:
            return
        _, number, verb, *folders = query.data.split(":", 3)
        folder = folders[0] if folders else self._corpus_folder.uploads
        file = self._pending.find(number)
        if file is None or not self._access.is_admin_chat(query.message.chat, query.from_user):
            await answer_callback_query(query, texts.administration.upload_expired, alert=True)
            return
        within = self._access.visible_collections(update)
        if not self._is_choice(folder, within):
            await answer_callback_query(query, texts.documents.no_such_folder, alert=True)
            return
        if verb == "f":
            await self._choose(update, query, file, number, folder)
            return
        by, name = query.from_user.id, name_in(folder, file.name, number, within)
        keyboard = None
        if verb == "d":
            self._pending.drop(number)
            self._state.log_action(by, f"drop upload: {file.name}")
            reply = texts.administration.upload_dropped.format(name=file.name)
        elif not self._may_take(name, folder, replacing=verb == "r"):
            self._pending.drop(number)
            reply = texts.administration.upload_name_taken.format(name=name)
        else:
            try:
                undo = await self._changes.add(file, name, folder, by)
            except (CorpusFolderError, OSError) as error:  # the upload stays pending
                code = self._incidents.record(error, "putting a document into the corpus")
                await answer_callback_query(query, texts.error.format(code=code), alert=True)
                return
            self._pending.drop(number)
            keyboard = undo_keyboard(undo, texts) if undo else None
            self._reindexer.start(Requester(context.bot, query.message.chat.id, texts), by)
            reply = texts.administration.upload_added.format(name=name)
        try:
            await edit(context.bot, query.message, escape(reply), keyboard)
        except TelegramError:
            # The decision is carried out, and a retry would find nothing pending: show a notice instead.
            await answer_callback_query(query, reply, alert=True)
        else:
            await answer_callback_query(query)

    async def _choose(self, update: Update, query: CallbackQuery, file: Path, number: str, folder: str) -> None:
        """Show the report for another folder."""
        texts = texts_of(update)
        within = self._access.visible_collections(update)
        if query.message is None:
            return
        async with typing(query.get_bot(), query.message.chat.id):
            html, keyboard = await self._inspect(file, number, folder, within, texts)
        if not keyboard:
            self._pending.drop(number)
        await edit(query.get_bot(), query.message, html, keyboard)
        await answer_callback_query(query)

    async def _receive(
        self, document: Document, name: str, folder: str, within: VisibleCollections, texts: Texts
    ) -> tuple[str, InlineKeyboardMarkup | None]:
        """Download and inspect an upload; returns the report, with buttons if it can be added."""
        number, file = self._pending.create(name)
        keyboard = None
        try:
            try:
                await (await document.get_file()).download_to_drive(file)
            except BadRequest as error:
                if "too big" not in error.message.lower():
                    raise
                return escape(texts.administration.too_large), None
            html, keyboard = await self._inspect(file, number, folder, within, texts)
            return html, keyboard
        finally:
            if not keyboard:  # whatever fails leaves no file behind
                self._pending.drop(number)

    async def _inspect(
        self, file: Path, number: str, folder: str, within: VisibleCollections, texts: Texts
    ) -> tuple[str, InlineKeyboardMarkup | None]:
        """The report on a pending file, with buttons if it can be added."""
        found = await inspect(file)
        if isinstance(found, Unreadable):
            _LOGGER.info("a document that was sent cannot be read: %s", found.reason)
            return escape(unreadable_text(found, file.name, texts)), None
        name = name_in(folder, file.name, number, within)
        try:
            place, choices = self._corpus_folder.path_for(name, folder), self._choices(within)
            opened = self._corpus_folder.secret_collections() if found.secrecy else frozenset()
        except CorpusFolderError as error:
            reason = escape(truncate(str(error), LINE))
            return f"{escape(texts.administration.no_corpus_folder)}\n<code>{reason}</code>", None
        readers = self._access.readers(collection_of(folder))
        exists, free = place.exists(), self._may_take(name, folder, replacing=True)
        if found.secrecy:
            choices = [each for each in choices if collection_of(each) in opened]
            free = free and folder in choices
            if not choices:
                _LOGGER.warning("a document that was sent bears a mark of secrecy, and was refused")
                return escape(texts.documents.marked.format(mark=found.secrecy)), None
        target = Target(folder, *readers, exists=exists, free=free)
        warnings = await self._warnings(found, name, within, target, texts)
        return report(found, name, target, warnings, texts), decision(number, target, choices, texts)

    async def _warnings(
        self, found: DocumentSummary, name: str, within: VisibleCollections, target: Target, texts: Texts
    ) -> list[str]:
        labels = texts.administration
        warnings = [labels.no_title] if found.untitled else []
        warnings += [] if found.published else [labels.no_date]
        warnings += [texts.documents.marked_folder.format(mark=found.secrecy)] if found.secrecy else []
        if target.exists:
            warnings += [(labels.replaces if target.free else texts.documents.not_of_chat).format(name=name)]
        try:
            records = await self._search.documents(within=within)
            own = self._corpus_folder.path_for(name, target.folder)
            source = own.relative_to(self._corpus_folder.folder()).as_posix()
        except (UnavailableError, CorpusFolderError):
            return [*warnings, labels.not_compared]
        same = [record.source for record in records if record.sha256 == found.sha256 and record.source != source]
        return [*warnings, *(labels.same_content.format(source=truncate(source, LINE)) for source in same[:1])]

    def _is_choice(self, folder: str, within: VisibleCollections) -> bool:
        try:
            return folder in self._choices(within)
        except CorpusFolderError:
            return folder == self._corpus_folder.uploads

    def _choices(self, within: VisibleCollections) -> list[str]:
        """The folders to offer to an administrator, who may not see all."""
        uploads = self._corpus_folder.uploads
        folders = self._corpus_folder.choices()
        return [each for each in folders if each == uploads or sees(within, each)]

    def _may_take(self, name: str, folder: str, *, replacing: bool) -> bool:
        """Whether a name is free, or that of a document to be replaced."""
        try:
            exists = self._corpus_folder.path_for(name, folder).exists()
        except CorpusFolderError:
            return True  # which adding will report
        ours = folder == self._corpus_folder.uploads or self._changes.is_of_chat(folder, name)
        return not exists or (replacing and ours)

    def _replied_to(self, message: Message) -> ChatDocument | None:
        """The document that a file replaces, None if it is a new one."""
        answered = message.reply_to_message
        return self._changes.documents.replied_to(message.chat.id, answered.message_id) if answered else None

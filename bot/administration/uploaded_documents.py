"""
The documents that came through the chat: listed, removed, renamed, brought back.

Format of the buttons: td:verb:what. `l` turns to a page; `v` shows, `x` removes and `n` renames the document of a
number; `u` undoes the change of a token. Words in reply to a document's message rename it, a file replaces it.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from pathlib import Path

from telegram import CallbackQuery, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import KeyboardButtonStyle
from telegram.error import TelegramError
from telegram.ext import ContextTypes, filters

from bot.access import Access
from bot.administration.corpus_changes import CorpusChanges
from bot.administration.reindex import Reindexer, Requester
from bot.administration.upload_report import LINE, folder_name, sees
from bot.errors import CorpusFolderError, NameTakenError
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, truncate
from bot.messages.texts import Texts
from bot.operations.incidents import Incidents
from bot.settings.visibility import VisibleCollections
from bot.storage.chat_documents import ChatDocument, ChatDocuments
from bot.storage.names import Names
from bot.storage.state import BotState
from bot.transport.delivery import answer_callback_query, edit, send

PATTERN = r"^td:(?:[lvxn]:\d{1,15}|u:[\w-]{8})\Z"
_PAGE = 8

Reply = tuple[str, InlineKeyboardMarkup | None]


class DocumentReplyFilter(filters.MessageFilter):
    """Words that an administrator replies to the message of a document."""

    def __init__(self, documents: ChatDocuments, access: Access) -> None:
        super().__init__()
        self._documents = documents
        self._access = access

    def filter(self, message: Message) -> bool:
        """Whether a message is one; commands are handled before."""
        answered = message.reply_to_message
        return (
            answered is not None
            and bool(message.text)
            and self._access.is_admin_chat(message.chat, message.from_user)
            and self._documents.replied_to(message.chat.id, answered.message_id) is not None
        )


class UploadedDocuments:
    """Handles /tailen, its buttons, and replies that rename a document."""

    def __init__(
        self,
        changes: CorpusChanges,
        state: BotState,
        access: Access,
        incidents: Incidents,
        reindexer: Reindexer,
        zone: tzinfo,
    ) -> None:
        self._changes = changes
        self.documents = changes.documents
        self._names = Names(state)
        self._access = access
        self._incidents = incidents
        self._reindexer = reindexer
        self._zone = zone

    async def show(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/tailen`: the documents that came through the chat."""
        if update.message is None or not await self._access.require_admin(update, context):
            return
        html, keyboard = self._list(0, self._access.visible_collections(update), texts_of(update))
        await send(context.bot, update.message.chat.id, html, keyboard=keyboard)

    async def press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Show the list or a document, or change one."""
        press, texts = await self._access.require_admin_press(update), texts_of(update)
        if press is None:
            return
        query, data, message = press
        within = self._access.visible_collections(update)
        verb, what = data.split(":")[1:]
        document = self._find(int(what), within) if verb in "vxn" else None
        if verb == "l":
            await self._say(query, self._list(int(what), within, texts))
        elif verb == "u":
            await self._undo(query, what, within, texts)
        elif document is None:
            await answer_callback_query(query, texts.documents.gone, alert=True)
        elif verb == "v":
            self.documents.await_reply(message.chat.id, message.message_id, document.number)
            await self._say(query, self._details(document, texts))
        elif verb == "n":
            await self._ask_for_name(query, document, texts)
        else:
            await self._remove(query, document, texts)

    async def rename(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Give the document whose message was replied to the name in the reply."""
        message, texts = update.message, texts_of(update)
        if message is None or message.from_user is None or message.reply_to_message is None:
            return
        chat, by = message.chat.id, message.from_user.id
        document = self.documents.replied_to(chat, message.reply_to_message.message_id)
        document = self._find(document.number, self._access.visible_collections(update)) if document else None
        if document is None:
            await send(context.bot, chat, escape(texts.documents.gone), to=message.message_id)
            return
        try:
            name, token = self._changes.rename(document, message.text or "", by)
        except (CorpusFolderError, OSError) as error:
            await send(context.bot, chat, escape(self._failure(error, texts)), to=message.message_id)
            return
        self._reindexer.start(Requester(context.bot, chat, texts), by)
        said = escape(texts.documents.renamed.format(former=document.name, name=name))
        await send(context.bot, chat, said, to=message.message_id, keyboard=undo_keyboard(token, texts))

    async def _remove(self, query: CallbackQuery, document: ChatDocument, texts: Texts) -> None:
        try:
            token = await self._changes.remove(document, query.from_user.id)
        except (CorpusFolderError, OSError) as error:
            await answer_callback_query(query, self._failure(error, texts), alert=True)
            return
        said = texts.documents.removed.format(name=document.name)
        await self._changed(query, (escape(said), undo_keyboard(token, texts)), texts)

    async def _undo(self, query: CallbackQuery, token: str, within: VisibleCollections, texts: Texts) -> None:
        change = self._changes.documents.find_change(token)
        if change is None or not sees(within, change.folder):
            await answer_callback_query(query, texts.documents.gone, alert=True)
            return
        try:
            name = await self._changes.undo(change, query.from_user.id)
        except (CorpusFolderError, OSError) as error:
            await answer_callback_query(query, self._failure(error, texts), alert=True)
            return
        self._changes.documents.forget_change(token)
        await self._changed(query, (escape(texts.documents.restored.format(name=name)), None), texts)

    async def _changed(self, query: CallbackQuery, reply: Reply, texts: Texts) -> None:
        """Index anew after a change, and say what was done."""
        if query.message:
            self._reindexer.start(Requester(query.get_bot(), query.message.chat.id, texts), query.from_user.id)
        await self._say(query, reply)

    def _failure(self, error: CorpusFolderError | OSError, texts: Texts) -> str:
        if isinstance(error, NameTakenError):
            return texts.documents.name_taken
        return texts.error.format(code=self._incidents.record(error, "changing a document of the corpus"))

    async def _say(self, query: CallbackQuery, reply: Reply) -> None:
        """Show what came of a press; as a notice where the message cannot be edited."""
        if query.message is None:
            return
        try:
            await edit(query.get_bot(), query.message, *reply)
        except TelegramError:
            await answer_callback_query(query, reply[0], alert=True)
        else:
            await answer_callback_query(query)

    async def _ask_for_name(self, query: CallbackQuery, document: ChatDocument, texts: Texts) -> None:
        if query.message is None:
            return
        chat, question = query.message.chat.id, texts.documents.ask_name.format(name=truncate(document.name, LINE))
        asked = await send(query.get_bot(), chat, escape(question), keyboard=ForceReply())
        self.documents.await_reply(chat, asked.message_id, document.number)
        await answer_callback_query(query)

    def _list(self, page: int, within: VisibleCollections, texts: Texts) -> Reply:
        documents = [each for each in self.documents.listed() if self._is_there(each, within)]
        if not documents:
            return escape(texts.documents.no_uploads), None
        pages = -(-len(documents) // _PAGE)
        page = min(page, pages - 1)
        listed = documents[page * _PAGE : (page + 1) * _PAGE]
        lines = [
            f"{number}. {escape(truncate(each.name, 100))} ({escape(folder_name(self._changes.folder_of(each)))}, "
            f"{self._day(each)})"
            for number, each in enumerate(listed, page * _PAGE + 1)
        ]
        chosen = [
            InlineKeyboardButton(f"⚙ {number}", callback_data=f"td:v:{each.number}")
            for number, each in enumerate(listed, page * _PAGE + 1)
        ]
        turns = [("◀", page - 1), ("▶", page + 1)]
        turn = [InlineKeyboardButton(sign, callback_data=f"td:l:{to}") for sign, to in turns if 0 <= to < pages]
        rows = [row for row in (chosen[:4], chosen[4:], turn) if row]
        head = texts.documents.uploads.format(count=len(documents))
        return "\n".join([f"<b>{escape(head)}</b>", *lines]), InlineKeyboardMarkup(rows)

    def _details(self, document: ChatDocument, texts: Texts) -> Reply:
        words = texts.documents
        facts = [
            f"{words.folder}: {folder_name(self._changes.folder_of(document))}",
            f"{words.sent_by}: {self._names.label(document.by)}, {self._day(document)}",
            "",
            words.how_to_replace.format(suffix=Path(document.name).suffix),
        ]
        row = [
            InlineKeyboardButton(
                words.remove, callback_data=f"td:x:{document.number}", style=KeyboardButtonStyle.DANGER
            ),
            InlineKeyboardButton(words.rename, callback_data=f"td:n:{document.number}"),
        ]
        back = [InlineKeyboardButton(f"◀ {words.back}", callback_data="td:l:0")]
        html = "\n".join([f"<b>{escape(truncate(document.name, LINE))}</b>", *map(escape, facts)])
        return html, InlineKeyboardMarkup([row, back])

    def _find(self, number: int, within: VisibleCollections) -> ChatDocument | None:
        document = self.documents.find(number)
        return document if document and self._is_there(document, within) else None

    def _is_there(self, document: ChatDocument, within: VisibleCollections) -> bool:
        """Whether a document is in the corpus, and in a collection that the administrator sees."""
        try:
            there = self._changes.path_of(document).is_file()
        except CorpusFolderError:
            return False
        return there and sees(within, self._changes.folder_of(document))

    def _day(self, document: ChatDocument) -> str:
        return f"{datetime.fromtimestamp(document.at, self._zone):%d/%m/%Y}"


def undo_keyboard(token: str, texts: Texts) -> InlineKeyboardMarkup:
    """The button that undoes a change for a day."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(texts.documents.undo, callback_data=f"td:u:{token}")]])

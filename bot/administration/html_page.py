"""
The button that sends an administrator the page of HTML of a document.

Whether the presser is an administrator is asked when the button is pressed: a message outlives a role.
"""

from __future__ import annotations

from telegram import CallbackQuery, Update
from telegram.ext import ContextTypes

from bot.access import Access
from bot.errors import FileTooLargeError, HtmlPageError, UnavailableError
from bot.messages.html_page_buttons import ANSWER, PREFIX, UPLOAD
from bot.messages.language import texts_of
from bot.messages.texts import Texts
from bot.operations.incidents import Incidents
from bot.search.html_pages import HtmlPage, HtmlPages
from bot.settings.visibility import VisibleCollections
from bot.storage.day_files import DayFiles
from bot.storage.state import BotState
from bot.transport.delivery import answer_callback_query, send_document, typing
from bot.transport.repeated_presses import RepeatedPresses
from retrieval import StaleQuote, UnknownPassage

PATTERN = rf"^{PREFIX}:(?:{UPLOAD}:[\w-]{{8}}|{ANSWER}:[\w-]{{1,16}}:\d{{1,3}})\Z"


class HtmlPageButton:
    """Handles presses of the button below reports on uploads and below lists of documents."""

    def __init__(
        self, pages: HtmlPages, pending: DayFiles, state: BotState, access: Access, incidents: Incidents
    ) -> None:
        self._pages = pages
        self._pending = pending
        self._state = state
        self._access = access
        self._incidents = incidents
        self._repeated = RepeatedPresses()

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Send the page; the press is answered whatever happens."""
        press, texts = await self._access.require_admin_press(update), texts_of(update)
        if press is None:
            return
        query, data, message = press
        pressed = (message.chat.id, message.message_id, data)
        if self._repeated.is_repeated(pressed):
            await answer_callback_query(query)
            return
        async with typing(context.bot, message.chat.id):
            notice = await self._send(update, context, query, texts)
        if notice:
            await answer_callback_query(query, notice, alert=True)
        else:
            self._repeated.record(pressed)

    async def _send(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, query: CallbackQuery, texts: Texts
    ) -> str:
        """Confirm the press and send the page; or return the notice that says why not."""
        try:
            page = await self._page(query.data or "", self._access.visible_collections(update))
            return await self._deliver(page, query, texts) if page else texts.old_button
        except (StaleQuote, UnknownPassage):
            return texts.no_file
        except FileTooLargeError:
            return texts.large_file
        except HtmlPageError as error:
            reasons = dict(texts.administration.reasons)
            return texts.administration.no_html_page.format(reason=reasons.get(error.kind, reasons[""]))
        except UnavailableError as error:
            code = self._incidents.record(error, "writing a page of HTML")
            await self._incidents.alarm(context.bot, code, error)
            return texts.down.format(code=code)

    async def _deliver(self, page: HtmlPage, query: CallbackQuery, texts: Texts) -> str:
        if query.message is None or not self._access.is_admin_chat(query.message.chat, query.from_user):
            return texts.admins_only  # the role may have been withdrawn while this waited
        caption = texts.administration.html_page_caption.format(name=page.source)
        await answer_callback_query(query)
        await send_document(query.get_bot(), query.message.chat.id, page.data, caption, name=page.name)
        return ""

    async def _page(self, data: str, within: VisibleCollections) -> HtmlPage | None:
        """The page that a button stands for, None if what it belongs to is gone."""
        _, kind, number, *place = data.split(":")
        if kind == UPLOAD:
            file = self._pending.find(number)
            return await self._pages.of_file(file) if file else None
        shown = self._state.passages_of(number)
        if shown is None or int(place[0]) >= len(shown):
            return None
        return await self._pages.of_passage(shown[int(place[0])].passage_id, within=within)

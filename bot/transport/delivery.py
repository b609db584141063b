"""
Send and edit messages; answer button presses and inline queries.

Markup that the server cannot parse is sent again as plain text.
"""

from __future__ import annotations

import asyncio
import html as entities
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial

from telegram import (
    Bot,
    CallbackQuery,
    ForceReply,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResult,
    InlineQueryResultsButton,
    LinkPreviewOptions,
    MaybeInaccessibleMessage,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.messages.quote_html import truncate
from bot.transport.topic import topic_in

_TAG = re.compile(r"<[^>]*>")
CAPTION = 1024  # UTF-16 units: Bot API, "sendPhoto"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
FROM_INLINE = "inline"  # the parameter of /start that inline queries lead to; not an invitation
_NOTE = 200  # characters: Bot API, "answerCallbackQuery"; UTF-16 units are never fewer
_TYPING = 4.0  # seconds; Telegram shows the action for five


async def send(
    bot: Bot,
    chat_id: int,
    html: str,
    *,
    to: int | None = None,
    keyboard: InlineKeyboardMarkup | ReplyKeyboardMarkup | ForceReply | None = None,
) -> Message:
    """Send HTML into the current topic, in reply to message `to` if that exists."""
    sending = partial(
        bot.send_message,
        chat_id,
        reply_parameters=_reply_to(to),
        reply_markup=keyboard,
        link_preview_options=NO_PREVIEW,
        message_thread_id=topic_in(chat_id),
    )
    try:
        return await sending(html, parse_mode=ParseMode.HTML)
    except BadRequest as error:
        if not _is_parse_error(error):
            raise
        return await sending(strip_markup(html))


async def send_photo(
    bot: Bot, chat_id: int, png: bytes, caption: str, *, name: str = "report.png", to: int | None = None
) -> None:
    """
    Send an image with a plain-text caption of at most CAPTION units.

    A reply to message `to` if that still exists.
    """
    await bot.send_photo(
        chat_id, png, caption, filename=name, reply_parameters=_reply_to(to), message_thread_id=topic_in(chat_id)
    )


async def send_document(bot: Bot, chat_id: int, data: bytes, caption: str, *, name: str, to: int | None = None) -> None:
    """Send a file with a plain-text caption, cut to what Telegram takes."""
    await bot.send_document(
        chat_id,
        data,
        caption=truncate(caption, CAPTION),
        filename=name,
        reply_parameters=_reply_to(to),
        message_thread_id=topic_in(chat_id),
    )


async def edit(bot: Bot, message: MaybeInaccessibleMessage, html: str, keyboard: InlineKeyboardMarkup | None) -> None:
    """Replace a message's text by HTML; reply instead if it is too old."""
    chat, number = message.chat.id, message.message_id
    if not message.is_accessible:
        await send(bot, chat, html, to=number, keyboard=keyboard)
        return
    try:
        await bot.edit_message_text(
            html, chat, number, parse_mode=ParseMode.HTML, reply_markup=keyboard, link_preview_options=NO_PREVIEW
        )
    except BadRequest as error:
        if _is_parse_error(error):
            await bot.edit_message_text(
                strip_markup(html), chat, number, reply_markup=keyboard, link_preview_options=NO_PREVIEW
            )
        elif "not modified" not in error.message.lower():
            raise


async def send_or_edit(
    bot: Bot, asking: Message, html: str, keyboard: InlineKeyboardMarkup | None, instead: Message | None
) -> Message:
    """Reply to a message, or edit an earlier reply if that still exists."""
    if instead is not None:
        try:
            await edit(bot, instead, html, keyboard)
        except BadRequest:  # it was deleted meanwhile
            instead = None
    return instead or await send(bot, asking.chat.id, html, to=asking.message_id, keyboard=keyboard)


async def answer_inline_query(
    query: InlineQuery, results: Sequence[InlineQueryResult], *, button: str = "", seconds: int = 0
) -> None:
    """
    Answer an inline query, for this user alone.

    `button` labels a button above the results that opens the private chat. Late answers and network failures are
    ignored: nobody waits for the results any more.
    """
    above = InlineQueryResultsButton(button, start_parameter=FROM_INLINE) if button else None
    try:
        await query.answer(results, cache_time=seconds, is_personal=True, button=above)
    except BadRequest as error:
        if "query is too old" not in error.message.lower():
            raise
    except (NetworkError, RetryAfter):
        return


async def answer_callback_query(query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
    """
    Answer a button press, with a notice or an alert if there is text.

    Failures are ignored: what the press asks for matters more.
    """
    with suppress(TelegramError):  # a press can be answered for some minutes only
        await query.answer(truncate(text, _NOTE) or None, show_alert=alert and bool(text))


def strip_markup(html: str) -> str:
    """The text of an HTML message without its markup."""
    return entities.unescape(_TAG.sub("", html))


@asynccontextmanager
async def typing(bot: Bot, chat_id: int) -> AsyncIterator[None]:
    """Show the typing action while the block runs."""
    task = asyncio.create_task(_keep_typing(bot, chat_id))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep_typing(bot: Bot, chat_id: int) -> None:
    while True:
        with suppress(TelegramError):  # a failed action must not cost the answer
            await bot.send_chat_action(chat_id, ChatAction.TYPING, message_thread_id=topic_in(chat_id))
        await asyncio.sleep(_TYPING)


def _reply_to(message_id: int | None) -> ReplyParameters | None:
    return ReplyParameters(message_id, allow_sending_without_reply=True) if message_id is not None else None


def _is_parse_error(error: BadRequest) -> bool:
    return "parse entities" in error.message.lower()

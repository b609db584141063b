"""
The Application: PTB's, with this package's parts in their places.

Only put together here; `polling` makes it run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot import buttons, catalogue
from bot.access import Access
from bot.asking import Asking
from bot.buttons import Buttons
from bot.catalogue import Catalogue
from bot.config import Config
from bot.delivery import send
from bot.incident import Incidents
from bot.language import words_of
from bot.library import Library
from bot.limiter import Limiter
from bot.metrics import Counted, MeasuredLibrary, MeasuredUpdates, Metrics
from bot.people import People
from bot.render import escape
from bot.state import State
from bot.updates import Inbox
from bot.watch import Watch, WatchedRequest
from bot.webhook import Webhook
from retrieval.retriever import Retriever

_GATE = -1  # PTB's handler group that comes before the others
_POLLS = 8  # connections: with PTB's one, polling can die silently after one interrupted getUpdates
_SENDS = 64
_SECONDS = 20.0  # for a connection, and for an answer of the server


@dataclass(frozen=True, slots=True)
class Built:
    """What runs together."""

    application: Application[Any, Any, Any, Any, Any, Any]
    access: Access
    inbox: Inbox
    library: Library
    limiter: Limiter
    watch: Watch
    webhook: Webhook | None  # None: the bot polls
    metrics: Metrics


def build_application(config: Config, retriever: Retriever, state: State) -> Built:
    """The application for these settings; nothing is sent yet."""
    metrics = Metrics()
    library = MeasuredLibrary(metrics, retriever, config.index, parallel=config.parallel, seconds=config.answer_seconds)
    access = Access(state, config.admins, config.groups)

    async def flooded(update: Update) -> None:
        user, chat = update.effective_user, update.effective_chat
        if user and chat and access.role(user.id) is not None:  # a stranger is told nothing
            await send(update.get_bot(), chat.id, escape(words_of(update).flood))

    limiter, inbox, watch, updates = Limiter(), Inbox(state), Watch(), MeasuredUpdates(metrics, state, flooded)
    tls = {"verify": httpx.create_ssl_context()}  # one for both: to make one takes a tenth of a second
    application = (
        Application.builder()
        .token(config.token.get_secret_value())
        .base_url(config.api)
        .base_file_url(config.file_api)
        .request(
            HTTPXRequest(
                _SENDS, read_timeout=_SECONDS, write_timeout=_SECONDS, connect_timeout=_SECONDS, httpx_kwargs=tls
            )
        )
        .get_updates_request(WatchedRequest(watch, _POLLS, seconds=_SECONDS, httpx_kwargs=tls))
        .rate_limiter(limiter)
        .update_queue(inbox)
        .concurrent_updates(updates)
        .job_queue(None)
        .build()
    )
    incidents = Incidents(access.admins, updates.undelivered)
    _add_handlers(application, access, library, state, incidents, config)
    metrics.registry.register(Counted(inbox, updates, limiter, incidents, config.index))
    webhook = Webhook(config, inbox) if config.webhook_url else None
    return Built(application, access, inbox, library, limiter, watch, webhook, metrics)


def _add_handlers(
    application: Application[Any, Any, Any, Any, Any, Any],
    access: Access,
    library: Library,
    state: State,
    incidents: Incidents,
    config: Config,
) -> None:
    asking = Asking(library, state, access, incidents, keep=config.keep_questions)
    people = People(state, access, hours=config.invite_hours)
    listing = Catalogue(library, state, access, incidents)
    pressed = Buttons(library, state, incidents)
    application.add_handler(TypeHandler(Update, access.gate), _GATE)
    for name, handler in {
        "start": listing.start,
        "help": listing.help,
        "nguon": listing.sources,
        "tailieu": listing.titles,
        "vidu": listing.examples,
        "moi": people.invite,
        "nguoidung": people.list,
        "xoa": people.remove,
        "nhatky": people.trail,
    }.items():
        application.add_handler(CommandHandler(name, handler, filters.UpdateType.MESSAGE))
    application.add_handlers(
        [
            MessageHandler(filters.COMMAND & filters.ChatType.PRIVATE, listing.help),
            MessageHandler(filters.CONTACT, people.contact),
            MessageHandler(~filters.StatusUpdate.ALL & ~filters.COMMAND, asking.message),
            CallbackQueryHandler(pressed.press, buttons.PATTERN),
            CallbackQueryHandler(listing.turn, catalogue.PATTERN),
            CallbackQueryHandler(pressed.nothing),
        ]
    )
    application.add_error_handler(incidents.handle)

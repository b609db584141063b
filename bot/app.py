"""
The Application: PTB's, with this package's parts in their places.

Only put together here; `polling` makes it run.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from bot.newcomers import PATTERN as NEWCOMER
from bot.newcomers import Newcomer, Newcomers
from bot.pending import Pending
from bot.people import People
from bot.redelivery import PATIENCE, Patience, Redelivery
from bot.reindexing import INDEXER, Reindexing
from bot.render import escape
from bot.shelf import Shelf
from bot.state import State
from bot.status import Status
from bot.updates import Inbox, Updates
from bot.uploads import PATTERN as UPLOAD
from bot.uploads import Uploads
from bot.vitals import Vitals
from bot.watch import Watch, WatchedRequest
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
    redelivery: Redelivery
    reindexing: Reindexing


def build_application(
    config: Config,
    retriever: Retriever,
    state: State,
    *,
    patience: Patience = PATIENCE,
    indexer: Sequence[str] = INDEXER,
) -> Built:
    """The application for these settings; nothing is sent yet."""
    library = Library(retriever, config.index, parallel=config.parallel, seconds=config.answer_seconds)
    access = Access(state, config.admins, config.groups)

    async def flooded(update: Update) -> None:
        user, chat = update.effective_user, update.effective_chat
        if user and chat and access.role(user.id) is not None:  # a stranger is told nothing
            await send(update.get_bot(), chat.id, escape(words_of(update).flood))

    async def again(update: Update) -> None:
        await application.process_update(update)

    limiter, inbox, watch = Limiter(back_off=patience.back_off), Inbox(state), Watch()
    redelivery = Redelivery(again, patience.pauses)
    updates = Updates(state, flooded, redelivery)
    tls = {"verify": httpx.create_ssl_context()}  # one for both: to make one takes a tenth of a second
    application: Application[Any, Any, Any, Any, Any, Any] = (
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
    incidents, vitals = Incidents(access.admins, redelivery.failed), Vitals()
    shelf = Shelf(config.index, config.corpus, config.uploads)
    reindexing = Reindexing(shelf, state, access, incidents, indexer=indexer)
    status = Status(access, library, vitals, updates, redelivery, incidents, limiter.counters)
    pending = Pending(config.state.with_name(f"{config.state.name}-uploads"))
    pending.sweep()
    uploads = Uploads(shelf, pending, library, state, access, incidents, reindexing)
    _add_upkeep(application, access, state, status, reindexing, uploads)
    _add_handlers(application, access, library, state, incidents, vitals, config)
    return Built(application, access, inbox, library, limiter, watch, redelivery, reindexing)


def _add_upkeep(
    application: Application[Any, Any, Any, Any, Any, Any],
    access: Access,
    state: State,
    status: Status,
    reindexing: Reindexing,
    uploads: Uploads,
) -> None:
    """What administrators do; before all others, since a forwarded message may hold anything, a command too."""
    newcomers = Newcomers(state, access)
    application.add_handlers(
        [
            MessageHandler(Newcomer(access), newcomers.forwarded),
            CommandHandler("trangthai", status.show, filters.UpdateType.MESSAGE),
            CommandHandler("naplai", reindexing.command, filters.UpdateType.MESSAGE),
            MessageHandler(filters.Document.ALL & filters.ChatType.PRIVATE, uploads.document),
            CallbackQueryHandler(newcomers.press, NEWCOMER),
            CallbackQueryHandler(uploads.press, UPLOAD),
        ]
    )


def _add_handlers(
    application: Application[Any, Any, Any, Any, Any, Any],
    access: Access,
    library: Library,
    state: State,
    incidents: Incidents,
    vitals: Vitals,
    config: Config,
) -> None:
    asking = Asking(library, state, access, incidents, vitals, keep=config.keep_questions)
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

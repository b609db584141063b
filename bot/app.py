"""
The Application: PTB's, with this package's parts in their places.

Only put together here; `handlers` says which part takes which update, and `polling` makes it run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from telegram import Update
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot.access import Access
from bot.administration.corpus_folder import Shelf
from bot.administration.forwarded_people import Newcomers
from bot.administration.people import People
from bot.administration.reindex import INDEXER, Reindexing
from bot.administration.status import Status
from bot.administration.uploads import Uploads
from bot.administration.usage_report import Report
from bot.conversation.buttons import Buttons
from bot.conversation.catalogue import Catalogue
from bot.conversation.erasure import Forgetting
from bot.conversation.feedback import Feedback
from bot.conversation.inline import Inline
from bot.conversation.questions import Asking
from bot.handlers import App, Handlers
from bot.messages.language import words_of
from bot.messages.quote_html import escape
from bot.operations.answer_times import Vitals
from bot.operations.incidents import Incidents
from bot.operations.metrics import Counted, MeasuredLibrary, MeasuredUpdates, Metrics
from bot.search.page_images import Drawing
from bot.settings.config import Config
from bot.storage.pending_uploads import Pending
from bot.storage.ratings import Ratings
from bot.storage.retention import Retention
from bot.storage.state import State
from bot.storage.usage import Usage
from bot.transport.delivery import send
from bot.transport.inbox import Inbox, Updates
from bot.transport.poll_watchdog import Watch, WatchedRequest
from bot.transport.rate_limiter import Limiter
from bot.transport.redelivery import PATIENCE, Patience, Redelivery
from bot.transport.webhook import Webhook
from retrieval.retriever import Retriever

_POLLS = 8  # connections: with PTB's one, polling can die silently after one interrupted getUpdates
_SENDS = 64
_SECONDS = 20.0  # for a connection, and for an answer of the server


@dataclass(frozen=True, slots=True)
class Built:
    """What runs together."""

    application: App
    access: Access
    inbox: Inbox
    library: MeasuredLibrary
    drawing: Drawing
    limiter: Limiter
    watch: Watch
    retention: Retention
    redelivery: Redelivery
    reindexing: Reindexing
    webhook: Webhook | None  # None: the bot polls
    metrics: Metrics


def build_application(
    config: Config,
    retriever: Retriever,
    state: State,
    *,
    patience: Patience = PATIENCE,
    indexer: Sequence[str] = INDEXER,
) -> Built:
    """The application for these settings; nothing is sent yet."""
    metrics = Metrics()
    library = MeasuredLibrary(metrics, retriever, config.index, parallel=config.parallel, seconds=config.answer_seconds)
    drawing = Drawing(retriever)
    access = Access(state, config.admins, config.groups, config.collections)

    async def flooded(update: Update) -> None:
        user, chat = update.effective_user, update.effective_chat
        if user and chat and access.role(user.id) is not None:  # a stranger is told nothing
            await send(update.get_bot(), chat.id, escape(words_of(update).flood))

    async def again(update: Update) -> None:
        await application.process_update(update)

    limiter, watch = Limiter(back_off=patience.back_off), Watch()
    inbox, redelivery = Inbox(state, inline=config.inline), Redelivery(again, state.is_pending, patience.pauses)
    updates = MeasuredUpdates(metrics, state, flooded, redelivery)
    application = _application(config, limiter, watch, inbox, updates)
    incidents, vitals = Incidents(access.admins, redelivery.failed), Vitals()
    retention = Retention(state, days=config.keep_days)
    shelf = Shelf(config.index, config.corpus, config.uploads)
    reindexing = Reindexing(shelf, state, access, incidents, indexer=indexer)
    pending = Pending(config.state.with_name(f"{config.state.name}-uploads"))
    pending.sweep()
    usage, ratings = Usage(state), Ratings(state)
    asking = Asking(library, state, usage, access, incidents, vitals, keep=config.keep_questions)
    Handlers(
        access=access,
        asking=asking,
        pressed=Buttons(library, drawing, state, access, incidents),
        listing=Catalogue(library, state, access, incidents),
        rated=Feedback(ratings),
        forgotten=Forgetting(retention, asking.forget),
        inline=Inline(library, access, incidents),
        people=People(state, access, hours=config.invite_hours),
        newcomers=Newcomers(state, access),
        report=Report(usage, ratings, access, keep=config.keep_questions),
        status=Status(access, library, vitals, updates, redelivery, incidents, limiter.counters),
        reindexing=reindexing,
        uploads=Uploads(shelf, pending, library, state, access, incidents, reindexing),
    ).add_to(application)
    application.add_error_handler(incidents.handle)
    metrics.registry.register(Counted(inbox, updates, limiter, incidents, config.index))
    return Built(
        application=application,
        access=access,
        inbox=inbox,
        library=library,
        drawing=drawing,
        limiter=limiter,
        watch=watch,
        retention=retention,
        redelivery=redelivery,
        reindexing=reindexing,
        webhook=Webhook(config, inbox) if config.webhook_url else None,
        metrics=metrics,
    )


def _application(config: Config, limiter: Limiter, watch: Watch, inbox: Inbox, updates: Updates) -> App:
    """PTB's, with our connections, limiter, queue and order."""
    tls = {"verify": httpx.create_ssl_context()}  # one for both: to make one takes a tenth of a second
    return (
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

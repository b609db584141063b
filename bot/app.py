"""
Build the bot: PTB's Application wired to this package's parts.

`handlers` routes updates to the parts, `lifecycle` runs them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx
from telegram import Update
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot.access import Access
from bot.administration.broadcast import BroadcastSender
from bot.administration.corpus_changes import CorpusChanges
from bot.administration.corpus_folder import CorpusFolder
from bot.administration.forwarded_people import ForwardedPeople
from bot.administration.groups import Groups
from bot.administration.html_page import HtmlPageButton
from bot.administration.people import People
from bot.administration.people_lists import PeopleLists
from bot.administration.reindex import INDEXER, Reindexer
from bot.administration.request_notices import PAUSE, RequestNotices
from bot.administration.status import Status
from bot.administration.uploaded_documents import UploadedDocuments
from bot.administration.uploads import Uploads
from bot.administration.usage_report import UsageReport
from bot.conversation.answered_questions import AnsweredQuestions
from bot.conversation.approvals import Approvals
from bot.conversation.buttons import Buttons
from bot.conversation.catalogue import Catalogue
from bot.conversation.catalogue_visits import CatalogueVisits
from bot.conversation.contact_questions import ContactQuestions
from bot.conversation.erasure import Erasure
from bot.conversation.examples import Examples
from bot.conversation.feedback import Feedback
from bot.conversation.inline import Inline
from bot.conversation.privacy import Privacy
from bot.conversation.questions import Measures, Questions
from bot.handlers import App, Handlers
from bot.messages.language import texts_of
from bot.messages.quote_html import escape
from bot.operations.answer_times import AnswerTimes
from bot.operations.full_disk import FullDisk
from bot.operations.incidents import Incidents
from bot.operations.index_servers import IndexServers
from bot.operations.metrics import BotCollector, MeasuredSearchService, MeasuredUpdateProcessor, Metrics
from bot.operations.notices import Notices
from bot.search.corpus_root import CorpusRoot
from bot.search.html_pages import HtmlPages
from bot.search.page_images import PageImages
from bot.search.search_workers import Asker
from bot.settings.config import Config
from bot.state_address import StateServer
from bot.storage.day_files import DayFiles
from bot.storage.facts import Facts
from bot.storage.known_documents import KnownDocuments
from bot.storage.ratings import Ratings
from bot.storage.retention import Retention
from bot.storage.state import BotState
from bot.storage.usage import Usage
from bot.transport.delivery import send
from bot.transport.inbox import Inbox, UpdateProcessor
from bot.transport.poll_watchdog import PollWatchdog, WatchedRequest
from bot.transport.rate_limiter import Pacing, RateLimiter
from bot.transport.redelivery import RETRY_DELAYS, Redelivery, RetryDelays
from bot.transport.webhook import Webhook
from retrieval import Retriever
from retrieval.index import open_place

_POLLS = 8  # connections: with PTB's default of 1, one interrupted getUpdates can stop polling silently
_SENDS = 64
_SECONDS = 20.0  # to connect, to send and to receive


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of one running bot."""

    application: App
    access: Access
    request_notices: RequestNotices
    broadcast: BroadcastSender
    inbox: Inbox
    search: MeasuredSearchService
    page_images: PageImages
    html_pages: HtmlPages
    limiter: RateLimiter
    watchdog: PollWatchdog
    retention: Retention
    redelivery: Redelivery
    reindexer: Reindexer
    day_files: tuple[DayFiles, ...]
    corpus_root: CorpusRoot
    facts: Facts
    notices: Notices
    webhook: Webhook | None  # None: the bot polls
    metrics: Metrics


def build_application(
    config: Config,
    retriever: Retriever,
    state: BotState,
    *,
    retry_delays: RetryDelays = RETRY_DELAYS,
    indexer: Sequence[str] = INDEXER,
    notice_pause: float = PAUSE,
    asker: Asker | None = None,
) -> Services:
    """Build the bot for these settings, without sending anything."""
    metrics = Metrics()
    search = MeasuredSearchService(
        metrics, retriever, config.index, parallel=config.parallel, seconds=config.answer_seconds, asker=asker
    )
    page_images, html_pages = PageImages(retriever), HtmlPages(retriever, config.index)
    notice_wanted = asyncio.Event()
    facts = Facts(state)
    corpus_root = CorpusRoot(config.index, facts)
    access = Access(
        state,
        config.admins,
        config.groups,
        config.collections,
        is_root_confirmed=corpus_root.is_confirmed,
        announce=notice_wanted.set,
    )
    request_notices = RequestNotices(state, access, notice_wanted, pause=notice_pause)

    async def refuse_flood(update: Update) -> None:
        user, chat = update.effective_user, update.effective_chat
        if user and chat and access.role(user.id) is not None:  # strangers get no reply
            await send(update.get_bot(), chat.id, escape(texts_of(update).flood))

    async def handle_again(update: Update) -> None:
        await application.process_update(update)

    broadcast = BroadcastSender(state, access)
    limiter, watchdog = RateLimiter(back_off=retry_delays.back_off, shared=_pacing(config, state)), PollWatchdog()
    notices = Notices(state, access.admins)
    full_disk = FullDisk(notices, lambda user_id: access.role(user_id) is not None)
    redelivery = Redelivery(handle_again, state.is_pending, retry_delays.pauses)
    inbox, updates = _inbox(config, state, full_disk, refuse_flood, redelivery, metrics)
    application = _application(config, limiter, watchdog, inbox, updates)
    incidents, answer_times = Incidents(access.admins, redelivery.record_failure, notices), AnswerTimes()
    retention = Retention(state, days=config.keep_days)
    corpus_folder = CorpusFolder(config.index, config.corpus, config.uploads)
    reindexer = Reindexer(corpus_folder, state, access, incidents, indexer=indexer)
    pending, trash = (DayFiles(config.folder_beside(kind)) for kind in ("uploads", "trash"))
    changes = CorpusChanges(corpus_folder, trash, state)
    usage, ratings = Usage(state, config.timezone), Ratings(state)
    catalogue = Catalogue(search, state, CatalogueVisits(search, KnownDocuments(state)), access, incidents)
    approvals = Approvals(search, state, config.timezone)
    contact_questions = ContactQuestions(config.contacts, search, state, _answered_questions(config, state), approvals)
    measures = Measures(usage, answer_times)
    questions = Questions(
        search, state, measures, access, incidents, catalogue, contact_questions, keep=config.keep_questions
    )

    def forget(user_id: int) -> None:
        questions.forget(user_id)
        search.forget_questions()
        redelivery.drop_erased()
        facts.note("erased", str(state.now()))  # for other processes, whose memory may hold their words too

    Handlers(
        access=access,
        questions=questions,
        contact_questions=contact_questions,
        approvals=approvals,
        buttons=Buttons(search, page_images, state, access, incidents),
        catalogue=catalogue,
        examples=Examples(search, ratings, access, incidents),
        feedback=Feedback(ratings),
        erasure=Erasure(retention, access, state, forget),
        privacy=Privacy(keep=config.keep_questions, days=config.keep_days),
        inline=Inline(search, access, incidents),
        people=People(state, access, hours=config.invite_hours),
        people_lists=PeopleLists(state, access, config.timezone),
        forwarded_people=ForwardedPeople(access),
        request_notices=request_notices,
        usage_report=UsageReport(usage, ratings, access, keep=config.keep_questions),
        status=Status(access, search, answer_times, updates, redelivery, incidents, limiter.counters, config.timezone),
        reindexer=reindexer,
        uploads=Uploads(corpus_folder, changes, pending, search, state, access, incidents, reindexer),
        groups=Groups(access),
        broadcast=broadcast,
        uploaded_documents=UploadedDocuments(changes, state, access, incidents, reindexer, config.timezone),
        html_page=HtmlPageButton(html_pages, pending, state, access, incidents),
    ).add_to(application)
    application.add_error_handler(incidents.handle)
    servers = IndexServers(open_place(config.index))
    metrics.registry.register(BotCollector(inbox, updates, limiter, incidents, servers))
    return Services(
        application=application,
        access=access,
        request_notices=request_notices,
        broadcast=broadcast,
        inbox=inbox,
        search=search,
        page_images=page_images,
        html_pages=html_pages,
        limiter=limiter,
        watchdog=watchdog,
        retention=retention,
        redelivery=redelivery,
        reindexer=reindexer,
        day_files=(pending, trash),
        corpus_root=corpus_root,
        facts=facts,
        notices=notices,
        webhook=Webhook(config, inbox) if config.webhook_url else None,
        metrics=metrics,
    )


def _answered_questions(config: Config, state: BotState) -> AnsweredQuestions:
    """The latest questions; in the state where a reply may reach any process."""
    if not isinstance(config.state, StateServer):
        return AnsweredQuestions()
    from bot.conversation.shared_questions import SharedQuestions

    return SharedQuestions(state)


def _pacing(config: Config, state: BotState) -> Pacing | None:
    """What other processes have sent, where there may be some."""
    if not isinstance(config.state, StateServer):
        return None
    from bot.storage.postgres.shared_pacing import SharedPacing

    return SharedPacing(state)


def _inbox(
    config: Config,
    state: BotState,
    full_disk: FullDisk,
    refuse: Callable[[Update], Awaitable[None]],
    redelivery: Redelivery,
    metrics: Metrics,
) -> tuple[Inbox, UpdateProcessor]:
    """The inbox and what handles its updates; one that is shared where the state is."""
    if not isinstance(config.state, StateServer):
        inbox = Inbox(state, inline=config.inline, stored=full_disk.passed, not_stored=full_disk.failed)
        return inbox, MeasuredUpdateProcessor(metrics, state, refuse, redelivery)
    from bot.transport.shared_inbox import SharedInbox

    shared = SharedInbox(
        state,
        inline=config.inline,
        stored=full_disk.passed,
        not_stored=full_disk.failed,
        refuse=refuse,
        parked=lambda: redelivery.waiting,
    )
    settling = MeasuredUpdateProcessor(metrics, state, refuse, redelivery, settle=shared.settle, leave=shared.leave)
    return shared, settling


def _application(
    config: Config, limiter: RateLimiter, watchdog: PollWatchdog, inbox: Inbox, updates: UpdateProcessor
) -> App:
    """PTB's Application with our connections, rate limiter, inbox and update processor."""
    tls = {"verify": httpx.create_ssl_context()}  # shared: creating a context takes 0.1 s
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
        .get_updates_request(WatchedRequest(watchdog, _POLLS, seconds=_SECONDS, httpx_kwargs=tls))
        .rate_limiter(limiter)
        .update_queue(inbox)
        .concurrent_updates(updates)
        .job_queue(None)
        .build()
    )

"""
The bot's life cycle: start, polling or webhook, graceful shutdown.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from telegram.error import InvalidToken, TelegramError

from bot.administration.reindex import INDEXER
from bot.administration.request_notices import PAUSE
from bot.admission import set_menu
from bot.app import Services, build_application
from bot.errors import FatalError, NoResponseError, StateUnavailableError, TokenError
from bot.messages.en import EN
from bot.messages.vi import VI
from bot.operations.leadership import Leadership
from bot.operations.systemd import ServiceManager
from bot.search.search_workers import Asker, SearchWorkers
from bot.settings.config import Config
from bot.state_address import StateServer
from bot.storage.bound_bot import bind
from bot.storage.opening import open_state
from bot.storage.sqlite.state_lock import state_lock
from bot.storage.state import BotState
from bot.transport.redelivery import RETRY_DELAYS, RetryDelays
from retrieval import IndexMismatch, Retriever

_LOGGER = logging.getLogger(__name__)
_UNPOLL = 1.5  # seconds for the last getUpdates, which confirms accepted updates; it may fail
_SWEEP = 60.0  # seconds between looks for files that were kept for a day
_LOOK = 60.0  # seconds between looks at the folder of the index
_CHECK = 0.5  # seconds between health checks
_WAKE = 5.0  # seconds between looks at what other processes were asked to announce


@dataclass(frozen=True, slots=True)
class Running:
    """The parts of a bot that runs, and whether it leads."""

    services: Services
    leadership: Leadership


def run(config: Config) -> None:
    """
    Run the bot until SIGTERM or SIGINT.

    Raises:
        FatalError: the bot cannot start or continue; the message says why.
        MissingIndex, DamagedIndex: there is no usable index.
    """
    retriever = Retriever(config.index, options=config.load_options)
    try:
        retriever.manifest()  # fail now on a missing index, not at the first question
    except IndexMismatch as error:  # /naplai repairs it
        _LOGGER.error("%s, or send the bot /naplai", error)  # noqa: TRY400 - the message is enough
    with state_lock(config.state) if isinstance(config.state, Path) else nullcontext():
        state, workers = open_state(config.state), _search_workers(config)
        try:
            bind(state, config.state, config.bot_id)
            _warn(config, state)
            asyncio.run(_serve(config, retriever, state, workers))
        except StateUnavailableError as error:
            raise NoResponseError(f"{error}; ended so that the service manager starts anew") from error
        finally:
            workers.close()
            state.close()


def _search_workers(config: Config) -> SearchWorkers:
    """A process for each search at a time, and one for what may wait."""
    make = partial(Retriever, config.index.resolved(), options=config.load_options)
    return SearchWorkers(make, count=config.parallel + 1, seconds=config.answer_seconds)


def _warn(config: Config, state: BotState) -> None:
    """Warn of settings that are not wrong, but not what anybody would want."""
    for sentence in [*config.unencrypted(), *state.database.warnings()]:
        _LOGGER.warning("%s", sentence)
    if not config.admins and not any(person.role == "admin" for person in state.people()):
        _LOGGER.warning(
            "an administrator lets people in, there is none: set TRICHDAN_ADMINS to your user id, which the bot tells "
            "you when you write to it"
        )


@asynccontextmanager
async def serving(
    config: Config,
    retriever: Retriever,
    state: BotState,
    *,
    retry_delays: RetryDelays = RETRY_DELAYS,
    indexer: Sequence[str] = INDEXER,
    notice_pause: float = PAUSE,
    asker: Asker | None = None,
) -> AsyncIterator[Running]:
    """Run the bot inside the block; on exit, answer accepted updates within `stop_seconds`."""
    services = build_application(
        config, retriever, state, retry_delays=retry_delays, indexer=indexer, notice_pause=notice_pause, asker=asker
    )
    leadership = Leadership(state.database, partial(_leading, services, config))
    background: list[asyncio.Task[None]] = []
    end_metrics = services.metrics.serve(config.metrics_port) if config.metrics_port else None
    try:
        background = await _start(services, leadership, config)
        yield Running(services, leadership)
    finally:
        for task in background:
            task.cancel()
        await _stop(services, leadership, config.stop_seconds)
        if end_metrics:
            end_metrics()


async def _serve(config: Config, retriever: Retriever, state: BotState, asker: Asker) -> None:
    stop = asyncio.Event()
    manager = ServiceManager(config.notify_socket, config.watchdog_usec)
    this = asyncio.current_task()
    started = False

    def ask_to_stop() -> None:
        stop.set()
        if not started and this:
            this.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ask_to_stop)
    try:
        indexer = (*INDEXER, *config.indexer_options)
        async with serving(config, retriever, state, indexer=indexer, asker=asker) as running:
            started = True
            manager.notify_ready()
            while not stop.is_set():
                _check(running, config)
                manager.ping()
                running.services.metrics.beat()
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _CHECK)
            manager.notify_stopping()
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
        _LOGGER.info("ended before the server had answered")


def _check(running: Running, config: Config) -> None:
    """Raise when no more updates can arrive and waiting will not help."""
    running.leadership.check()
    if not running.leadership.is_leading:
        return  # another process receives updates
    if running.services.webhook:
        running.services.webhook.check()  # a webhook without deliveries may just be a quiet day
    else:
        running.services.watchdog.check(config.silence_seconds)


async def _start(services: Services, leadership: Leadership, config: Config) -> list[asyncio.Task[None]]:
    """Start everything; return the background tasks."""
    application = services.application
    try:
        await application.initialize()
    except InvalidToken:
        # The exception's text holds the token.
        raise TokenError(
            f"the server must know the token, {config.base_url} does not: copy it again from @BotFather"
        ) from None
    except TelegramError as error:
        raise NoResponseError(
            f"the server must answer, {config.base_url} did not ({type(error).__name__}): check network and --base-url"
        ) from None
    recalled = await services.inbox.recall(application.bot)
    await application.start()
    if services.webhook:
        services.webhook.listen(application.bot)
    await leadership.attempt()
    _LOGGER.info("answering as @%s, resuming %d earlier updates", application.bot.username, recalled)
    tasks: list[Coroutine[Any, Any, None]] = [_prepare(services, config), _sweep(services)]
    if isinstance(config.state, StateServer):
        tasks += [services.inbox.run(application.bot), leadership.run(), _watch_erasures(services)]
    return [asyncio.create_task(task) for task in tasks]


@asynccontextmanager
async def _leading(services: Services, config: Config) -> AsyncIterator[None]:
    """Receive updates, and do what one process alone does, inside the block."""
    await _receive(services, config)
    bot = services.application.bot
    works: list[Coroutine[Any, Any, None]] = [
        services.retention.expire_daily(),
        services.retention.scrub_minutely(),
        _watch_root(services),
        services.request_notices.run(bot),
        services.broadcast.run(bot),
    ]
    if isinstance(config.state, StateServer):
        works.append(_wake(services))
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await _receive_no_more(services)


async def _receive(services: Services, config: Config) -> None:
    """Start receiving updates."""
    application = services.application
    if services.webhook:
        await services.webhook.register(application.bot)
        return
    if application.updater is None:
        raise FatalError("the bot polls, its application was built without an updater: this is an error in bot/app.py")
    services.watchdog.begin()
    await application.updater.start_polling(
        timeout=config.poll_seconds,
        allowed_updates=services.inbox.update_kinds,
        drop_pending_updates=False,
        error_callback=services.watchdog.record_error,
    )


async def _receive_no_more(services: Services) -> None:
    """Leave receiving updates to another process, or to the next start."""
    if services.webhook:
        services.webhook.unwatch()
    updater = services.application.updater
    if updater and updater.running:
        try:
            await asyncio.wait_for(updater.stop(), _UNPOLL)
        except TimeoutError:
            _LOGGER.info("the server did not confirm the last poll")
        except Exception:  # an error that ended PTB's loop surfaces here; go on
            _LOGGER.exception("polling had failed")


async def _wake(services: Services) -> None:
    """Look for what other processes were asked to announce, every few seconds, for ever."""
    while True:
        await asyncio.sleep(_WAKE)
        services.request_notices.wake()
        services.broadcast.wake()


async def _watch_erasures(services: Services) -> None:
    """Forget questions in memory when another process erased somebody's data, for ever."""
    known = None
    while True:
        with suppress(StateUnavailableError):
            latest = services.facts.find("erased")
            if known is not None and latest != known:
                services.search.forget_questions()
                services.redelivery.drop_erased()
            known = latest or ""
        await asyncio.sleep(_WAKE)


async def _sweep(services: Services) -> None:
    """Remove files that were kept for a day, now and once a minute, for ever."""
    while True:
        for files in services.day_files:
            with suppress(OSError):  # the next minute tries again
                await asyncio.to_thread(files.sweep)
        await asyncio.sleep(_SWEEP)


async def _watch_root(services: Services) -> None:
    """Tell the administrators, once a minute, for ever, while the index is of another folder."""
    while True:
        with suppress(StateUnavailableError):  # the next minute tries again
            if services.corpus_root.is_confirmed():
                services.notices.end("other_root")
            else:
                await services.notices.tell(services.application.bot, "other_root")
        await asyncio.sleep(_LOOK)


async def _prepare(services: Services, config: Config) -> None:
    """Load the model and register the commands."""
    try:
        await services.search.warm_up()
        collections = await services.search.collections()
    except Exception:  # the first question reports it to its reader and the administrators
        _LOGGER.exception("the documents cannot be searched")
    else:
        for sentence in config.collections.warnings(collections, config.groups):
            _LOGGER.warning("%s", sentence)
    bot = services.application.bot
    if config.inline and not bot.supports_inline_queries:
        _LOGGER.warning("inline queries are on here and off at Telegram: send /setinline to @BotFather")
    try:
        await bot.set_my_commands(VI.commands)
        await bot.set_my_commands(EN.commands, language_code="en")
    except TelegramError as error:
        _LOGGER.warning("the commands could not be registered (%s)", type(error).__name__)
    for admin in services.access.admins():
        await set_menu(bot, admin, "admin")


async def _stop(services: Services, leadership: Leadership, seconds: float) -> None:
    """Answer accepted updates while time allows; the rest waits."""
    application = services.application
    if services.webhook:
        await services.webhook.stop()
    await leadership.resign()
    await _receive_no_more(services)
    services.redelivery.end()
    if application.running:
        try:
            await asyncio.wait_for(application.stop(), seconds)
        except TimeoutError:
            _LOGGER.warning("ended with updates unanswered; they are resumed at the next start")
    services.inbox.close()
    await services.reindexer.close()
    services.search.close()
    services.page_images.close()
    services.html_pages.close()
    with suppress(TimeoutError, TelegramError, RuntimeError):
        await asyncio.wait_for(application.shutdown(), 1.0)
    _LOGGER.info("ended")

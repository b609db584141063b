"""
Polling: the bot from its start to its graceful end; by webhook where that is set.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from telegram import BotCommandScopeChat
from telegram.error import InvalidToken, TelegramError

from bot.administration.reindex import INDEXER
from bot.app import Built, build_application
from bot.errors import Refusal, Silence, TokenRefused
from bot.messages.en import EN
from bot.messages.vi import VI
from bot.operations.systemd import ServiceManager
from bot.settings.config import Config
from bot.storage.state import State
from bot.transport.redelivery import PATIENCE, Patience
from retrieval.errors import IndexMismatch
from retrieval.retriever import Retriever

_LOGGER = logging.getLogger(__name__)
_UNPOLL = 1.5  # seconds for the last getUpdates, which confirms what was accepted; it may fail
_CHECK = 0.5


def run(config: Config) -> None:
    """
    Answers until SIGTERM or SIGINT.

    Raises:
        Refusal: the bot cannot start or go on; the sentence says why.
        MissingIndex, DamagedIndex: there is nothing to answer from.
    """
    retriever = Retriever(config.index, engine=config.encoder)
    try:
        retriever.manifest()  # a missing index is said now, not after the first question
    except IndexMismatch as error:  # which /naplai mends
        _LOGGER.error("%s, or send the bot /naplai", error)  # noqa: TRY400 - the sentence says it all
    state = State(config.state)
    try:
        asyncio.run(_serve(config, retriever, state))
    finally:
        state.close()


@asynccontextmanager
async def serving(
    config: Config,
    retriever: Retriever,
    state: State,
    *,
    patience: Patience = PATIENCE,
    indexer: Sequence[str] = INDEXER,
) -> AsyncIterator[Built]:
    """The bot, answering inside the block; at its end what was accepted is answered, within the time allowed."""
    built = build_application(config, retriever, state, patience=patience, indexer=indexer)
    background: list[asyncio.Task[None]] = []
    end_metrics = built.metrics.serve(config.metrics_port) if config.metrics_port else None
    try:
        background = await _start(built, config)
        yield built
    finally:
        for task in background:
            task.cancel()
        await _stop(built, config.stop_seconds)
        if end_metrics:
            end_metrics()


async def _serve(config: Config, retriever: Retriever, state: State) -> None:
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
        indexer = (*INDEXER, "--encoder", config.encoder)  # which a child's environment does not tell it
        async with serving(config, retriever, state, indexer=indexer) as built:
            started = True
            manager.ready()
            while not stop.is_set():
                _check(built, config)
                manager.alive()
                built.metrics.beat()
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _CHECK)
            manager.stopping()
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
        _LOGGER.info("ended before the server had answered")


def _check(built: Built, config: Config) -> None:
    """Raises when no update can arrive any more and waiting will not help."""
    if built.webhook:
        built.webhook.check()  # without deliveries, silence is a quiet day
    else:
        built.watch.check(config.silence_seconds)


async def _start(built: Built, config: Config) -> list[asyncio.Task[None]]:
    """Starts everything; the tasks do what need not be waited for."""
    application = built.application
    try:
        await application.initialize()
    except InvalidToken:
        # Its text holds the token.
        raise TokenRefused(
            f"the server must know the token, {config.base_url} does not: copy it again from @BotFather"
        ) from None
    except TelegramError as error:
        raise Silence(
            f"the server must answer, {config.base_url} did not ({type(error).__name__}): check network and --base-url"
        ) from None
    recalled = await built.inbox.recall(application.bot)
    await application.start()
    await _receive(built, config)
    _LOGGER.info("answering as @%s, %d updates of before taken up", application.bot.username, recalled)
    tasks = (_prepare(built, config), built.retention.daily(), built.retention.minutely())
    return [asyncio.create_task(task) for task in tasks]


async def _receive(built: Built, config: Config) -> None:
    """Begins to take updates."""
    application = built.application
    if built.webhook:
        await built.webhook.start(application.bot)
        return
    if application.updater is None:
        raise Refusal("the bot polls, its application was built without an updater: this is an error in bot/app.py")
    await application.updater.start_polling(
        timeout=config.poll_seconds,
        allowed_updates=built.inbox.wanted,
        drop_pending_updates=False,
        error_callback=built.watch.failed,
    )


async def _prepare(built: Built, config: Config) -> None:
    """Loads the model and registers the commands."""
    try:
        await built.library.warm_up()
        collections = await built.library.collections()
    except Exception:  # the first question says so to its reader and to the administrators
        _LOGGER.exception("the documents cannot be searched")
    else:
        for sentence in config.collections.warnings(collections, config.groups):
            _LOGGER.warning("%s", sentence)
    bot = built.application.bot
    if config.inline and not bot.supports_inline_queries:
        _LOGGER.warning("inline queries are on here and off at Telegram: send /setinline to @BotFather")
    try:
        await bot.set_my_commands(VI.commands)
        await bot.set_my_commands(EN.commands, language_code="en")
    except TelegramError as error:
        _LOGGER.warning("the commands could not be registered (%s)", type(error).__name__)
    for admin, (words, code) in itertools.product(built.access.admins(), ((VI, None), (EN, "en"))):
        with suppress(TelegramError):  # one who never wrote to the bot has no chat with it
            commands, scope = (*words.commands, *words.admin_commands), BotCommandScopeChat(admin)
            await bot.set_my_commands(commands, scope=scope, language_code=code)


async def _stop(built: Built, seconds: float) -> None:
    """Answers what was accepted, as far as the time allows; the rest is taken up at the next start."""
    application = built.application
    if built.webhook:
        await built.webhook.stop()
    if application.updater and application.updater.running:
        try:
            await asyncio.wait_for(application.updater.stop(), _UNPOLL)
        except TimeoutError:
            _LOGGER.info("the server did not confirm the last poll")
        except Exception:  # whatever ended PTB's loop comes out here, and must not keep the rest from ending
            _LOGGER.exception("polling had failed")
    built.redelivery.end()
    if application.running:
        try:
            await asyncio.wait_for(application.stop(), seconds)
        except TimeoutError:
            _LOGGER.warning("ended with updates unanswered; they are taken up at the next start")
    await built.reindexing.close()
    built.library.close()
    built.drawing.close()
    with suppress(TimeoutError, TelegramError, RuntimeError):
        await asyncio.wait_for(application.shutdown(), 1.0)
    _LOGGER.info("ended")

"""
The webhook: an HTTP server that Telegram delivers updates to.

PTB's own `start_webhook` is not used: it logs the whole text of an update it cannot parse, which may be a question,
and answers 400, so that Telegram delivers the update again and again ahead of all others.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
import socket
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from telegram import Bot, Update
from telegram.error import BadRequest, TelegramError
from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.web import Application as Site
from tornado.web import RequestHandler

from bot.errors import ConfigError, NoResponseError, OtherInstanceError
from bot.settings.config import Config
from bot.transport.inbox import Inbox
from bot.transport.sanitizer import sanitize_update

_LOGGER = logging.getLogger(__name__)
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LARGEST = 1 << 20  # bytes of a delivery; a message with the one it replies to takes some 10,000s
_IDLE = 10.0  # seconds that a connection may be silent, also before its first request
_MOST = 200  # connections; a further one ends the oldest, whose delivery Telegram repeats
_LOOK = 300.0  # seconds between checks of getWebhookInfo


class Webhook:
    """
    An HTTP server on TRICHDAN_WEBHOOK_LISTEN, behind a proxy that terminates TLS.

    Args:
        every: seconds between checks of getWebhookInfo.
        idle: seconds after which a silent connection is closed.
    """

    def __init__(self, config: Config, inbox: Inbox, *, every: float = _LOOK, idle: float = _IDLE) -> None:
        self._url = config.webhook_url
        self._listen = config.webhook_listen
        self._secret = config.webhook_secret.get_secret_value()
        self._inbox = inbox
        self._every = every
        self._idle = idle
        self._server: HTTPServer | None = None
        self._looking: asyncio.Task[None] | None = None
        self._elsewhere = ""
        self._logged = 0.0  # time of the last failure logged

    async def start(self, bot: Bot) -> None:
        """Listen, then register, as `listen` and `register` do."""
        self.listen(bot)
        await self.register(bot)

    def listen(self, bot: Bot) -> None:
        """
        Start listening.

        Raises:
            ConfigError: the address is taken.
        """
        path = urlsplit(self._url).path or "/"
        given = {"bot": bot, "inbox": self._inbox, "secret": self._secret}
        site = Site([(re.escape(path), _Delivery, given)], log_function=_log)
        self._server = _BoundedServer(
            site, max_body_size=_LARGEST, idle_connection_timeout=self._idle, body_timeout=self._idle
        )
        host, _, port = self._listen.rpartition(":")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listening = socket.create_server((host.strip("[]"), int(port)), family=family)
        except OSError as error:
            raise ConfigError(
                f"TRICHDAN_WEBHOOK_LISTEN names a free address of this machine, {self._listen} is none "
                f"({error.strerror}): choose another"
            ) from None
        listening.settimeout(0)
        self._server.add_socket(listening)

    async def register(self, bot: Bot) -> None:
        """
        Register the URL, and watch whether it stays so until `unwatch`.

        Raises:
            ConfigError: the server rejects the URL.
            NoResponseError: the server does not answer.
        """
        await self._register(bot)
        self._looking = asyncio.create_task(self._look(bot))

    def unwatch(self) -> None:
        """Leave it to another process to watch the webhook, which stays registered."""
        if self._looking:
            self._looking.cancel()
            self._looking = None

    def check(self) -> None:
        """
        Raise if no more updates will be delivered here.

        Raises:
            OtherInstanceError: another process polls with the token, or has set another webhook.
        """
        if self._elsewhere:
            raise OtherInstanceError(
                f"the server must deliver to TRICHDAN_WEBHOOK_URL, it {self._elsewhere}: "
                "stop the other process, or use another token"
            )

    async def stop(self) -> None:
        """Stop accepting deliveries; Telegram keeps them, and the webhook, for the next start."""
        self.unwatch()
        if self._server:
            self._server.stop()
            await self._server.close_all_connections()

    async def _register(self, bot: Bot) -> None:
        try:
            await bot.set_webhook(self._url, allowed_updates=self._inbox.update_kinds, secret_token=self._secret)
        except BadRequest as error:
            raise ConfigError(
                f"the server must be able to deliver to TRICHDAN_WEBHOOK_URL, it says {error.message!r}: correct it"
            ) from None
        except TelegramError as error:
            raise NoResponseError(
                f"setWebhook must be answered, it was not ({type(error).__name__}): check network and --base-url"
            ) from None

    async def _look(self, bot: Bot) -> None:
        while True:
            await asyncio.sleep(self._every)
            with suppress(TelegramError):  # asked again at the next check
                info = await bot.get_webhook_info()
                if info.url != self._url:
                    self._elsewhere = "delivers elsewhere" if info.url else "delivers nowhere"
                failed = info.last_error_date.timestamp() if info.last_error_date else 0.0
                if failed > self._logged:
                    self._logged = failed
                    _LOGGER.warning(
                        "the server could not deliver (%s); %d updates wait there",
                        info.last_error_message,
                        info.pending_update_count,
                    )


class _BoundedServer(HTTPServer):
    """Few connections: each takes a descriptor, without which the bot can open nothing else."""

    def initialize(self, *given: Any, **more: Any) -> None:  # noqa: ANN401 - the types are Tornado's
        """Take Tornado's own arguments."""
        super().initialize(*given, **more)
        self._streams: list[IOStream] = []  # oldest first

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Begin a connection, and end the oldest if there are too many."""
        self._streams = [each for each in self._streams if not each.closed()]
        if len(self._streams) >= _MOST:
            self._streams.pop(0).close()
        self._streams.append(stream)
        super().handle_stream(stream, address)


class _Delivery(RequestHandler):
    """One delivery: 200 if stored, 400 if malformed, 403 without the secret, 500 to retry."""

    def initialize(self, bot: Bot, inbox: Inbox, secret: str) -> None:
        """Take the arguments of the route, as Tornado passes them."""
        self._bot, self._inbox, self._secret = bot, inbox, secret

    async def post(self) -> None:
        """Accept an update."""
        given = self.request.headers.get(_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            self.set_status(HTTPStatus.FORBIDDEN)
            return
        update = sanitize_update(self.request.body)
        if update is None:
            self.set_status(HTTPStatus.BAD_REQUEST)
            return
        try:
            await self._inbox.put(Update.de_json(update, self._bot))
        except TelegramError:  # not stored; the inbox has logged it
            self.set_status(HTTPStatus.INTERNAL_SERVER_ERROR)

    def write_error(self, status_code: int, **_: Any) -> None:  # noqa: ANN401 - the types are Tornado's
        """Reveal nothing but the status."""
        self.finish(str(status_code))


def _log(handler: RequestHandler) -> None:
    """Log rejected requests, without address and contents."""
    status = handler.get_status()
    if status != HTTPStatus.OK:
        _LOGGER.warning("a delivery was answered with %d", status)

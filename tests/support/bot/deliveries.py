"""
The webhook side of the Bot API server: setWebhook, deleteWebhook, getWebhookInfo, and updates delivered by HTTP POST.

As Telegram does: one update a request, with the secret in a header, and again until a 2xx confirms it. The operator's
proxy, which ends TLS, is played here too: what is sent to the public https address arrives at `proxied`.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tests.support.bot.server import BotApi

HEADER = "X-Telegram-Bot-Api-Secret-Token"
AGAIN = 0.1  # seconds before a further try; Telegram's grow


class Deliveries:
    """The webhook that is set, if one is, and the thread that delivers to it."""

    def __init__(self) -> None:
        self.url = ""
        self.secret = ""
        self.allowed: list[str] = []
        self.proxied = ("127.0.0.1", 0)
        self.confirmed: list[int] = []  # update ids, in the order in which they were
        self.on_confirmed: Callable[[int], None] = lambda _: None  # called with each, before anything else happens
        self.failures: list[str] = []
        self._failed_at = 0
        self._set = 0
        self._threads: list[threading.Thread] = []

    def perform(self, api: BotApi, method: str, parameters: dict[str, Any]) -> Any:
        """The result of one of the three methods."""
        if method == "getWebhookInfo":
            info = {"url": self.url, "has_custom_certificate": False, "pending_update_count": len(api.updates)}
            if self.failures:
                info |= {"last_error_date": self._failed_at, "last_error_message": self.failures[-1]}
            return info
        self._set += 1
        self.url = str(parameters.get("url", "")) if method == "setWebhook" else ""
        self.secret = str(parameters.get("secret_token", ""))
        self.allowed = parameters.get("allowed_updates", [])
        if self.url:
            thread = threading.Thread(target=self._deliver, args=(api, self._set), daemon=True)
            self._threads.append(thread)
            thread.start()
        return True

    def fail(self, message: str) -> None:
        """A delivery met this."""
        self.failures.append(message)
        self._failed_at = int(time.time())

    def end(self) -> None:
        """Delivers no more."""
        self._set += 1
        for thread in self._threads:
            thread.join(10)

    def _deliver(self, api: BotApi, mine: int) -> None:
        while mine == self._set:
            if not api.updates:
                time.sleep(0.01)
                continue
            update = api.updates[0]
            failure = self.post(json.dumps(update).encode(), {HEADER: self.secret} if self.secret else {})
            if failure:
                self.fail(failure)
                time.sleep(AGAIN)
                continue
            self.on_confirmed(update["update_id"])
            self.confirmed.append(update["update_id"])
            api.forget(update["update_id"])

    def post(self, body: bytes, headers: dict[str, str], path: str | None = None, method: str = "POST") -> str:
        """One request to where the bot listens; "" if it was confirmed, else what Telegram says of the failure."""
        connection = http.client.HTTPConnection(*self.proxied, timeout=10)
        try:
            sent = {"Content-Type": "application/json", **headers}
            connection.request(method, path or urlsplit(self.url).path, body, sent)
            answer = connection.getresponse()
            answer.read()
        except OSError as error:
            return f"Connection refused ({type(error).__name__})"
        finally:
            connection.close()
        confirmed = 200 <= answer.status < 300
        return "" if confirmed else f"Wrong response from the webhook: {answer.status} {answer.reason}"

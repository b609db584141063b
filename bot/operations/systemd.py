"""
Notify systemd when the bot is ready, alive and stopping.

Protocol: one datagram for each message to a Unix socket, sd_notify(3). Without a socket nothing is sent.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable

_LOGGER = logging.getLogger(__name__)
_MARGIN = 3  # pings within one watchdog interval


class ServiceManager:
    """
    The service manager that started the bot, if any.

    Args:
        address: NOTIFY_SOCKET, a path or, after "@", an abstract name; "" for none.
        watchdog: WATCHDOG_USEC, the watchdog interval in microseconds; 0 for no pings.
    """

    def __init__(self, address: str, watchdog: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._every = watchdog / 1e6 / _MARGIN
        self._now = now
        self._pinged = float("-inf")

    def notify_ready(self) -> None:
        """Report that the bot answers from now on."""
        self._notify("READY=1")

    def ping(self) -> None:
        """Ping the watchdog when due: the event loop runs and updates can arrive."""
        now = self._now()
        if self._every and now - self._pinged >= self._every:
            self._pinged = now
            self._notify("WATCHDOG=1")

    def notify_stopping(self) -> None:
        """Report that no more updates are accepted."""
        self._notify("STOPPING=1")

    def _notify(self, state: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as client:
                client.settimeout(0)  # a service manager that does not read must not delay answers
                client.sendto(state.encode(), self._address)
        except OSError as error:
            _LOGGER.warning("the service manager was not told %s (%s)", state, error.strerror)

"""
The ServiceManager: systemd, told when the bot is ready, alive and ending.

The protocol is one datagram a message to a Unix socket: sd_notify(3). Without that socket nothing is told.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable

_LOGGER = logging.getLogger(__name__)
_MARGIN = 3  # pings within the time that systemd waits for one


class ServiceManager:
    """
    Who started the program, if it wants to hear of it.

    Args:
        address: NOTIFY_SOCKET, a path or, after "@", an abstract name; "" for none.
        watchdog: WATCHDOG_USEC, the microseconds within which a ping must come; 0 if none is wanted.
    """

    def __init__(self, address: str, watchdog: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._every = watchdog / 1e6 / _MARGIN
        self._now = now
        self._pinged = float("-inf")

    def ready(self) -> None:
        """The bot answers from now on."""
        self._tell("READY=1")

    def alive(self) -> None:
        """The event loop runs and updates can arrive; told as often as is wanted."""
        now = self._now()
        if self._every and now - self._pinged >= self._every:
            self._pinged = now
            self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """No more is accepted."""
        self._tell("STOPPING=1")

    def _tell(self, state: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told:
                told.settimeout(0)  # a service manager that does not read must not hold the answers up
                told.sendto(state.encode(), self._address)
        except OSError as error:
            _LOGGER.warning("the service manager was not told %s (%s)", state, error.strerror)

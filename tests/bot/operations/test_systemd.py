"""sd_notify, against real Unix datagram sockets."""

from __future__ import annotations

import signal
import socket
from contextlib import suppress

import pytest

from bot.operations.systemd import ServiceManager
from tests.support.bot.call import Fault
from tests.support.waiting import PATIENCE


@pytest.fixture
def notified(tmp_path):
    """A socket as systemd's, and where it is."""
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(path)
        heard.settimeout(PATIENCE)
        yield heard, path


def all_of(heard):
    """Every datagram that waits."""
    heard.settimeout(0)
    told = []
    with suppress(BlockingIOError):
        while True:
            told.append(heard.recv(99))
    return told


def test_what_is_told(notified):
    """One datagram a message, in systemd's words."""
    heard, path = notified
    manager = ServiceManager(path, 3_000_000)

    manager.notify_ready()
    manager.ping()
    manager.notify_stopping()

    assert [heard.recv(99) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_an_abstract_socket_is_told_too():
    """systemd writes its leading zero byte as @."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind("\0trichdan-test-notify")
        ServiceManager("@trichdan-test-notify", 0).notify_ready()

        assert heard.recv(99) == b"READY=1"


def test_pings_come_three_times_within_the_time_allowed(notified):
    """Of 3 s: at 0, 1.0 and 2.0, not at each call."""
    heard, path = notified
    clock = iter([0.0, 0.9, 1.0, 1.9, 2.0])
    manager = ServiceManager(path, 3_000_000, now=lambda: next(clock))

    for _ in range(5):
        manager.ping()

    assert all_of(heard) == [b"WATCHDOG=1"] * 3


def test_nobody_to_tell():
    """Started by hand: nothing happens; a socket that is gone is no failure of the bot's."""
    ServiceManager("", 0).notify_ready()
    ServiceManager("/nowhere/at/all", 0).notify_ready()


def test_the_bot_tells_its_service_manager(api, start, notified):
    """Ready once the server lets it poll, alive while it polls, stopping at SIGTERM."""
    heard, path = notified
    process = start(NOTIFY_SOCKET=path, WATCHDOG_USEC="900000")

    told = [heard.recv(99) for _ in range(3)]
    process.send(signal.SIGTERM)
    assert process.wait() == 0

    told += all_of(heard)
    assert told[0] == b"READY=1"
    assert set(told[1:-1]) == {b"WATCHDOG=1"}
    assert told[-1] == b"STOPPING=1"


def test_no_ping_comes_when_polling_is_dead(api, start, notified):
    """A server that does not answer getUpdates: the pings end, and so does the bot."""
    heard, path = notified
    api.fail("getUpdates", *[Fault(500, delay=3600)] * 20)
    process = start(NOTIFY_SOCKET=path, WATCHDOG_USEC="300000", silence_seconds="1")

    assert process.wait() == 4
    # At most ten a second for the one second of silence; a slow machine may use that second up before its first.
    assert all_of(heard).count(b"WATCHDOG=1") <= 12

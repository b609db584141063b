"""A machine that loses its power is noticed by both ends of a connection."""

from __future__ import annotations

import socket
import sys

import psycopg
import pytest

from tests.retrieval.contract.engines import CorpusAndPlace
from tests.support.postgres_server import PostgresServer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the names of the options are Linux's"),
]

OPTIONS = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")
SETTINGS = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")


def client(connection: psycopg.Connection) -> list[int]:
    """What the kernel has of this end."""
    with socket.socket(fileno=connection.fileno()) as end:
        found = [end.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in OPTIONS]
        end.detach()
    return found


def server_side(connection: psycopg.Connection) -> list[int]:
    """What the session says of the other end; over TCP the server asks the kernel."""
    rows = connection.execute(
        "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", (list(SETTINGS),)
    ).fetchall()
    return [int(dict(rows)[name]) for name in SETTINGS]


def test_a_builder_that_vanished_is_noticed_within_a_minute(site: CorpusAndPlace) -> None:
    """Its lock goes with its session."""
    with site.place._database.writer() as connection:  # type: ignore[attr-defined]
        both = client(connection), server_side(connection)

    assert both == ([30, 10, 3, 60_000], [30, 10, 3, 60_000])


def test_a_reader_turns_to_another_host_before_its_deadline(site: CorpusAndPlace) -> None:
    """Which is twenty seconds in the bot."""
    with site.place._database._pooled("any") as pooled:  # type: ignore[attr-defined]
        both = client(pooled.connection), server_side(pooled.connection)

    assert both == ([5, 5, 2, 10_000], [5, 5, 2, 10_000])


def test_the_address_counts_more(server: PostgresServer, site: CorpusAndPlace) -> None:
    """An operator knows the network."""
    from retrieval.index.opening import open_place

    given = {"keepalives_idle": 99, "options": "-c%20tcp_keepalives_idle=88"}
    address = server.address(**given)
    with open_place(address)._database.writer() as connection:  # type: ignore[attr-defined]
        both = client(connection)[0], server_side(connection)[0]

    assert both == (99, 88)

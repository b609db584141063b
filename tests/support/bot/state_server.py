"""A state in PostgreSQL for one test: an empty database of the tests' server."""

from __future__ import annotations

from functools import cache

from bot.state_address import StateServer
from bot.storage.opening import open_state
from tests.support.postgres_server import PostgresServer, shared_server

_NAME = "bot_state"
_TABLES = "SELECT string_agg(schemaname || '.' || tablename, ', ') FROM pg_tables WHERE schemaname = %s"
_VERSION = "INSERT INTO trichdan_bot.version VALUES (%s)"
_ENDED = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid != pg_backend_pid()"


def empty_state_server() -> StateServer:
    """The address of this process's database; whoever still used it is cut off, and its tables are emptied."""
    from bot.storage.postgres import schema  # which needs psycopg

    server = shared_server()
    address = _database()
    server.execute(_ENDED, _NAME)
    ((tables,),) = server.execute(_TABLES, schema.NAME, database=_NAME)
    server.execute(f"TRUNCATE {tables} RESTART IDENTITY", database=_NAME)
    server.execute(_VERSION, schema.VERSION, database=_NAME)
    return address


def address_in(server: PostgresServer, database: str = "postgres") -> StateServer:
    """The address of a state in a server."""
    return StateServer(server.address(database).partition("?")[0])


@cache
def _database() -> StateServer:
    """Made once, since that takes most of a second."""
    server = shared_server()
    server.execute(f"CREATE DATABASE {_NAME}")
    address = address_in(server, _NAME)
    open_state(address).close()
    return address

"""
Whether a server has what an index needs, and what to do otherwise.
"""

from __future__ import annotations

from typing import Final

import psycopg

from retrieval.errors import UnknownEngine
from retrieval.index.postgres.database import Row

LEAST_SERVER: Final = 17
LEAST: Final = {"vector": (0, 8), "pg_textsearch": (1, 0)}  # iterative scans; the score that the client computes too
_AVAILABLE = "SELECT name, default_version, installed_version FROM pg_available_extensions WHERE name = ANY(%s)"


def require_extensions(connection: psycopg.Connection[Row]) -> None:
    """Create the extensions where they are missing; UnknownEngine says what the operator must do."""
    server = connection.info.server_version // 10000
    if server < LEAST_SERVER:
        raise UnknownEngine(
            f"an index needs PostgreSQL {LEAST_SERVER} or later, the server is {server}: upgrade it, or name another"
        )
    found = {name: versions for name, *versions in connection.execute(_AVAILABLE, (list(LEAST),)).fetchall()}
    for name, least in LEAST.items():
        wanted = ".".join(map(str, least))
        if name not in found:
            raise UnknownEngine(
                f"an index needs PostgreSQL's extension {name} {wanted} or later, the server has none: install it there"
            )
        default, installed = found[name]
        if version_numbers(installed or default) < least:
            raise UnknownEngine(
                f"an index needs PostgreSQL's extension {name} {wanted} or later, the server has "
                f"{installed or default}: install a later one there, then ALTER EXTENSION {name} UPDATE"
            )
        if installed is None:
            _create(connection, name)


def _create(connection: psycopg.Connection[Row], name: str) -> None:
    try:
        connection.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    except psycopg.Error as error:
        raise UnknownEngine(
            f"an index needs PostgreSQL's extension {name}, this role could not create it ({error}): let an "
            f"administrator run CREATE EXTENSION {name} in the database (pg_textsearch must stand in "
            "shared_preload_libraries)"
        ) from error


def version_numbers(text: str) -> tuple[int, ...]:
    """
    The numbers of a version, which can be compared.

    Example: "1.4.0" -> (1, 4, 0)
    """
    return tuple(int(part) for part in text.split(".") if part.isdecimal())

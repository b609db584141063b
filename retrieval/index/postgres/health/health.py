"""
Everything that an operator is told of an index in PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, LiteralString

import psycopg

from retrieval.errors import MissingIndex, RetrievalError
from retrieval.index.place import Finding
from retrieval.index.postgres.database import Database, Statement
from retrieval.index.postgres.generations import Generations
from retrieval.index.postgres.health.host_findings import host_findings
from retrieval.index.postgres.health.host_state import HostState, look_at
from retrieval.index.postgres.health.plan_recall import plan_recall
from retrieval.index.postgres.health.timed_question import timed_question
from retrieval.index.postgres.postgres_address import PostgresAddress
from retrieval.index.postgres.readers import FORGOTTEN_AFTER
from retrieval.index.postgres.view import View

# A question reads the tables and their indexes; of what is stored beside the tables (texts, tokens) only what it shows.
_SIZES: Final[LiteralString] = """
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint,
coalesce(sum(pg_relation_size(c.oid) + pg_indexes_size(c.oid)), 0)::bigint
FROM trichdan.spaces s JOIN pg_namespace n ON n.nspname = 'trichdan_space_' || s.id
JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'r' WHERE s.index_name = %(index)s
"""
_READERS: Final[LiteralString] = """
SELECT generation, count(*), extract(epoch FROM now() - max(seen))::float8 FROM trichdan.readers
WHERE index_name = %(index)s AND seen > now() - make_interval(secs => %(most)s) GROUP BY generation ORDER BY generation
"""
_DIM: Final[LiteralString] = "SELECT dim FROM trichdan.spaces WHERE id = %(id)s"


def health(address: PostgresAddress) -> list[Finding]:
    """What is found of each host, and where any answers, of what the index holds."""
    states = look_at(address.hosts)
    found = list(host_findings(states))
    answering = [state for state in states if state.answers]
    if not answering:
        return found
    database = Database(address)
    found.append(_tried("memory", lambda: _memory(database, answering)))
    found.append(_tried("readers", lambda: _readers(database)))
    found.append(_tried("recall", lambda: _recall(database)))
    names = {state.host for state in answering}
    found += [_question(host) for host in address.hosts if host.name in names]
    return found


def _question(host: PostgresAddress) -> Finding:
    return _tried(f"question to {host.name}", lambda: timed_question(host))


def _tried(name: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName, MissingIndex):
        return Finding(name, "nothing was built here")
    except (RetrievalError, psycopg.Error) as error:
        return Finding(name, " ".join(str(error).split()), is_problem=True)


def _memory(database: Database, answering: list[HostState]) -> Finding:
    ((total, hot),) = database.read(Statement(_SIZES, {"index": database.address.index}))[0]
    buffers = ", ".join(f"{_size(state.shared_buffers)} on {state.host}" for state in answering)
    small = [state.host for state in answering if state.shared_buffers < hot]
    more = f"; what exceeds them on {', '.join(small)} comes from the system's cache or the disk" if small else ""
    return Finding(
        "memory",
        f"the index takes {_size(total)}, {_size(hot)} of it read by questions; shared_buffers {buffers}{more}",
    )


def _readers(database: Database) -> Finding:
    values = {"index": database.address.index, "most": FORGOTTEN_AFTER}
    rows = database.read(Statement(_READERS, values))[0]
    told = [f"{count} of {generation}, the last {seconds:.0f} s ago" for generation, count, seconds in rows]
    return Finding("readers", "; ".join(told) or f"none within {FORGOTTEN_AFTER // 60} minutes")


def _recall(database: Database) -> Finding:
    generations = Generations(database)
    stored = generations.named(generations.live())
    ((dim,),) = database.read(Statement(_DIM, {"id": stored.space}))[0]
    return plan_recall(View(database, stored, None), dim)


def _size(count: int) -> str:
    """As PostgreSQL writes sizes in its settings. Example: 134217728 -> "128 MB"."""
    size, unit = (count / 2**30, "GB") if count >= 2**30 else (count / 2**20, "MB")
    return f"{size:.1f} {unit}".replace(".0 ", " ")

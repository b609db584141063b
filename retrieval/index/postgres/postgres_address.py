"""
What the address of an index in PostgreSQL says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Conninfo

from embeddings.bundled.weights import default_cache_dir
from retrieval.errors import UnknownEngine
from retrieval.index.address import IndexAddress

_DEFAULT_INDEX: Final = "main"
_DEFAULT_PORT: Final = "5432"
_OURS: Final = ("index", "caches")  # the other options are libpq's
_NAME: Final = re.compile(r"[\w.-]{1,100}")


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """
    The parts of `postgresql://user@host1,host2/database?index=NAME&caches=FOLDER`.

    Args:
        server: the address for libpq, with its password.
        index: its name, since a database may hold several; "main" by default.
        caches: the folder of this machine for what a builder need not compute again.
    """

    whole: IndexAddress
    server: str
    index: str
    caches: Path

    @classmethod
    def of(cls, address: IndexAddress) -> PostgresAddress:
        """The parts of an address; UnknownEngine when it is not well formed."""
        base, _, query = address.url.partition("?")
        base = base.replace(base.partition(":")[0], address.scheme, 1)  # libpq knows lower case only
        options = parse_qsl(query, keep_blank_values=True)
        ours = {name: value for name, value in options if name in _OURS}
        index = ours.get("index", _DEFAULT_INDEX)
        if not _NAME.fullmatch(index):
            raise UnknownEngine(f"an index is named by letters, digits, '.', '-' and '_', found {index!r} in {address}")
        _check_options([name for name, _ in options], base, address)
        rest = urlencode([pair for pair in options if pair[0] not in _OURS], quote_via=quote)  # libpq knows no "+"
        server = f"{base}?{rest}" if rest else base
        database = _check_server(server, address).get("dbname") or "postgres"
        caches = Path(ours["caches"]).expanduser() if ours.get("caches") else _default_caches(str(database), index)
        return cls(address, server, index, caches.resolve())

    @property
    def hosts(self) -> tuple[PostgresAddress, ...]:
        """An address of each host alone, whichever it is now."""
        parts = {name: str(value) for name, value in conninfo_to_dict(self.server).items()}
        lists = {name: parts[name].split(",") for name in ("host", "hostaddr", "port") if name in parts}
        count = max((len(lists[name]) for name in ("host", "hostaddr") if name in lists), default=1)
        lists = {name: own * count if len(own) == 1 else own for name, own in lists.items()}
        alone = ({name: own[place] for name, own in lists.items()} for place in range(count))
        servers = (make_conninfo(**(parts | own | {"target_session_attrs": "any"})) for own in alone)
        return tuple(replace(self, server=server) for server in servers)

    @property
    def name(self) -> str:
        """The host with its port, without user and password."""
        parts = conninfo_to_dict(self.server)
        return f"{parts.get('host') or parts.get('hostaddr') or 'localhost'}:{parts.get('port') or _DEFAULT_PORT}"


def _check_server(server: str, address: IndexAddress) -> Mapping[str, object]:
    """
    What libpq reads in an address.

    Where it reads a part of a password as a port or a host, its own errors would tell it.
    """
    try:
        parts = conninfo_to_dict(server)
    except psycopg.Error:
        parts = {"host": "@"}
    ports = str(parts.get("port") or "").split(",")
    if "@" in str(parts.get("host") or "") or not all(port.isdecimal() or not port for port in ports):
        raise UnknownEngine(
            f"an address of the engine 'postgresql' reads postgresql://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?"
            f"index=NAME, {address} does not: write @ : / ? # of a password as %40 %3A %2F %3F %23"
        ) from None
    return parts


def _check_options(names: Sequence[str], base: str, address: IndexAddress) -> None:
    """UnknownEngine names an option that there is not; its value may be a password."""
    known = {*_OURS, "ssl", *(option.keyword.decode() for option in Conninfo.get_defaults())}
    unknown = [name for name in names if name not in known]
    if unknown and "@" not in address.url.partition("?")[2]:  # else what looks like an option is of the password
        _check_server(base, IndexAddress(url=base))
        raise UnknownEngine(
            f"an option of an address is one of {', '.join(_OURS)} and those of libpq, found {unknown[0]!r} behind "
            f"{IndexAddress(url=base)}: correct its name"
        )


def _default_caches(database: str, index: str) -> Path:
    """Below the folder of models; servers may share it, vectors are known by text."""
    return default_cache_dir() / "postgres" / f"{database}-{index}"

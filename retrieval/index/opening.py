"""
The one function that opens a place: it alone knows which engines there are.
"""

from __future__ import annotations

from importlib.util import find_spec

from retrieval.errors import UnknownEngine
from retrieval.index.address import AnyAddress, IndexAddress
from retrieval.index.place import Place

_POSTGRES = ("postgresql", "postgres")


def open_place(address: AnyAddress) -> Place:
    """
    The place that an address names; nothing is read before it is asked for.

    UnknownEngine when no engine of this program answers to the address.
    """
    named = IndexAddress.of(address)
    if named.folder is not None:
        # It loads FAISS and Tantivy, which `--help` does not need.
        from retrieval.index.local.local_place import LocalPlace

        return LocalPlace(named.folder)
    if named.scheme not in _POSTGRES:
        raise UnknownEngine(
            f"an index is a folder of this machine or a postgresql:// address, {named} names the engine "
            f"{named.scheme!r}, which this version does not have: give a folder, such as --index index"
        )
    if find_spec("psycopg") is None:
        raise UnknownEngine(
            f"an index in PostgreSQL is read with psycopg, which is not installed for {named}: "
            "pip install 'trichdan[postgres]'"
        )
    # It loads psycopg, which a folder does not need.
    from retrieval.index.postgres.postgres_place import PostgresPlace

    return PostgresPlace(named)

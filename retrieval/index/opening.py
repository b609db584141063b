"""
The one function that opens a place: it alone knows which engines there are.
"""

from __future__ import annotations

from retrieval.errors import UnknownEngine
from retrieval.index.address import AnyAddress, IndexAddress
from retrieval.index.place import Place


def open_place(address: AnyAddress) -> Place:
    """
    The place that an address names; nothing is read before it is asked for.

    UnknownEngine when no engine of this program answers to the address.
    """
    named = IndexAddress.of(address)
    if named.folder is None:
        raise UnknownEngine(
            f"an index is a folder of this machine, {named} names the engine {named.scheme!r}, which this version does "
            "not have: give a folder, such as --index index"
        )
    from retrieval.index.local.local_place import LocalPlace  # loads FAISS and Tantivy, which `--help` does not need

    return LocalPlace(named.folder)

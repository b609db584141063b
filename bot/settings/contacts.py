"""
Contacts: who answers what the documents of a collection do not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from retrieval.reading import collection_name, collection_named

_EVERY = "*"
_CHAT = re.compile(r"-?[1-9]\d{0,17}")


@dataclass(frozen=True)
class Contacts:
    """
    The chat of the person or group in charge, by collection.

    "*" stands for every collection without its own.
    """

    entries: Mapping[str, int] = field(default_factory=dict)

    def of(self, collection: str) -> int | None:
        """The chat that answers for a collection, None where nobody does."""
        return self.entries.get(collection, self.entries.get(_EVERY))

    def __repr__(self) -> str:
        """The setting's own syntax: "quy-che=701; *=-1001"."""
        named = ((each if each == _EVERY else collection_name(each), chat) for each, chat in self.entries.items())
        return "; ".join(f"{name}={chat}" for name, chat in named) or "(nobody)"


def read_contacts(setting: str) -> Contacts:
    """
    Parse a setting: "quy-che=701; *=-1001234".

    Raises:
        ValueError: the setting is invalid; the message says the rule.
    """
    entries: dict[str, int] = {}
    for entry in filter(None, map(str.strip, setting.split(";"))):
        name, equals, chat = map(str.strip, entry.partition("="))
        collection = name if name == _EVERY else collection_named(name)
        if not equals or not name or "/" in name or not _CHAT.fullmatch(chat) or collection in entries:
            raise ValueError(
                "entries are written COLLECTION=ID and parted by semicolons, each collection (or *) once, with the id "
                f"of a person or a group, found {entry!r}"
            )
        entries[collection] = int(chat)
    return Contacts(entries)

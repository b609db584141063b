"""
Visibility: which collections each role and group may see.

In a group, a document must be visible to the person who asks and to the group as well.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.reading import collection_name, collection_named

VisibleCollections = frozenset[str] | None  # None means all
ROLES = ("staff", "admin")
GROUPS = "groups"  # every group without an entry of its own
_ALL = "*"
_GROUP = re.compile(r"-\d{1,18}")


@dataclass(frozen=True)
class Visibility:
    """
    The visible collections by role, "groups" or a group's chat id.

    A role without an entry sees everything. A group without an entry sees everything only if there are no entries at
    all: an operator who hides one document from one reader would not want a forgotten group to show it to its members.
    """

    entries: Mapping[str, VisibleCollections] = field(default_factory=dict)

    def of_role(self, role: str) -> VisibleCollections:
        """What a person with this role may see."""
        return self.entries.get(role)

    def of_group(self, chat_id: int) -> VisibleCollections:
        """What may be shown in a group."""
        return self.entries.get(str(chat_id), self.entries.get(GROUPS, frozenset() if self.entries else None))

    def warnings(self, existing: frozenset[str], groups: Iterable[int]) -> list[str]:
        """Warnings for the operator: unknown collections, and groups that see nothing."""
        named = {name for within in self.entries.values() for name in within or ()}
        sentences = [
            f"TRICHDAN_COLLECTIONS names a folder of the documents, {collection_name(name)!r} is none yet: it opens "
            f"nothing until there is one; there are {', '.join(sorted(map(collection_name, existing)))}"
            for name in sorted(named - existing)
        ]
        return sentences + [
            f"a group sees what TRICHDAN_COLLECTIONS opens to it, {group} has no entry and sees nothing: "
            f"add {group}=NAME or {GROUPS}=NAME"
            for group in groups
            if self.of_group(group) == frozenset() and str(group) not in self.entries
        ]

    def __repr__(self) -> str:
        """The setting's own syntax: "staff=chung,quy-che; -1001=cong-khai"."""
        return "; ".join(f"{whom}={_format(within)}" for whom, within in self.entries.items()) or "(everything)"


def read_visibility(setting: str) -> Visibility:
    """
    Parse a setting: "staff=chung,quy-che; admin=*", or the path of such a TOML file.

    Raises:
        ValueError: the setting is invalid; the message says the rule.
    """
    setting = setting.strip()
    given = _from_file(Path(setting)) if setting.endswith(".toml") else _from_text(setting)
    return Visibility({whom: _within(whom, names) for whom, names in given})


def intersection(one: VisibleCollections, other: VisibleCollections) -> VisibleCollections:
    """The collections visible in both."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _from_text(setting: str) -> list[tuple[str, list[str]]]:
    given: dict[str, list[str]] = {}
    for entry in filter(None, map(str.strip, setting.split(";"))):
        whom, equals, names = entry.partition("=")
        if not equals or whom.strip() in given:
            raise ValueError("entries are written WHO=NAME,NAME and parted by semicolons, each WHO once")
        given[whom.strip()] = [name for name in map(str.strip, names.split(",")) if name]
    return list(given.items())


def _from_file(path: Path) -> list[tuple[str, list[str]]]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ValueError(f"the file must be readable TOML ({reason})") from None
    return [(whom, [names] if isinstance(names, str) else names) for whom, names in table.items()]


def _within(whom: str, names: object) -> VisibleCollections:
    if whom not in {*ROLES, GROUPS} and not _GROUP.fullmatch(whom):
        raise ValueError(f"an entry is for {', '.join(ROLES)}, {GROUPS} or a group's negative chat id, not {whom!r}")
    if not isinstance(names, list) or not all(isinstance(name, str) and "/" not in name for name in names):
        raise ValueError(f"{whom} is given the names of first-level folders, or *")
    if _ALL in names:
        if len(names) > 1:
            raise ValueError(f"* opens everything and stands alone, {whom} has other names beside it")
        return None
    return frozenset(map(collection_named, names))


def _format(within: VisibleCollections) -> str:
    return _ALL if within is None else ",".join(sorted(map(collection_name, within)))

"""
What TRICHDAN_STATE names: a file of SQLite, or a database in PostgreSQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from retrieval.index import IndexAddress

_URL = re.compile(r"postgres(?:ql)?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class StateServer:
    """
    The address of a database in PostgreSQL, which several processes of a bot may share.

    Printed without its password.
    """

    url: str

    def __repr__(self) -> str:
        return f"StateServer({str(self)!r})"

    def __str__(self) -> str:
        return str(IndexAddress(url=self.url))


StateAddress: TypeAlias = Path | StateServer


def state_address(text: object) -> StateAddress:
    """
    The address that a text means.

    Example: "postgresql://db1,db2/trichdan" is a database, "bot.sqlite" a file.
    """
    if isinstance(text, StateServer | Path):
        return text
    if not isinstance(text, str) or not text:
        raise ValueError("a state is a file, or postgresql://USER@HOST,HOST/DATABASE")
    return StateServer(text) if _URL.match(text) else Path(text)

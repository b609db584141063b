"""
The digest of a generation's documents, by which a changed row is found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Final, LiteralString

from retrieval.index.postgres.build.build_space import BuildSpace
from retrieval.index.postgres.database import Row

DIGESTED: Final[LiteralString] = (
    "SELECT doc_id, source, title, text_sha256, digest FROM {space}.documents "
    "WHERE born <= %(number)s AND died > %(number)s"
)


def documents_digest(space: BuildSpace) -> str:
    """The hexadecimal sha256 of what names the documents of a generation and their texts."""
    return digest_of(space.execute(DIGESTED))


def digest_of(rows: Iterable[Row]) -> str:
    """The digest of the rows of DIGESTED, in any order."""
    found = hashlib.sha256()
    for row in sorted(rows):
        found.update(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return found.hexdigest()

"""
Compare everything that a generation stores with what was written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Final, LiteralString

from retrieval.errors import DamagedIndex
from retrieval.index.manifest import Manifest
from retrieval.index.postgres.database import Database, Row, Statement
from retrieval.index.postgres.schema import schema_of
from retrieval.index.postgres.stored_generation import StoredGeneration
from retrieval.index.postgres.view import SEEN

DIGESTED: Final[LiteralString] = (
    f"SELECT doc_id, source, title, text_sha256, digest FROM {{space}}.documents WHERE {SEEN}"
)
_CHANGED_TEXTS: Final[LiteralString] = f"""
SELECT doc_id FROM {{space}}.documents
WHERE {SEEN} AND encode(sha256(convert_to(text, 'UTF8')), 'hex') <> text_sha256
"""
_MISPLACED: Final[LiteralString] = """
SELECT p.passage_id FROM {space}.documents d JOIN {space}.passages p ON p.document = d.id
WHERE d.born <= %(number)s AND d.died > %(number)s AND substr(d.text, p.start + 1, p."end" - p.start) <> p.text
"""
_COUNTS: Final[LiteralString] = f"""
SELECT (SELECT count(*) FROM {{space}}.documents WHERE {SEEN}),
(SELECT count(*) FROM {{space}}.passages WHERE {SEEN}),
(SELECT count(*) FROM {{space}}.windows WHERE {SEEN})
"""


def documents_digest(rows: Iterable[Row]) -> str:
    """The hexadecimal sha256 of the rows of DIGESTED, in any order."""
    found = hashlib.sha256()
    for row in sorted(rows):
        found.update(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return found.hexdigest()


def verify(database: Database, stored: StoredGeneration) -> Manifest:
    """Compare texts with their hashes, passages with their texts, and counts; DamagedIndex names what differs."""
    manifest, values, space = stored.manifest, {"number": stored.number}, schema_of(stored.space)
    statements = (Statement(text, values, space) for text in (DIGESTED, _COUNTS, _CHANGED_TEXTS, _MISPLACED))
    digested, counts, changed, misplaced = database.read(*statements, generation=stored.name)
    if changed or misplaced:
        raise DamagedIndex(
            f"{(changed or misplaced)[0][0]} in {stored.where} is not what was stored: run `trichdan index --rebuild`"
        )
    expected = (manifest.documents, manifest.passages, manifest.windows)
    if counts[0] != expected or documents_digest(digested) != manifest.files.get("documents"):
        raise DamagedIndex(
            f"{stored.where} has {expected} documents, passages and windows, found {counts[0]}, or others than were "
            "stored: run `trichdan index --rebuild`"
        )
    return manifest

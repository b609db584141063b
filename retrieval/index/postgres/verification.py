"""
Compare everything that a generation stores with what was written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Final, LiteralString

from retrieval.errors import DamagedIndex
from retrieval.index.manifest import Manifest
from retrieval.index.postgres.database import Database, Row, Statement
from retrieval.index.postgres.schema import schema_of
from retrieval.index.postgres.stored_generation import StoredGeneration
from retrieval.index.postgres.view import SEEN

# In the order of code points, whatever the collation of the database.
DIGESTED: Final[LiteralString] = (
    f"SELECT doc_id, source, title, text_sha256, digest FROM {{space}}.documents WHERE {SEEN} "
    'ORDER BY doc_id COLLATE "C", source COLLATE "C", title COLLATE "C", text_sha256 COLLATE "C", digest COLLATE "C"'
)
_BATCH: Final = 500  # documents whose texts the server compares at a time
_IDS: Final[LiteralString] = f"SELECT coalesce(min(id), 0), coalesce(max(id), -1) FROM {{space}}.documents WHERE {SEEN}"
_CHANGED_TEXTS: Final[LiteralString] = f"""
SELECT doc_id FROM {{space}}.documents WHERE id >= %(first)s AND id < %(end)s
AND {SEEN} AND encode(sha256(convert_to(text, 'UTF8')), 'hex') <> text_sha256 LIMIT 1
"""
_MISPLACED: Final[LiteralString] = """
SELECT p.passage_id FROM {space}.documents d JOIN {space}.passages p ON p.document = d.id
WHERE d.id >= %(first)s AND d.id < %(end)s AND d.born <= %(number)s AND d.died > %(number)s
AND substr(d.text, p.start + 1, p."end" - p.start) <> p.text LIMIT 1
"""
_COUNTS: Final[LiteralString] = f"""
SELECT (SELECT count(*) FROM {{space}}.documents WHERE {SEEN}),
(SELECT count(*) FROM {{space}}.passages WHERE {SEEN}),
(SELECT count(*) FROM {{space}}.windows WHERE {SEEN})
"""


def documents_digest(rows: Iterable[Row]) -> str:
    """The hexadecimal sha256 of the rows of DIGESTED."""
    found = hashlib.sha256()
    for row in rows:
        found.update(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return found.hexdigest()


def verify(database: Database, stored: StoredGeneration) -> Manifest:
    """
    Compare texts with their hashes, passages with their texts, and counts.

    DamagedIndex names what differs. However large the generation is, few of its rows are in memory.
    """
    manifest = stored.manifest
    changed = next(_differences(database, stored), None)
    if changed is not None:
        raise DamagedIndex(f"{changed} in {stored.where} is not what was stored: run `trichdan index --rebuild`")
    ((counts,),) = database.read(_statement(stored, _COUNTS), generation=stored.name)
    expected = (manifest.documents, manifest.passages, manifest.windows)
    digest = documents_digest(database.stream(_statement(stored, DIGESTED), stored.name))
    if counts != expected or digest != manifest.files.get("documents"):
        raise DamagedIndex(
            f"{stored.where} has {expected} documents, passages and windows, found {counts}, or others than were "
            "stored: run `trichdan index --rebuild`"
        )
    return manifest


def _differences(database: Database, stored: StoredGeneration) -> Iterator[str]:
    """The ids of documents whose texts were changed, and of misplaced passages."""
    (((first, last),),) = database.read(_statement(stored, _IDS), generation=stored.name)
    for place in range(first, last + 1, _BATCH):
        texts = (_CHANGED_TEXTS, _MISPLACED)
        statements = (_statement(stored, text, first=place, end=place + _BATCH) for text in texts)
        for rows in database.read(*statements, generation=stored.name):
            yield from (name for (name,) in rows)


def _statement(stored: StoredGeneration, text: LiteralString, **values: int) -> Statement:
    return Statement(text, {"number": stored.number, **values}, schema_of(stored.space))

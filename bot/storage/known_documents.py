"""
Known documents: which ones the index held, and up to where somebody has seen them.

Documents are counted in batches, one for each time that new ones were found. A visit stores the number of the latest
batch, and no time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.storage.state import BotState

_LATEST = """
    SELECT coalesce(max(batch), 0)
    FROM (SELECT batch FROM known_documents UNION ALL SELECT batch FROM catalogue_visits) AS batches
"""
# A renamed document stays known by its content.
_INSERT = """
    INSERT INTO known_documents (document, digest, batch)
    VALUES (?, ?, coalesce((SELECT min(batch) FROM known_documents WHERE digest = ? AND digest != ''), ?))
    ON CONFLICT (document) DO NOTHING
"""
_NEW = """
    SELECT document FROM known_documents JOIN catalogue_visits
    ON known_documents.batch > catalogue_visits.batch WHERE user_id = ?
"""


@dataclass(frozen=True, slots=True)
class NewDocuments:
    """The ids of what came after somebody's last visit, and the latest batch."""

    ids: frozenset[str]
    batch: int


class KnownDocuments:
    """The known documents and the visits in the state."""

    def __init__(self, state: BotState) -> None:
        self._state = state

    def record(self, documents: Iterable[tuple[str, str]], *, are_all: bool) -> None:
        """
        Note the documents of the index, and forget those that are gone.

        Args:
            documents: their ids and the digests of their content.
            are_all: False where files are out of reach; none is forgotten then, as it would be new when it is back.
        """
        current = dict(documents)
        with self._state.transaction() as db:
            known = {document for (document,) in db.execute("SELECT document FROM known_documents")}
            (latest,) = db.execute(_LATEST).fetchone()
            new = [
                (document, digest, digest, latest + 1) for document, digest in current.items() if document not in known
            ]
            db.executemany(_INSERT, new)
            gone = [(document,) for document in known - current.keys() if are_all]
            db.executemany("DELETE FROM known_documents WHERE document = ?", gone)

    def new_for(self, user_id: int) -> NewDocuments:
        """What came after somebody's last visit; nothing before their first."""
        with self._state.transaction() as db:
            (latest,) = db.execute(_LATEST).fetchone()
            return NewDocuments(frozenset(document for (document,) in db.execute(_NEW, (user_id,))), latest)

    def visit(self, user_id: int, batch: int) -> None:
        """Note that somebody has seen all up to a batch."""
        with self._state.transaction() as db:
            db.execute(
                "INSERT INTO catalogue_visits (user_id, batch) VALUES (?, ?) "
                "ON CONFLICT (user_id) DO UPDATE SET batch = excluded.batch",
                (user_id, batch),
            )

"""
Visits to the list of documents: what is new since somebody's last one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.errors import UnavailableError
from bot.messages.quote_html import escape, truncate
from bot.messages.texts import Texts
from bot.search.search_service import SearchService
from bot.storage.known_documents import KnownDocuments, NewDocuments
from retrieval.index import DocumentRecord

NAMED, _TITLE = 3, 60  # new documents named above the list; units of a title


class CatalogueVisits:
    """Knows the documents of each generation of the index, and who has seen them listed."""

    def __init__(self, search: SearchService, known: KnownDocuments) -> None:
        self._search = search
        self._known = known
        self._generation = ""  # whose documents are known

    async def new_for(self, user_id: int) -> NewDocuments | None:
        """What is new to somebody; None where the documents cannot be read."""
        try:
            generation, manifest = await self._search.generation()
            if generation != self._generation:
                records = await self._search.documents(within=None)
                are_all = len(records) == manifest.documents
                self._known.record(((record.doc_id, record.digest) for record in records), are_all=are_all)
                self._generation = generation if are_all else ""
        except UnavailableError:
            return None
        return self._known.new_for(user_id)

    def note(self, user_id: int, new: NewDocuments) -> None:
        """Note that somebody was shown what is new."""
        self._known.visit(user_id, new.batch)


def new_lines(named: Mapping[int, DocumentRecord], count: int, texts: Texts) -> Iterator[str]:
    """The first of `count` new documents by their numbers in the list."""
    if named:
        yield f"\n🆕 <b>{escape(texts.new_sources.format(count=count))}</b>"
        yield from (f"{number}. {escape(truncate(each.title, _TITLE))}" for number, each in named.items())
        yield "…\n" if count > len(named) else ""

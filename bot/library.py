"""
The Library: the retriever off the event loop, a few questions at a time, each with a deadline.

Whatever keeps the documents from being searched becomes `Unavailable` here, so that nobody behind it knows indexes.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bot.errors import Unavailable
from bot.state import Shown
from embeddings import EmbeddingError
from retrieval.answer import Answer
from retrieval.errors import IndexFault, RetrievalError, StaleQuote, UnknownPassage
from retrieval.index import generation, store
from retrieval.index.generation import Manifest
from retrieval.index.store import DocumentRecord, Store
from retrieval.quote import Quote
from retrieval.retriever import Retriever

HELD = 9  # quotes of an answer: three messages of three
_QUEUE = 60.0  # seconds a question may wait for its turn
_T = TypeVar("_T")


class Library:
    """
    Searches and reads the documents of one index folder.

    Args:
        parallel: searches at a time.
        seconds: how long one may take.
    """

    def __init__(self, retriever: Retriever, index: Path, *, parallel: int, seconds: float) -> None:
        self._retriever = retriever
        self._index = index
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(parallel, thread_name_prefix="library")
        self._places = asyncio.Semaphore(parallel)

    async def warm_up(self) -> None:
        """Loads the index and the model, so that the first question does not wait for them."""
        await asyncio.get_running_loop().run_in_executor(self._pool, self._retriever.warm_up)

    async def ask(self, question: str, previous: str | None = None) -> Answer:
        """The answer to a question; QuestionError when it is none, Unavailable when nothing can be searched now."""
        return await self._run(lambda: self._retriever.ask(question, k=HELD, previous=previous))

    async def neighbour(self, passage_id: str, step: int) -> Quote | None:
        """A paragraph before or after; StaleQuote or UnknownPassage when the document is another one now."""
        return await self._run(lambda: self._retriever.neighbour(passage_id, step))

    async def quotes(self, shown: Sequence[Shown]) -> list[Quote]:
        """The quotes of what an answer holds ready, without those whose words have changed since."""
        return await self._run(lambda: [quote for each in shown if (quote := self._unchanged(each))])

    async def file(self, passage_id: str) -> tuple[str, str, bytes]:
        """A passage's document as (title, file name, bytes), the very file that was indexed; else StaleQuote."""
        return await self._run(lambda: self._file(passage_id))

    async def documents(self) -> list[DocumentRecord]:
        """All documents, by title."""
        return await self._run(lambda: sorted(self._records(), key=lambda record: record.title.casefold()))

    async def first_passages(self, doc_ids: Sequence[str]) -> list[Shown]:
        """The first passage of each document, so that buttons can name the document."""
        return await self._run(lambda: [self._first(doc_id) for doc_id in doc_ids])

    async def headings(self, limit: int) -> list[str]:
        """What the documents are about in their own words: a heading of each, or its title."""
        return await self._run(lambda: [self._heading(record) for record in self._records()[:limit]])

    async def generation(self) -> tuple[str, Manifest]:
        """The name of the live generation, and what it is made of."""
        return await self._run(lambda: (generation.current(self._index).name, self._retriever.manifest()))

    def close(self) -> None:
        """Lets go of the threads; a search under way is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], _T]) -> _T:
        try:
            await asyncio.wait_for(self._places.acquire(), _QUEUE)
        except TimeoutError:
            raise Unavailable(
                f"a question waits at most {_QUEUE:.0f} s for its turn, this one did: see the load"
            ) from None
        try:
            future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        except RuntimeError as error:  # the pool is closed: the program is ending
            self._places.release()
            raise Unavailable("the program is ending") from error
        # The place is free when the thread is, which may be long after its deadline.
        future.add_done_callback(self._leave)
        try:
            return await asyncio.wait_for(asyncio.shield(future), self._seconds)
        except TimeoutError as error:
            raise Unavailable(f"a search has {self._seconds:g} s, this one took longer: see the load") from error
        except (StaleQuote, UnknownPassage):
            raise
        except (IndexFault, EmbeddingError, sqlite3.Error, OSError) as error:
            raise Unavailable("the documents cannot be searched") from error

    def _leave(self, future: asyncio.Future[_T]) -> None:
        self._places.release()
        if not future.cancelled():
            future.exception()  # looked at, so that one who stopped waiting leaves no warning

    def _unchanged(self, shown: Shown) -> Quote | None:
        try:
            quote = self._retriever.passage(shown.passage_id)
        except (StaleQuote, UnknownPassage):
            return None
        return replace(quote, highlight=(shown.start, shown.end)) if digest(quote.text) == shown.digest else None

    def _file(self, passage_id: str) -> tuple[str, str, bytes]:
        quote = self._retriever.passage(passage_id)  # compares the file with what was indexed
        root = self._retriever.manifest().root
        if root is None:
            raise StaleQuote("a document is sent from its file, this index was not built from files")
        data = ((self._index.resolve() / root).resolve() / quote.citation.source).read_bytes()
        record, _ = self._retriever.outline(quote.doc_id)
        if hashlib.sha256(data).hexdigest() != record.sha256:
            raise StaleQuote(f"{record.source} has changed since it was indexed: run `trichdan index`")
        return record.title, Path(record.source).name, data

    def _records(self) -> list[DocumentRecord]:
        opened = Store(generation.current(self._index) / store.FILE)
        try:
            return opened.documents()
        finally:
            opened.close()

    def _first(self, doc_id: str) -> Shown:
        _, passages = self._retriever.outline(doc_id)
        if not passages:
            raise UnknownPassage(f"{doc_id} has no passage to name it by")
        return Shown(passages[0].passage_id, digest(passages[0].text), 0, 0)

    def _heading(self, record: DocumentRecord) -> str:
        try:
            _, passages = self._retriever.outline(record.doc_id)
        except RetrievalError:
            return record.title
        sections = (passage.section.split(" › ")[-1] for passage in passages if passage.section)
        return next(sections, record.title)


def held(quote: Quote) -> Shown:
    """What the state remembers of a quote."""
    return Shown(quote.passage_id, digest(quote.text), *quote.highlight)


def digest(text: str) -> str:
    """Twelve hexadecimal digits of a text's sha256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]

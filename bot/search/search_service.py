"""
The Library: the retriever off the event loop, a few questions at a time, each with a deadline.

Whatever keeps the documents from being searched becomes `Unavailable` here, so that nobody behind it knows indexes.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bot.errors import LargeFile, Outdated, Unavailable
from bot.settings.visibility import Within
from bot.storage.state import Shown
from embeddings import EmbeddingError
from retrieval.answering.answer import Answer
from retrieval.answering.quote import Quote
from retrieval.errors import (
    IndexFault,
    IndexMismatch,
    RetrievalError,
    SizeError,
    StaleQuote,
    UnknownPassage,
)
from retrieval.index.generations import generation
from retrieval.index.generations.generation import Manifest
from retrieval.index.storage.store import DocumentRecord
from retrieval.retriever import Retriever

HELD = 9  # quotes of an answer: three messages of three
LARGEST = 50 * 1024 * 1024  # bytes that a bot may send: Bot API, "sendDocument"
_QUEUE = 60.0  # seconds a question may wait for its turn
_PATIENCE = 8.0  # and what nobody will want to know after about ten
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
        self._serving = 0  # chat questions and buttons that are served or wait
        self._idle = asyncio.Event()
        self._idle.set()
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="aside")  # takes no place from them
        self._spare = asyncio.Lock()

    async def warm_up(self) -> None:
        """Loads the index and the model, so that the first question does not wait for them."""
        await asyncio.get_running_loop().run_in_executor(self._pool, self._retriever.warm_up)

    async def ask(self, question: str, previous: str | None = None, *, within: Within) -> Answer:
        """The answer to a question; QuestionError when it is none, Unavailable when nothing can be searched now."""
        return await self._run(lambda: self._retriever.ask(question, k=HELD, previous=previous, within=within))

    async def neighbour(self, passage_id: str, step: int, *, within: Within) -> Quote | None:
        """A paragraph before or after; StaleQuote or UnknownPassage when the document is another one now."""
        return await self._run(lambda: self._retriever.neighbour(passage_id, step, within=within))

    async def quotes(self, shown: Sequence[Shown], *, within: Within) -> list[Quote | None]:
        """The quotes of what an answer holds ready, None in the place of each that cannot be shown any more."""
        return await self._run(lambda: [self._unchanged(each, within) for each in shown])

    async def file(self, passage_id: str, *, within: Within) -> tuple[str, str, bytes]:
        """A passage's document as (title, file name, bytes), as it was indexed; else StaleQuote or LargeFile."""
        return await self._run(lambda: self._file(passage_id, within))

    async def documents(self, *, within: Within) -> list[DocumentRecord]:
        """The documents that may be seen, by title."""
        return await self._run(
            lambda: sorted(self._retriever.documents(within=within), key=lambda record: record.title.casefold())
        )

    async def first_passages(self, doc_ids: Sequence[str]) -> list[Shown | None]:
        """The first passage of each document, so that buttons can name it; None for one that has none or is gone."""
        return await self._run(lambda: [self._first(doc_id) for doc_id in doc_ids])

    async def headings(self, limit: int, *, within: Within) -> list[str]:
        """What the documents are about in their own words: a heading of each, or its title."""
        return await self._run(lambda: list(map(self._heading, self._retriever.documents(within=within)[:limit])))

    async def collections(self) -> frozenset[str]:
        """The collections that there are."""
        return await self._run(self._retriever.collections)

    @asynccontextmanager
    async def spare_turn(self) -> AsyncIterator[None]:
        """
        A turn to `ask_aside`: one at a time, each begun when nothing else is served or waits. Unavailable when that
        does not come in time.
        """
        async with AsyncExitStack() as turn:
            try:
                async with asyncio.timeout(_PATIENCE):
                    await turn.enter_async_context(self._spare)
                    await self._idle.wait()
            except TimeoutError:
                raise Unavailable(f"what may wait does so for {_PATIENCE:.0f} s, this did: see the load") from None
            yield

    async def ask_aside(self, question: str, k: int, *, within: Within) -> Answer:
        """As `ask`, in a thread of its own, which takes no place from the chats."""
        future = self._begun(self._aside, lambda: self._retriever.ask(question, k=k, within=within))
        future.add_done_callback(_looked_at)
        return await self._ended(future)

    async def generation(self) -> tuple[str, Manifest]:
        """The name of the live generation, and what it is made of."""
        return await self._run(lambda: (generation.live_folder(self._index).name, self._retriever.manifest()))

    def close(self) -> None:
        """Lets go of the threads; a search under way is not waited for."""
        for pool in (self._pool, self._aside):
            pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], _T]) -> _T:
        self._serving += 1
        self._idle.clear()
        try:
            future = await self._placed(work)
        except BaseException:
            self._served()
            raise
        # The place is free when the thread is, which may be long after its deadline.
        future.add_done_callback(self._leave)
        return await self._ended(future)

    async def _placed(self, work: Callable[[], _T]) -> asyncio.Future[_T]:
        try:
            await asyncio.wait_for(self._places.acquire(), _QUEUE)
        except TimeoutError:
            raise Unavailable(
                f"a question waits at most {_QUEUE:.0f} s for its turn, this one did: see the load"
            ) from None
        try:
            return self._begun(self._pool, work)
        except Unavailable:
            self._places.release()
            raise

    def _begun(self, pool: ThreadPoolExecutor, work: Callable[[], _T]) -> asyncio.Future[_T]:
        try:
            return asyncio.get_running_loop().run_in_executor(pool, work)
        except RuntimeError as error:  # the pool is closed: the program is ending
            raise Unavailable("the program is ending") from error

    async def _ended(self, future: asyncio.Future[_T]) -> _T:
        try:
            return await asyncio.wait_for(asyncio.shield(future), self._seconds)
        except TimeoutError as error:
            raise Unavailable(f"a search has {self._seconds:g} s, this one took longer: see the load") from error
        except (StaleQuote, UnknownPassage):
            raise
        except IndexMismatch as error:
            raise Outdated("the index must be built anew before it can be searched") from error
        except (IndexFault, EmbeddingError, sqlite3.Error, OSError) as error:
            raise Unavailable("the documents cannot be searched") from error

    def _leave(self, future: asyncio.Future[_T]) -> None:
        self._places.release()
        self._served()
        _looked_at(future)

    def _served(self) -> None:
        self._serving -= 1
        if not self._serving:
            self._idle.set()

    def _unchanged(self, shown: Shown, within: Within) -> Quote | None:
        try:
            quote = self._retriever.passage(shown.passage_id, within=within)
        except (StaleQuote, UnknownPassage):
            return None
        return replace(quote, highlight=(shown.start, shown.end)) if digest(quote.text) == shown.digest else None

    def _file(self, passage_id: str, within: Within) -> tuple[str, str, bytes]:
        quote = self._retriever.passage(passage_id, within=within)  # compares the file with what was indexed
        record, _ = self._retriever.outline(quote.doc_id)
        try:
            data = self._retriever.source_file(record, limit=LARGEST)
        except SizeError as error:
            raise LargeFile(
                f"a bot sends files up to {LARGEST} bytes, {record.file} has more: read it in its folder"
            ) from error
        return record.title, Path(record.file).name, data

    def _first(self, doc_id: str) -> Shown | None:
        try:
            _, passages = self._retriever.outline(doc_id)
        except UnknownPassage:
            return None
        return Shown(passages[0].passage_id, digest(passages[0].text), 0, 0) if passages else None

    def _heading(self, record: DocumentRecord) -> str:
        try:
            _, passages = self._retriever.outline(record.doc_id)
        except RetrievalError:
            return record.title
        sections = (passage.section.split(" › ")[-1] for passage in passages if passage.section)
        return next(sections, record.title)


def _looked_at(future: asyncio.Future[_T]) -> None:
    """So that one who stopped waiting leaves no warning of what came of it."""
    if not future.cancelled():
        future.exception()


def held(quote: Quote, score: float) -> Shown:
    """What the state remembers of a quote and the score it was found with."""
    return Shown(quote.passage_id, digest(quote.text), *quote.highlight, score)


def digest(text: str) -> str:
    """Twelve hexadecimal digits of a text's sha256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]

"""
The search service: questions in processes, look-ups in threads, with a queue and a deadline.

Whatever prevents a search becomes `UnavailableError` here, so that callers need not know index errors.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from bot.errors import FileTooLargeError, OutdatedIndexError, UnavailableError
from bot.search.example_questions import example_questions
from bot.search.search_workers import Asker, SearchWorkers
from bot.settings.visibility import VisibleCollections
from bot.storage.state import StoredPassage
from embeddings import EmbeddingError
from retrieval import (
    Answer,
    IndexFault,
    IndexMismatch,
    Quote,
    RetrievalError,
    Retriever,
    SizeError,
    StaleQuote,
    UnknownPassage,
    UnreachableIndex,
)
from retrieval.index import AnyAddress, DocumentRecord, Manifest, open_place

MAX_QUOTES = 9  # of an answer: three messages of three
LARGEST = 50 * 1024 * 1024  # bytes that a bot may send: Bot API, "sendDocument"
_QUEUE = 60.0  # seconds a question may wait for its turn
_EXAMPLE_DOCUMENTS, _EXAMPLE_TRIES = 3, 3
_PATIENCE = 8.0  # seconds an inline query may wait: its results are useless after about ten
_T = TypeVar("_T")


class SearchService:
    """
    Searches and reads the documents of one index.

    Args:
        parallel: how many searches run at the same time.
        seconds: the deadline of each.
        asker: what answers questions; by default the retriever, which nothing ends at the deadline.
    """

    def __init__(
        self, retriever: Retriever, index: AnyAddress, *, parallel: int, seconds: float, asker: Asker | None = None
    ) -> None:
        self._retriever = retriever
        self._asker: Asker = asker or retriever
        self._place = open_place(index)
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(parallel, thread_name_prefix="search")
        self._places = asyncio.Semaphore(parallel)
        self._serving = 0  # questions and button presses that run or wait
        self._idle = asyncio.Event()
        self._idle.set()
        self._low_priority_pool = ThreadPoolExecutor(1, thread_name_prefix="low-priority")
        self._low_priority_lock = asyncio.Lock()

    async def warm_up(self) -> None:
        """Load the index and the model before the first question."""
        await asyncio.get_running_loop().run_in_executor(self._pool, self._asker.warm_up)

    async def ask(self, question: str, previous: str | None = None, *, within: VisibleCollections) -> Answer:
        """
        Answer a question; `previous` is the question that it follows up.

        Raises:
            QuestionError: the text is not a question.
            UnavailableError: nothing can be searched now.
        """
        return await self._run(lambda: self._asker.ask(question, k=MAX_QUOTES, previous=previous, within=within))

    async def neighbour(self, passage_id: str, step: int, *, within: VisibleCollections) -> Quote | None:
        """The paragraph `step` away; StaleQuote or UnknownPassage if the document has changed."""
        return await self._run(lambda: self._retriever.neighbour(passage_id, step, within=within))

    async def quotes(self, shown: Sequence[StoredPassage], *, within: VisibleCollections) -> list[Quote | None]:
        """The quotes of stored passages, None for each that can no longer be shown."""
        return await self._run(lambda: [self._quote_if_unchanged(each, within) for each in shown])

    async def file(self, passage_id: str, *, within: VisibleCollections) -> tuple[str, str, bytes]:
        """
        A passage's document as (title, file name, bytes), as indexed.

        Raises:
            StaleQuote: the file is gone or has changed.
            FileTooLargeError: a bot may not send it.
        """
        return await self._run(lambda: self._file(passage_id, within))

    async def documents(self, *, within: VisibleCollections) -> list[DocumentRecord]:
        """The visible documents, sorted by title."""
        return await self._run(lambda: self._documents(within))

    async def first_passages(self, doc_ids: Sequence[str]) -> list[StoredPassage | None]:
        """The first passage of each document, None if it has none or is gone."""
        return await self._run(lambda: [self._first(doc_id) for doc_id in doc_ids])

    async def example_questions(self, limit: int, ruled: str, *, within: VisibleCollections) -> list[str]:
        """
        Questions made from different documents, each of which is answered surely.

        `ruled`: see `example_questions`.
        """
        return await self._run(lambda: list(islice(self._answered_examples(limit, ruled, within), limit)))

    async def collections(self) -> frozenset[str]:
        """The collections of the index."""
        return await self._run(self._retriever.collections)

    @asynccontextmanager
    async def low_priority_turn(self) -> AsyncIterator[None]:
        """
        Wait until `ask_low_priority` may be called: alone, and while nothing else runs or waits.

        Raises:
            UnavailableError: that did not happen in time.
        """
        async with AsyncExitStack() as turn:
            try:
                async with asyncio.timeout(_PATIENCE):
                    await turn.enter_async_context(self._low_priority_lock)
                    await self._idle.wait()
            except TimeoutError:
                raise UnavailableError(f"what may wait does so for {_PATIENCE:.0f} s, this did: see the load") from None
            yield

    async def ask_low_priority(self, question: str, k: int, *, within: VisibleCollections) -> Answer:
        """Answer a question in a separate thread, which takes none from the chats."""
        return await self._run_low_priority(lambda: self._asker.ask(question, k=k, within=within))

    async def documents_low_priority(self, *, within: VisibleCollections) -> list[DocumentRecord]:
        """The same as `documents`, in the thread of `ask_low_priority`."""
        return await self._run_low_priority(lambda: self._documents(within))

    async def generation(self) -> tuple[str, Manifest]:
        """The live generation's name and manifest."""
        return await self._run(lambda: (self._place.live(), self._retriever.manifest()))

    def forget_questions(self) -> None:
        """Start the processes anew that answer questions, since their caches hold words of these."""
        if isinstance(self._asker, SearchWorkers):
            self._start(self._low_priority_pool, self._asker.renew).add_done_callback(_consume_exception)

    def close(self) -> None:
        """Release the threads without waiting for running searches."""
        for pool in (self._pool, self._low_priority_pool):
            pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], _T]) -> _T:
        self._serving += 1
        self._idle.clear()
        try:
            future = await self._submit(work)
        except BaseException:
            self._finish()
            raise
        # The place is released when the thread ends, which may be long after the deadline.
        future.add_done_callback(self._release)
        return await self._result(future)

    async def _run_low_priority(self, work: Callable[[], _T]) -> _T:
        future = self._start(self._low_priority_pool, work)
        future.add_done_callback(_consume_exception)
        return await self._result(future)

    async def _submit(self, work: Callable[[], _T]) -> asyncio.Future[_T]:
        try:
            await asyncio.wait_for(self._places.acquire(), _QUEUE)
        except TimeoutError:
            raise UnavailableError(
                f"a question waits at most {_QUEUE:.0f} s for its turn, this one did: see the load"
            ) from None
        try:
            return self._start(self._pool, work)
        except UnavailableError:
            self._places.release()
            raise

    def _start(self, pool: ThreadPoolExecutor, work: Callable[[], _T]) -> asyncio.Future[_T]:
        try:
            return asyncio.get_running_loop().run_in_executor(pool, work)
        except RuntimeError as error:  # the pool is closed: the bot is stopping
            raise UnavailableError("the program is ending") from error

    async def _result(self, future: asyncio.Future[_T]) -> _T:
        try:
            return await asyncio.wait_for(asyncio.shield(future), self._seconds)
        except TimeoutError as error:
            raise UnavailableError(f"a search has {self._seconds:g} s, this one took longer: see the load") from error
        except (StaleQuote, UnknownPassage):
            raise
        except IndexMismatch as error:
            raise OutdatedIndexError("the index must be built anew before it can be searched") from error
        except (IndexFault, UnreachableIndex, EmbeddingError, OSError) as error:
            raise UnavailableError("the documents cannot be searched") from error

    def _release(self, future: asyncio.Future[_T]) -> None:
        self._places.release()
        self._finish()
        _consume_exception(future)

    def _finish(self) -> None:
        self._serving -= 1
        if not self._serving:
            self._idle.set()

    def _documents(self, within: VisibleCollections) -> list[DocumentRecord]:
        return sorted(self._retriever.documents(within=within), key=lambda record: record.title.casefold())

    def _quote_if_unchanged(self, shown: StoredPassage, within: VisibleCollections) -> Quote | None:
        try:
            quote = self._retriever.passage(shown.passage_id, within=within)
        except (StaleQuote, UnknownPassage):
            return None
        return replace(quote, highlight=(shown.start, shown.end)) if digest(quote.text) == shown.digest else None

    def _file(self, passage_id: str, within: VisibleCollections) -> tuple[str, str, bytes]:
        quote = self._retriever.passage(passage_id, within=within)  # verifies the file against the index
        record, _ = self._retriever.outline(quote.doc_id)
        try:
            data = self._retriever.source_file(record, limit=LARGEST)
        except SizeError as error:
            raise FileTooLargeError(
                f"a bot sends files up to {LARGEST} bytes, {record.file} has more: read it in its folder"
            ) from error
        return record.title, Path(record.file).name, data

    def _first(self, doc_id: str) -> StoredPassage | None:
        try:
            _, passages = self._retriever.outline(doc_id)
        except UnknownPassage:
            return None
        return StoredPassage(passages[0].passage_id, digest(passages[0].text), 0, 0) if passages else None

    def _answered_examples(self, limit: int, ruled: str, within: VisibleCollections) -> Iterator[str]:
        """Asks at most a few of each document, and of a few times `limit` documents."""
        for record in self._retriever.documents(within=within)[: _EXAMPLE_DOCUMENTS * limit]:
            try:
                _, passages = self._retriever.outline(record.doc_id)
            except RetrievalError:
                continue
            tried = islice(example_questions(passages, ruled=ruled), _EXAMPLE_TRIES)
            found = (question for question in tried if self._is_answered(question, within))
            yield from islice(found, 1)

    def _is_answered(self, question: str, within: VisibleCollections) -> bool:
        return self._asker.ask(question, k=1, within=within).state == "found"


def _consume_exception(future: asyncio.Future[_T]) -> None:
    """Retrieve a future's exception, so that asyncio does not warn about it."""
    if not future.cancelled():
        future.exception()


def stored_passage(quote: Quote, score: float) -> StoredPassage:
    """A quote and its score as the state stores them."""
    return StoredPassage(quote.passage_id, digest(quote.text), *quote.highlight, score)


def digest(text: str) -> str:
    """Twelve hexadecimal digits of a text's sha256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]

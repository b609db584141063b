"""
Drawing: the pages on which a quote stands as pictures, one paragraph at a time, in a process that may be killed.

Apart from `library`, whose threads are for questions: nobody's question waits because somebody looks at pages.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor

from bot.errors import Unavailable, Undrawn
from bot.settings.visibility import Within
from retrieval.answering.quote import Quote
from retrieval.errors import DocumentError, IndexFault, PagelessError, StaleQuote, UnknownPassage
from retrieval.reading.pdf.page_image import Picture
from retrieval.reading.sandbox.process import Workshop
from retrieval.retriever import Retriever

_LOGGER = logging.getLogger(__name__)
_SECONDS = 20.0  # for one paragraph
_QUEUE = 30.0  # seconds that a press may wait for its turn


class Drawing:
    """
    Draws pages of the documents.

    Args:
        seconds: how long the pages of one paragraph may take.
    """

    def __init__(self, retriever: Retriever, *, seconds: float = _SECONDS) -> None:
        self._retriever = retriever
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="drawing")
        self._workshop = Workshop(seconds=seconds)

    async def pictures(self, quote: Quote, *, within: Within) -> tuple[Picture, ...]:
        """
        The pages of a quote that may be seen.

        Raises:
            StaleQuote, UnknownPassage: the document is another one now, or is not to be seen.
            Undrawn: it has no pages, or they cannot be drawn, or not in time.
            Unavailable: the index cannot be read, or the program is ending.
        """
        try:
            await asyncio.wait_for(self._turn.acquire(), _QUEUE)
        except TimeoutError:
            raise Undrawn(f"a page waits at most {_QUEUE:.0f} s to be drawn, this one did: see the load") from None
        try:
            future = asyncio.get_running_loop().run_in_executor(self._pool, self._drawn, quote, within)
        except RuntimeError as error:  # the pool is closed
            self._turn.release()
            raise Unavailable("the program is ending") from error
        # The turn ends with the thread, also when nobody waits for it any more.
        future.add_done_callback(self._leave)
        try:
            return await asyncio.shield(future)
        except (PagelessError, DocumentError) as error:
            _LOGGER.warning("a page was not drawn: %s", error)
            raise Undrawn(str(error)) from error
        except (StaleQuote, UnknownPassage):
            raise
        except (IndexFault, sqlite3.Error, OSError) as error:
            raise Unavailable("the documents cannot be read") from error

    def close(self) -> None:
        """Ends what is being drawn, and lets go of the thread."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._workshop.interrupt()

    def _drawn(self, quote: Quote, within: Within) -> tuple[Picture, ...]:
        # A process for each paragraph: one that is kept would hold a file's memory for as long as the bot runs.
        try:
            return self._retriever.page_images(quote, workshop=self._workshop, within=within)
        finally:
            self._workshop.close()

    def _leave(self, future: asyncio.Future[tuple[Picture, ...]]) -> None:
        self._turn.release()
        if not future.cancelled():
            future.exception()  # so that one who stopped waiting leaves no warning of what came of it

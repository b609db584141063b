"""
Page images: render the pages of a quote in a killable process.

One quote at a time, in a separate thread, so that no question waits for page images.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from bot.errors import PageImageError, UnavailableError
from bot.settings.visibility import VisibleCollections
from retrieval import (
    DocumentError,
    IndexFault,
    PagelessError,
    Quote,
    Retriever,
    StaleQuote,
    UnknownPassage,
    UnreachableIndex,
)
from retrieval.reading import PageImage, Sandbox

_LOGGER = logging.getLogger(__name__)
_SECONDS = 20.0  # to render the pages of one quote
_QUEUE = 30.0  # seconds that a button press may wait for its turn


class PageImages:
    """
    Renders pages of the documents.

    Args:
        seconds: the limit for the pages of one quote.
    """

    def __init__(self, retriever: Retriever, *, seconds: float = _SECONDS) -> None:
        self._retriever = retriever
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="page-images")
        self._sandbox = Sandbox(seconds=seconds)

    async def draw(self, quote: Quote, *, within: VisibleCollections) -> tuple[PageImage, ...]:
        """
        Render the pages of a quote.

        Raises:
            StaleQuote, UnknownPassage: the document has changed, or may not be shown.
            PageImageError: it has no pages, or they cannot be rendered in time.
            UnavailableError: the index cannot be read, or the bot is stopping.
        """
        try:
            await asyncio.wait_for(self._turn.acquire(), _QUEUE)
        except TimeoutError:
            raise PageImageError(
                f"a page waits at most {_QUEUE:.0f} s to be drawn, this one did: see the load"
            ) from None
        try:
            future = asyncio.get_running_loop().run_in_executor(self._pool, self._render, quote, within)
        except RuntimeError as error:  # the pool is closed
            self._turn.release()
            raise UnavailableError("the program is ending") from error
        # The turn ends when the thread does, even if nobody waits for it any more.
        future.add_done_callback(self._release)
        try:
            return await asyncio.shield(future)
        except (PagelessError, DocumentError) as error:
            _LOGGER.warning("a page was not drawn: %s", error)
            raise PageImageError(str(error)) from error
        except (StaleQuote, UnknownPassage):
            raise
        except (IndexFault, UnreachableIndex, OSError) as error:
            raise UnavailableError("the documents cannot be read") from error

    def close(self) -> None:
        """Stop rendering and release the thread."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._sandbox.interrupt()

    def _render(self, quote: Quote, within: VisibleCollections) -> tuple[PageImage, ...]:
        # One process for each quote: a process that is kept would hold a file's memory while the bot runs.
        try:
            return self._retriever.page_images(quote, sandbox=self._sandbox, within=within)
        finally:
            self._sandbox.close()

    def _release(self, future: asyncio.Future[tuple[PageImage, ...]]) -> None:
        self._turn.release()
        if not future.cancelled():
            future.exception()  # retrieved, so that asyncio does not warn after a caller has stopped waiting

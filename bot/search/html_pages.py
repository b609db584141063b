"""
Pages of HTML that show what was read of a document.

They are made in a process that can be killed, one at a time and in a separate thread, within a time limit: an
administrator waits for one, and no question does.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePath

from bot.errors import FileTooLargeError, HtmlPageError, UnavailableError
from bot.search.interruption import interrupt_until_done
from bot.search.search_service import LARGEST
from bot.settings.visibility import VisibleCollections
from retrieval import DocumentError, IndexFault, Retriever, StaleQuote, UnknownPassage, UnreachableIndex
from retrieval.index import AnyAddress, open_place
from retrieval.inspection import document_of_bytes, write_html_page
from retrieval.reading import MAX_BYTES, Sandbox, ocr_cache_in, read_regular_file, source_of

_LOGGER = logging.getLogger(__name__)
_SECONDS = 120.0  # for one page
_QUEUE = 30.0  # seconds that a button press may wait for its turn
_MEMORY = 1024**3  # bytes of address space
_IMAGES = 60  # pictures of pages: about 12 MB


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page of HTML and the document that it shows."""

    source: str
    data: bytes

    @property
    def name(self) -> str:
        """The name of the file that is sent."""
        return f"{PurePath(self.source).name}-ban-doc.html"


class HtmlPages:
    """
    Writes pages of HTML of documents.

    Args:
        index: its address, for what OCR has found.
        seconds: the limit for one page.
    """

    def __init__(self, retriever: Retriever, index: AnyAddress, *, seconds: float = _SECONDS) -> None:
        self._retriever = retriever
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="html-pages")
        # The limit of one request is longer: the one for the whole page comes first.
        self._sandbox = Sandbox(
            seconds=2 * seconds, memory=_MEMORY, ocr_cache=ocr_cache_in(open_place(index).caches, runs_ocr=False)
        )

    async def of_passage(self, passage_id: str, *, within: VisibleCollections) -> HtmlPage:
        """
        The page of a passage's document, as it was indexed.

        Raises:
            StaleQuote, UnknownPassage: the document has changed, or may not be shown.
            HtmlPageError: it cannot be read in time.
            FileTooLargeError: a bot may not send it.
            UnavailableError: the index cannot be read, or the bot is stopping.
        """

        def write(target: Path) -> str:
            retriever, sandbox = self._retriever, self._sandbox
            return retriever.write_html_page(passage_id, target, sandbox=sandbox, images=_IMAGES, within=within)

        return await self._run(write)

    async def of_file(self, file: Path) -> HtmlPage:
        """The page of a file outside the corpus; raises as `of_passage` does."""

        def write(target: Path) -> str:
            source = source_of(file, file.parent)
            data = read_regular_file(file, source, MAX_BYTES)
            document = document_of_bytes(data, source, self._sandbox)
            write_html_page(document, data, self._sandbox, target, images=_IMAGES)
            return source

        return await self._run(write)

    def close(self) -> None:
        """Stop writing and release the thread."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._sandbox.interrupt()

    async def _run(self, write: Callable[[Path], str]) -> HtmlPage:
        try:
            await asyncio.wait_for(self._turn.acquire(), _QUEUE)
        except TimeoutError:
            raise HtmlPageError("", f"a page waits at most {_QUEUE:.0f} s for its turn, this one did") from None
        try:
            return await self._written(write)
        finally:
            self._turn.release()

    async def _written(self, write: Callable[[Path], str]) -> HtmlPage:
        try:
            writing = asyncio.get_running_loop().run_in_executor(self._pool, self._page, write)
        except RuntimeError as error:  # the pool is closed
            raise UnavailableError("the program is ending") from error
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(writing)
        except TimeoutError:
            raise HtmlPageError("", f"a page is written within {self._seconds:g} s, this one was not") from None
        except DocumentError as error:
            _LOGGER.warning("a page of HTML was not written: %s", error)
            raise HtmlPageError(type(error).__name__, str(error)) from error
        except (StaleQuote, UnknownPassage):
            raise
        except (IndexFault, UnreachableIndex, OSError) as error:
            raise UnavailableError("the documents cannot be read") from error
        finally:
            await self._end(writing)

    async def _end(self, writing: asyncio.Future[HtmlPage]) -> None:
        """Wait for the thread, whose process is killed if it still runs."""
        await interrupt_until_done(writing, self._sandbox)
        if not writing.cancelled():
            writing.exception()  # retrieved, so that asyncio does not warn

    def _page(self, write: Callable[[Path], str]) -> HtmlPage:
        # One process for each page: a process that is kept would hold a file's memory while the bot runs.
        with tempfile.TemporaryDirectory(prefix="trichdan-html-") as folder, self._sandbox:
            target = Path(folder) / "page.html"
            source = write(target)
            if target.stat().st_size > LARGEST:
                raise FileTooLargeError(f"a bot sends files up to {LARGEST} bytes, the page of {source} has more")
            return HtmlPage(source, target.read_bytes())

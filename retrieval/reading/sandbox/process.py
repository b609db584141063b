"""
The sandbox: a child process that reads untrusted files and can be killed.

Format libraries are large, partly in C, and fed with files from anywhere. A file that hangs, exhausts the memory or
crashes the process is refused; the next file gets a new process. `retrieval.worker` runs inside, confined by
`confinement`; it also draws page images, for the same reasons.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import asdict
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, Final, Self, cast

from retrieval.errors import BrokenError, ExhaustedError, ScannedError
from retrieval.module_process import module_command, module_environment
from retrieval.reading.content_outline import with_whole_outline
from retrieval.reading.sandbox.messages import (
    content_from_reply,
    images_from_reply,
    layout_from_reply,
    reply_from_content,
    summary_from_reply,
)
from retrieval.reading.sandbox.scratch_folder import delete_scratch_folder, new_scratch_folder

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from retrieval.reading.document import Content
    from retrieval.reading.layout.page_layout import FileLayout, LayoutRequest
    from retrieval.reading.pdf.page_image import PageImage, PageRequest
    from retrieval.reading.sandbox.content_cache import ContentCache
    from retrieval.reading.sandbox.ocr_cache import OcrCache
    from retrieval.reading.summary import DocumentSummary

MEMORY: Final = 2 * 1024**3  # bytes of address space, below what bot/deploy/trichdan.service has in all
SECONDS: Final = 180.0  # per file, read and analyzed; a hundred PDF pages take about five, on a busy machine twenty
_RECOGNITION_SECONDS: Final = 1800.0  # per scanned file; a page takes about five
_LONGEST_REPLY: Final = 1024**3  # bytes; pictures of pages are the largest
# All that the readers, tesseract and LibreOffice need; every other variable may be a secret.
_PASSED_ON = frozenset(
    "PATH TZ LANG LC_ALL LC_CTYPE LD_LIBRARY_PATH TESSDATA_PREFIX OPENBLAS_NUM_THREADS PYTHONPATH".split()
)


class Sandbox:
    """
    A child process for reading files, started on first use. Safe to share between threads.

    Args:
        seconds: time limit per file.
        memory: bytes of address space of the process.
        ocr_cache: OCR results; without it scanned files are refused.
        content_cache: contents read before; refusals are not stored.
    """

    def __init__(
        self,
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        ocr_cache: OcrCache | None = None,
        content_cache: ContentCache | None = None,
    ) -> None:
        self._seconds = seconds
        self._memory = memory
        self._ocr_cache = ocr_cache
        self.content_cache = content_cache
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch: Path | None = None
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            _kill(process)
            process.communicate()
        scratch, self._scratch = self._scratch, None
        if scratch is not None:
            delete_scratch_folder(scratch)

    def interrupt(self) -> None:
        """Kill the process from any thread; the waiting call raises BrokenError."""
        process = self._process
        if process is not None:
            _kill(process)

    def read(self, data: bytes, source: str) -> Content:
        """Read a file by its suffix; raises the reader's DocumentError."""
        reply = self.content_cache.find(data, source) if self.content_cache else None
        if reply is None:
            reply = self._request(data, source, self._seconds)
            if self.content_cache and "content" in reply:
                self.content_cache.keep(data, source, reply)
        if self._ocr_cache is not None and _has_scans(reply):
            reply = self._with_scans(self._ocr_cache, data, source, reply)
        return content_from_reply(reply)

    def summarize(self, data: bytes, source: str) -> DocumentSummary:
        """Summarize a file of any format, without sidecar or caches; raises the reader's DocumentError."""
        return summary_from_reply(self._request(data, source, self._seconds, summary=True))

    def draw(self, data: bytes, source: str, page_request: PageRequest) -> tuple[PageImage, ...]:
        """Draw the pages of a PDF on which a passage stands; raises the reader's DocumentError."""
        return images_from_reply(self._request(data, source, self._seconds, page_request=page_request))

    def layout(self, data: bytes, source: str, layout_request: LayoutRequest) -> FileLayout:
        """Where the words of pages stand, recognised before where they are scanned; raises a DocumentError."""
        entry = self._ocr_cache.entry(data) if self._ocr_cache else {}
        ocr = {"known": entry if "pages" in entry else {"pages": {}, "version": ""}, "runs": False}
        reply = self._request(data, source, self._seconds, ocr=ocr, layout_request=layout_request)
        return layout_from_reply(reply)

    def missing_layers(self) -> tuple[str, ...]:
        """What this machine's kernel does not keep the process from; see `confinement`."""
        return tuple(self._request(b"", "", self._seconds, layers=True)["missing_layers"])

    def _with_scans(self, ocr_cache: OcrCache, data: bytes, source: str, reply: dict[str, Any]) -> dict[str, Any]:
        """The reply with the scanned pages, or as it is if they cannot be recognised."""
        entry = ocr_cache.entry(data)
        if not ocr_cache.runs_ocr and not entry:
            return reply
        if "content" in entry and not ocr_cache.runs_ocr:  # stored before 0.3.0, as a whole
            return _whole(entry) or reply
        known = entry if "pages" in entry else {"pages": {}, "version": ""}
        found = self._request(data, source, _RECOGNITION_SECONDS, ocr={"known": known, "runs": ocr_cache.runs_ocr})
        if found.get("recognised", known) != known:
            ocr_cache.keep(data, found["recognised"])
        return reply if "content" in reply and "content" not in found else found

    def _request(
        self,
        data: bytes,
        source: str,
        seconds: float,
        *,
        ocr: dict[str, Any] | None = None,
        summary: bool = False,
        page_request: PageRequest | None = None,
        layout_request: LayoutRequest | None = None,
        layers: bool = False,
    ) -> dict[str, Any]:
        wanted = {
            "ocr": ocr,
            "summary": summary,
            "page_request": asdict(page_request) if page_request else None,
            "layout": asdict(layout_request) if layout_request else None,
            "layers": layers,
        }
        with self._lock:
            try:
                return self._exchange(data, source, seconds, wanted)
            except BaseException:
                self.close()
                raise

    def _exchange(self, data: bytes, source: str, seconds: float, wanted: dict[str, Any]) -> dict[str, Any]:
        self._scratch = self._scratch or new_scratch_folder()
        process = self._process = self._process or _start_process(self._memory, self._scratch)
        requests, replies = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        request = json.dumps({"source": source, "length": len(data), "seconds": seconds, **wanted})
        deadline = time.monotonic() + seconds
        try:
            requests.write(request.encode() + b"\n" + data)
            requests.flush()
            length = int.from_bytes(self._read_exactly(replies, 8, deadline, seconds, source))
            if length > _LONGEST_REPLY:
                raise EOFError  # noqa: TRY301 - whatever answers there is no longer our program
            return dict(json.loads(self._read_exactly(replies, length, deadline, seconds, source)))
        except (BrokenPipeError, EOFError, ValueError):
            _kill(process)
            process.wait()
            raise BrokenError(
                f"a document can be read to its end, reading {source} ended the process that read it "
                f"(exit {process.returncode}): open it in its own program and save it again"
            ) from None

    def _read_exactly(self, replies: IO[bytes], count: int, deadline: float, seconds: float, source: str) -> bytes:
        """Read `count` bytes of a reply; EOFError if the process has ended."""
        descriptor = replies.fileno()
        parts: list[bytes] = []
        while count > 0:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise ExhaustedError(
                    f"a document is read within {seconds:g} seconds, {source} was not: split it into several"
                )
            part = os.read(descriptor, min(count, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


def _has_scans(reply: dict[str, Any]) -> bool:
    """Whether a file has pages that can be recognised."""
    if "content" not in reply:
        return bool(reply["error"] == ScannedError.__name__)
    return any(part["kind"] == "page" for part in reply["content"]["unread"])


def _whole(entry: dict[str, Any]) -> dict[str, Any] | None:
    """A content stored without its whole outline, or None if it cannot be used."""
    try:
        return reply_from_content(with_whole_outline(content_from_reply(entry)))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # and tesseract with it


def _start_process(memory: int, scratch: Path) -> subprocess.Popen[bytes]:
    passed_on = {name: value for name, value in os.environ.items() if name in _PASSED_ON}
    return subprocess.Popen(  # noqa: S603 - our own program
        module_command("retrieval.worker", str(memory), str(scratch)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=module_environment({**passed_on, "HOME": str(scratch), "TMPDIR": str(scratch)}),
        start_new_session=True,
    )

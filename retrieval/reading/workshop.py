"""
The Workshop: foreign formats are read in a process of their own, which may be killed.

Their libraries are large, partly in C, and fed with files from anywhere. One file that hangs, eats the memory or
crashes the process is refused; the next file gets a new process. `worker` is what runs in there.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, Final, Self, cast

from retrieval import errors
from retrieval.errors import BrokenError, DocumentError, ExhaustedError
from retrieval.reading.document import Block, Content, Outline

if TYPE_CHECKING:
    from types import TracebackType

    from retrieval.reading.content_cache import ContentCache

SECONDS: Final = 180.0  # for one file; a hundred pages of PDF take about five, on a busy machine twenty
_PACKAGES = Path(__file__).parents[2]


class Workshop:
    """
    A process that reads foreign formats, started when first needed. Safe to share between threads.

    Args:
        seconds: for one file.
        known: where what was read before is kept; a refusal is not.
    """

    def __init__(self, *, seconds: float = SECONDS, known: ContentCache | None = None) -> None:
        self._seconds = seconds
        self._known = known
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def read(self, data: bytes, source: str) -> Content:
        """The content that the reader of the source's suffix finds, or the DocumentError that it raises."""
        with self._lock:
            reply = self._known.find(data, source) if self._known else None
            if reply is None:
                try:
                    reply = self._asked(data, source)
                except BaseException:
                    self.close()
                    raise
                if self._known and "content" in reply:
                    self._known.keep(data, source, reply)
        return content_from(reply)

    def _asked(self, data: bytes, source: str) -> dict[str, Any]:
        process = self._process = self._process or _started()
        requests, replies = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        request = json.dumps({"source": source, "length": len(data), "seconds": self._seconds})
        deadline = time.monotonic() + self._seconds
        try:
            requests.write(request.encode() + b"\n" + data)
            requests.flush()
            length = int.from_bytes(self._bytes(replies, 8, deadline, source))
            return dict(json.loads(self._bytes(replies, length, deadline, source)))
        except (BrokenPipeError, EOFError):
            process.wait()
            raise BrokenError(
                f"a document can be read to its end, reading {source} ended the process that read it "
                f"(exit {process.returncode}): open it in its own program and save it again"
            ) from None

    def _bytes(self, replies: IO[bytes], count: int, deadline: float, source: str) -> bytes:
        """So many bytes of the reply; EOFError when the process ended before."""
        descriptor = replies.fileno()
        parts: list[bytes] = []
        while count > 0:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise ExhaustedError(
                    f"a document is read within {self._seconds:g} seconds, {source} was not: split it into several"
                )
            part = os.read(descriptor, min(count, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


def reply_of(content: Content) -> dict[str, Any]:
    """The content as JSON can carry it."""
    plain = asdict(content)
    published = content.outline.published
    plain["outline"]["published"] = published.isoformat() if published else None
    return {"content": plain}


def content_from(reply: dict[str, Any]) -> Content:
    """The content of a reply; raises the DocumentError that it carries instead."""
    if "error" in reply:
        kind = getattr(errors, str(reply["error"]), DocumentError)
        raise kind(reply["message"])
    plain = reply["content"]
    outline = plain["outline"]
    published = outline["published"]
    blocks = tuple(Block(**{**block, "notes": tuple(block["notes"])}) for block in outline["blocks"])
    day = date.fromisoformat(published) if published else None
    return Content(plain["text"], Outline(**{**outline, "published": day, "blocks": blocks}), plain["origin"])


def _started() -> subprocess.Popen[bytes]:
    path = os.pathsep.join(filter(None, (str(_PACKAGES), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-m", "retrieval.reading.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )

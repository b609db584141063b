"""
The program inside the sandbox: reads files one after the other, within limits.

    request   a line of JSON {"source", "length", "seconds", "ocr", "page_request"}, then the file's bytes
    reply     eight bytes of length, then JSON: {"content"}, {"pictures"} for a page request, or {"error", "message"}
"""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import sys
import time
from threading import Thread
from typing import Any, BinaryIO

from retrieval.errors import BrokenError, DocumentError, ExhaustedError
from retrieval.reading.pdf.ocr import read_scan
from retrieval.reading.pdf.page_image import PageRequest, draw_pages
from retrieval.reading.reader import reader_for
from retrieval.reading.sandbox.messages import reply_from_content, reply_from_images
from retrieval.reading.sandbox.rlimit import lower_limit, within

_WATCH = 0.5  # seconds between two checks
_MEMORY = 3 * 1024**3  # bytes of address space; large libraries reserve a good part of it


def main() -> None:
    """Answer requests until standard input ends."""
    logging.disable()
    Thread(target=_exit_with_parent, args=(os.getppid(),), daemon=True).start()
    # Output that libraries print must not mix with the replies.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    lower_limit(resource.RLIMIT_AS, _MEMORY)
    while line := sys.stdin.buffer.readline():
        _answer(json.loads(line), sys.stdin.buffer, replies)


def _answer(request: dict[str, Any], files: BinaryIO, replies: BinaryIO) -> None:
    data = files.read(request["length"])
    _limit_cpu(request["seconds"])
    try:
        reply = _handle(data, request)
    except DocumentError as error:
        reply = _refusal(error)
    except (MemoryError, RecursionError) as error:
        memory = within(resource.RLIMIT_AS, _MEMORY) >> 30
        reply = _refusal(
            ExhaustedError(
                f"a document is read within {memory} GB of memory, {request['source']} was not "
                f"({type(error).__name__}): split it into several files"
            )
        )
    except Exception as error:  # noqa: BLE001 - a library's own fault over a damaged file is that file's refusal
        reply = _refusal(
            BrokenError(
                f"a document is whole and what its suffix says, {request['source']} is not ({type(error).__name__}): "
                "open it in its own program and save it again"
            )
        )
    body = json.dumps(reply).encode()
    replies.write(len(body).to_bytes(8) + body)
    replies.flush()


def _handle(data: bytes, request: dict[str, Any]) -> dict[str, Any]:
    source = request["source"]
    if request["page_request"]:
        return reply_from_images(draw_pages(data, source, PageRequest(**request["page_request"])))
    read = read_scan if request["ocr"] else reader_for(source)
    return reply_from_content(read(data, source))


def _exit_with_parent(parent: int) -> None:
    """End this process group, tesseract included, once its parent is gone."""
    while os.getppid() == parent:
        time.sleep(_WATCH)
    if os.getpgrp() == os.getpid():  # as the sandbox starts it
        os.killpg(0, signal.SIGKILL)


def _refusal(error: DocumentError) -> dict[str, Any]:
    return {"error": type(error).__name__, "message": str(error)}


def _limit_cpu(seconds: float) -> None:
    """Allow twice the sandbox's time limit, so that an orphan ends by itself."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(usage.ru_utime + usage.ru_stime + 2 * seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (within(resource.RLIMIT_CPU, limit), hard))


if __name__ == "__main__":
    main()

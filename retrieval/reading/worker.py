"""
The program inside the sandbox: reads files one after the other, within limits.

    request   a line of JSON {"source", "length", "seconds", "ocr", "summary", "page_request", "layout"}, then the bytes
    reply     eight bytes of length, then JSON: {"content"}, also {"recognised"} for a scan, {"summary"}, {"pictures"}
              for a page request, {"pages", "layouts"}, or {"error", "message"}

The one argument is the limit of address space in bytes.
"""

from __future__ import annotations

import hashlib
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
from retrieval.reading.files.sidecar import Sidecar
from retrieval.reading.layout.file_layout import layout_of_file
from retrieval.reading.layout.page_layout import LayoutRequest
from retrieval.reading.pdf.ocr import read_scan
from retrieval.reading.pdf.page_image import PageRequest, draw_pages
from retrieval.reading.reader import document_of, reader_of_content
from retrieval.reading.sandbox.messages import (
    message_from_recognition,
    recognition_from_message,
    reply_from_content,
    reply_from_images,
    reply_from_layout,
    reply_from_summary,
)
from retrieval.reading.sandbox.rlimit import lower_limit, within
from retrieval.reading.summary import summary_of

_WATCH = 0.5  # seconds between two checks


def main() -> None:
    """Answer requests until standard input ends."""
    logging.disable()
    Thread(target=_exit_with_parent, args=(os.getppid(),), daemon=True).start()
    # Output that libraries print must not mix with the replies.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    lower_limit(resource.RLIMIT_CORE, 0)
    memory = lower_limit(resource.RLIMIT_AS, int(sys.argv[1]))
    while line := sys.stdin.buffer.readline():
        _answer(json.loads(line), sys.stdin.buffer, replies, memory)


def _answer(request: dict[str, Any], files: BinaryIO, replies: BinaryIO, memory: int) -> None:
    data = files.read(request["length"])
    _limit_cpu(request["seconds"])
    try:
        reply = _handle(data, request)
    except DocumentError as error:
        reply = _refusal(error)
    except (MemoryError, RecursionError) as error:
        reply = _refusal(
            ExhaustedError(
                f"a document is read within {memory >> 30} GB of memory, {request['source']} was not "
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
    if request["layout"]:
        recognition = recognition_from_message(request["ocr"])
        return reply_from_layout(layout_of_file(data, source, LayoutRequest(**request["layout"]), recognition))
    if request["summary"]:
        sha256 = hashlib.sha256(data).hexdigest()
        document = document_of(reader_of_content(data, source)(data, source), source, sidecar=Sidecar(), sha256=sha256)
        return reply_from_summary(summary_of(document))
    if request["ocr"]:
        recognition = recognition_from_message(request["ocr"])
        content = read_scan(data, source, recognition)
        return {**reply_from_content(content), **message_from_recognition(recognition)}
    return reply_from_content(reader_of_content(data, source)(data, source))


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

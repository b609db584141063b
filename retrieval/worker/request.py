"""
The requests that the sandbox's process answers.

    request   {"source", "length", "seconds", "ocr", "summary", "page_request", "layout", "layers"}
    reply     {"content"}, also {"recognised"} for a scan, {"summary"}, {"pictures"} for a page request,
              {"pages", "layouts"}, or {"error", "message"}
"""

from __future__ import annotations

import hashlib
import resource
from typing import TYPE_CHECKING

from retrieval.errors import BrokenError, DocumentError, ExhaustedError
from retrieval.reading.content_outline import with_whole_outline
from retrieval.reading.files.sidecar import Sidecar
from retrieval.reading.layout.file_layout import layout_of_file
from retrieval.reading.layout.page_layout import LayoutRequest
from retrieval.reading.pdf.ocr import read_scan
from retrieval.reading.pdf.page_image import PageRequest, draw_pages
from retrieval.reading.reader import check_length, document_of_outline, reader_of_content
from retrieval.reading.sandbox.messages import (
    Reply,
    message_from_recognition,
    recognition_from_message,
    reply_from_content,
    reply_from_images,
    reply_from_layout,
    reply_from_summary,
)
from retrieval.reading.sandbox.rlimit import within
from retrieval.reading.summary import summary_of
from retrieval.worker.analysis import analyze_document

if TYPE_CHECKING:
    from retrieval.reading.document import Content


def answer_request(data: bytes, request: Reply, memory: int) -> Reply:
    """The reply to a request; `memory` is what the process may use."""
    _limit_cpu(request["seconds"])
    try:
        return _handle(data, request)
    except DocumentError as error:
        return _refusal(error)
    except (MemoryError, RecursionError) as error:
        return _refusal(
            ExhaustedError(
                f"a document is read within {memory / 1024**3:.3g} GB of memory, {request['source']} was not "
                f"({type(error).__name__}): split it into several files"
            )
        )
    except Exception as error:  # noqa: BLE001 - a library's own fault over a damaged file is that file's refusal
        return _refusal(
            BrokenError(
                f"a document is whole and what its suffix says, {request['source']} is not ({type(error).__name__}): "
                "open it in its own program and save it again"
            )
        )


def _handle(data: bytes, request: Reply) -> Reply:
    source = request["source"]
    if request["page_request"]:
        return reply_from_images(draw_pages(data, source, PageRequest(**request["page_request"])))
    if request["layout"]:
        recognition = recognition_from_message(request["ocr"])
        return reply_from_layout(layout_of_file(data, source, LayoutRequest(**request["layout"]), recognition))
    if request["summary"]:
        content = _analyzed(reader_of_content(data, source)(data, source), source)
        sha256 = hashlib.sha256(data).hexdigest()
        return reply_from_summary(summary_of(document_of_outline(content, source, sidecar=Sidecar(), sha256=sha256)))
    if request["ocr"]:
        recognition = recognition_from_message(request["ocr"])
        content = _analyzed(read_scan(data, source, recognition), source)
        return {**reply_from_content(content), **message_from_recognition(recognition)}
    return reply_from_content(_analyzed(reader_of_content(data, source)(data, source), source))


def _analyzed(content: Content, source: str) -> Content:
    """The content with its whole outline, tried as a build analyzes it."""
    check_length(content, source)
    whole = with_whole_outline(content)
    if whole.outline.blocks:  # a scan may have none yet
        analyze_document(document_of_outline(whole, source, sidecar=Sidecar(), sha256=""))
    return whole


def _refusal(error: DocumentError) -> Reply:
    return {"error": type(error).__name__, "message": str(error)}


def _limit_cpu(seconds: float) -> None:
    """Allow twice the sandbox's time limit, so that an orphan ends by itself."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(usage.ru_utime + usage.ru_stime + 2 * seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (within(resource.RLIMIT_CPU, limit), hard))

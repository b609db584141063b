"""
Page images of the source pages that hold a quote.

The source file is read again, and only if it is still what was indexed.
"""

from __future__ import annotations

from pathlib import PurePath

from retrieval.answering.open_generation import OpenGeneration
from retrieval.answering.source_file import read_source
from retrieval.errors import PagelessError, SizeError, StaleQuote
from retrieval.index.records.document_record import DocumentRecord
from retrieval.passage import Passage
from retrieval.reading.archive import member_of
from retrieval.reading.pdf.page_image import PageImage, PageRequest
from retrieval.reading.reader import MAX_BYTES
from retrieval.reading.sandbox.process import Sandbox

_PAGED = ".pdf"


def page_images_of_passage(generation: OpenGeneration, passage: Passage, sandbox: Sandbox) -> tuple[PageImage, ...]:
    """
    The pages of a passage, with the passage marked where it can be located reliably.

    Raises:
        PagelessError: the format has no pages, or its file can no longer be read; the message names the file.
        StaleQuote: the file is no longer what was indexed.
        DocumentError: no page of it can be drawn, within the sandbox's time.
    """
    record = generation.index.stored_documents((passage.doc_id,))[passage.doc_id].record
    if passage.page is None or PurePath(record.source).suffix.lower() != _PAGED:
        raise PagelessError(
            f"a page is shown of a PDF, {record.source} is in a format without pages: "
            f"open the file itself, {generation.watch.path(record) or record.file}"
        )
    if record.kept:
        raise PagelessError(
            f"a page is drawn from the file that was read, {record.source} can no longer be read and is quoted as "
            "it was before: put a whole file in its place and run `trichdan index`"
        )
    sought = PageRequest(passage.text, passage.page, passage.last_page or passage.page)
    return sandbox.draw(original_file(generation, record), record.source, sought)


def original_file(generation: OpenGeneration, record: DocumentRecord) -> bytes:
    """The bytes of a document's file, extracted from its archive; StaleQuote if it has changed."""
    path = generation.watch.path(record)
    if path is None:
        raise StaleQuote("a page is drawn from its file, this index was not built from files")
    try:
        data = read_source(path, record, MAX_BYTES)
    except SizeError as error:
        raise StaleQuote(f"{record.source} was indexed and can no longer be read: run `trichdan index`") from error
    return member_of(data, record.archive, record.source) if record.archive else data

"""
PDF -> Content, with pypdfium2: text with its pages, without what runs along their edges.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.errors import BrokenError, EmptyError, LockedError, ScannedError, SizeError
from retrieval.reading.composition import Metadata, Piece, content_of, in_one_line, with_notes
from retrieval.reading.document import Block
from retrieval.reading.grid import in_reading_order
from retrieval.reading.running import without_running_lines
from retrieval.reading.sheet import HYPHEN, lines_of_page
from retrieval.reading.sheetnote import without_notes
from retrieval.reading.typeset import pieces_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

    from retrieval.reading.document import Content
    from retrieval.reading.sheet import SheetLine
    from retrieval.reading.sheetnote import SheetNote

MAX_PAGES = 2000
_BETWEEN = "\n\n"
_FEWEST = 15  # letters a page, on average; below it the text is in pictures
# Titles and authors that programs put in of themselves.
_IDLE = re.compile(
    r"(?:microsoft )?(?:word|powerpoint|excel)\b.*|.*\.(?:docx?|rtf|odt|pdf|xlsx?|tmp|html?)|untitled.*|document\d*"
    r"|admin(?:istrator)?|user|pc|windows user|.*\b(?:writer|acrobat|distiller)\b.*|[\W\d_]*",
    re.IGNORECASE,
)


def read_pdf(data: bytes, source: str) -> Content:
    """The content of a PDF file."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        raise _refusal(source, str(error)) from error
    try:
        if pages > MAX_PAGES:
            raise SizeError(
                f"a PDF has at most {MAX_PAGES:,} pages, {source} has {pages:,}: split it into several files"
            )
        lines = _lines(document, pages)
        _refuse_pictures(lines, pages, source)
        parted = without_running_lines(lines)
        noted = without_notes(parted.text)
        pieces = with_notes(pieces_of(in_reading_order(noted.text)), _note_pieces(noted.notes))
        return _with_edges(content_of(pieces, _metadata(document)), [*noted.unclear, *parted.edges])
    finally:
        document.close()


def _refusal(source: str, reason: str) -> BrokenError | LockedError:
    if "password" in reason.lower() or "security" in reason.lower():
        return LockedError(f"a PDF can be read without a password, {source} cannot: save it again without one")
    return BrokenError(f"a .pdf is a whole PDF, {source} is damaged or something else: open it and save it again")


def _lines(document: PdfDocument, pages: int) -> list[SheetLine]:
    lines: list[SheetLine] = []
    for number in range(pages):
        page = document[number]
        lines += lines_of_page(page, number + 1)
        page.close()
    return lines


def _refuse_pictures(lines: list[SheetLine], pages: int, source: str) -> None:
    if not pages:
        raise EmptyError(f"a document holds text, {source} has no pages: fill it or remove it")
    letters = sum(char.isalnum() for line in lines for char in line.text)
    if letters < _FEWEST * pages:
        raise ScannedError(
            f"a PDF holds its text as letters, {source} has {letters} on {pages} pages, which are scanned pictures: "
            "recognise its text first (for example with `ocrmypdf -l vie`), or index the original document"
        )


def _note_pieces(notes: list[SheetNote]) -> list[Piece]:
    return [
        Piece(" ".join(piece.text for piece in pieces_of(note.lines)), "footnote", page=note.page, marker=note.marker)
        for note in notes
    ]


def _with_edges(content: Content, edges: list[SheetLine]) -> Content:
    """
    With the lines of the edges after the text, where none gets into a sentence or is taken for the title, and behind a
    heading without a word, so that none is cited as a part of the last article.
    """
    text, blocks = content.text, list(content.outline.blocks)
    for line in edges:
        start = len(text) + len(_BETWEEN) if text else 0
        if line is edges[0]:
            blocks.append(Block("heading", start, start, level=1, page=line.page))
        text += _BETWEEN * bool(text) + line.text.replace(HYPHEN, "-")
        blocks.append(Block("paragraph", start, len(text), page=line.page))
    return replace(content, text=text, outline=replace(content.outline, blocks=tuple(blocks)))


def _metadata(document: PdfDocument) -> Metadata:
    """What the file's own fields say and a program did not; the day it was made is no date of publication."""
    fields = {key: in_one_line(words) for key, words in document.get_metadata_dict().items()}
    title, author = fields.get("Title", ""), fields.get("Author", "")
    return Metadata(title="" if _IDLE.fullmatch(title) else title, author="" if _IDLE.fullmatch(author) else author)

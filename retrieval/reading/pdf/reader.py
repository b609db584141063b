"""
Read PDFs with pypdfium2: paragraphs with pages, footnotes, no running heads.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.errors import BrokenError, EmptyError, LockedError, ScannedError, SizeError
from retrieval.reading.assembly.content import Metadata, Piece, content_of, in_one_line, with_notes
from retrieval.reading.document import Block, Unread
from retrieval.reading.pdf.characters import HYPHEN
from retrieval.reading.pdf.columns import in_reading_order
from retrieval.reading.pdf.footnotes import split_footnotes
from retrieval.reading.pdf.form_fields import page_with_fields
from retrieval.reading.pdf.legacy_font import legacy_fonts_of_pdf
from retrieval.reading.pdf.lines import lines_of_page
from retrieval.reading.pdf.page_objects import annotated_words
from retrieval.reading.pdf.paragraphs import pieces_of
from retrieval.reading.pdf.running_heads import is_at_edge, split_running_heads
from retrieval.reading.pdf.scans import lines_beside_scans, origin_of, scanned_pages, sheet_of
from retrieval.reading.pdf.stamps import split_stamps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pypdfium2 import PdfDocument

    from retrieval.reading.document import Content, Origin
    from retrieval.reading.pdf.footnotes import PdfFootnote
    from retrieval.reading.pdf.legacy_font import PdfLegacyFonts
    from retrieval.reading.pdf.lines import PdfLine
    from retrieval.reading.pdf.scans import Sheet

MAX_PAGES = 2000
_BETWEEN = "\n\n"
_FEWEST = 15  # letters per page, on average; fewer mean scanned images
_LONGEST_MARGIN = 100  # characters
_MOST_MARGINS = 200  # lines
_TITLE_LINES = 4  # of the longest title


def read_pdf(data: bytes, source: str) -> Content:
    """Read a PDF."""
    with opened_pdf(data, source) as document:
        pages = len(document)
        if pages > MAX_PAGES:
            raise SizeError(
                f"a PDF has at most {MAX_PAGES:,} pages, {source} has {pages:,}: split it into several files"
            )
        legacy = legacy_fonts_of_pdf(document)
        sheets = sheets_of(document, legacy)
        scanned = scanned_pages(sheets)
        lines = lines_beside_scans(sheets, scanned)
        _refuse_pictures(lines, pages, scanned, source)
        origin = legacy.origin or origin_of(sheets, scanned)
        content = content_of_lines(lines, _metadata(document, legacy, lines), origin=origin)
        margins = (*content.margins, *margins_of(document, sheets, scanned))
        return replace(content, unread=unread_of(sheets, scanned), margins=margins)


def unread_of(sheets: Sequence[Sheet], scanned: Iterable[int]) -> tuple[Unread, ...]:
    """The pages and form fields that are left out."""
    fields = ((number, sheet.unread_fields) for number, sheet in enumerate(sheets, 1) if sheet.unread_fields)
    return (
        *(Unread("page", page=number + 1) for number in sorted(scanned)),
        *(Unread("form-field", page=number, count=count) for number, count in fields),
    )


def margins_of(document: PdfDocument, sheets: Sequence[Sheet], scanned: Iterable[int]) -> tuple[str, ...]:
    """Notes, watermarks over scanned pages, and the first page's stamps and edges."""
    over_scans = (line.text for number in sorted(scanned) for line in sheets[number].lines)
    stamped = (line.text for sheet in sheets[:1] for line in (*_written_late(sheet.lines), *_at_edges(sheet.lines)))
    lines = (line for words in (*annotated_words(document), *over_scans, *stamped) if (line := in_one_line(words)))
    return tuple(dict.fromkeys(line for line in lines if len(line) <= _LONGEST_MARGIN))[:_MOST_MARGINS]


def _written_late(lines: Sequence[PdfLine]) -> Iterator[PdfLine]:
    """
    Lines that stand above what the file writes before them.

    They were put on a finished page, or begin a further column.
    """
    return (line for before, line in pairwise(lines) if line.baseline > before.baseline + line.size)


def _at_edges(lines: Sequence[PdfLine]) -> Iterator[PdfLine]:
    """Lines where headers and footers stand, also those of one page."""
    return filter(is_at_edge, lines)


def sheets_of(document: PdfDocument, legacy: PdfLegacyFonts) -> list[Sheet]:
    """Every page's lines, and whether the page is a picture."""
    sheets: list[Sheet] = []
    for number in range(len(document)):
        with page_with_fields(document, number) as (page, fields):
            lines = lines_of_page(page, number + 1, legacy, fields)
            sheets.append(sheet_of(page, lines, unread_fields=fields.unread))
    return sheets


@contextmanager
def opened_pdf(data: bytes, source: str) -> Iterator[PdfDocument]:
    """Open a PDF with pdfium; BrokenError or LockedError if it cannot."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _refusal(source, str(error)) from error
    try:
        yield document
    finally:
        document.close()


def content_of_lines(lines: Sequence[PdfLine], metadata: Metadata, *, origin: Origin) -> Content:
    """Build the content of a document from the lines of its pages."""
    text, stamps = split_stamps(lines)
    heads = split_running_heads(text)
    footnotes = split_footnotes(heads.text)
    pieces = with_notes(pieces_of(in_reading_order(footnotes.text)), _note_pieces(footnotes.notes))
    return _with_edges(content_of(pieces, metadata, origin=origin), [*footnotes.unclear, *heads.edges, *stamps])


def _refusal(source: str, reason: str) -> BrokenError | LockedError:
    if "password" in reason.lower() or "security" in reason.lower():
        return LockedError(f"a PDF can be read without a password, {source} cannot: save it again without one")
    return BrokenError(f"a .pdf is a whole PDF, {source} is damaged or something else: open it and save it again")


def _refuse_pictures(lines: list[PdfLine], pages: int, scanned: frozenset[int], source: str) -> None:
    if not pages:
        raise EmptyError(f"a document holds text, {source} has no pages: fill it or remove it")
    letters = sum(char.isalnum() for line in lines for char in line.text)
    if len(scanned) == pages or letters < _FEWEST * (pages - len(scanned)):
        raise ScannedError(
            f"a PDF holds its text as letters, {source} has {letters} on {pages} pages, which are scanned pictures or "
            "were badly recognised: recognise its text first (for example with `ocrmypdf -l vie`, or by "
            "`trichdan index --ocr`), or index the original document"
        )


def _note_pieces(notes: list[PdfFootnote]) -> list[Piece]:
    return [
        Piece(" ".join(piece.text for piece in pieces_of(note.lines)), "footnote", page=note.page, marker=note.marker)
        for note in notes
    ]


def _with_edges(content: Content, edges: list[PdfLine]) -> Content:
    """
    Append running heads after the text.

    There they interrupt no sentence and are not taken for the title. An empty heading before them keeps them from being
    cited as part of the last article.
    """
    text, blocks = content.text, list(content.outline.blocks)
    for line in edges:
        start = len(text) + len(_BETWEEN) if text else 0
        if line is edges[0]:
            blocks.append(Block("heading", start, start, level=1, page=line.page))
        text += _BETWEEN * bool(text) + line.text.replace(HYPHEN, "-")
        blocks.append(Block("paragraph", start, len(text), page=line.page, last_page=line.page))
    margins = tuple(line.text for line in edges)
    return replace(content, text=text, outline=replace(content.outline, blocks=tuple(blocks)), margins=margins)


def _metadata(document: PdfDocument, legacy: PdfLegacyFonts, lines: Sequence[PdfLine]) -> Metadata:
    """The title, if the first page shows it; other properties are those of templates."""
    title = document.get_metadata_dict().get("Title", "")
    title = in_one_line(legacy.decode_title(title))
    return Metadata(title=title if _is_shown(title, [line.text for line in lines if line.page == 1]) else "")


def _is_shown(title: str, lines: Sequence[str]) -> bool:
    """Whether a title makes up one line or several, in any case."""
    wanted = "".join(title.casefold().split())
    letters = ["".join(line.casefold().split()) for line in lines]
    return bool(wanted) and any(
        wanted == "".join(letters[first : first + count])
        for first in range(len(letters))
        for count in range(1, _TITLE_LINES + 1)
    )

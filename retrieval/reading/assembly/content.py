"""
Assemble the pieces of a format into Content: one text with blocks.

What the format states (heading, table row, note) counts. The rest is classified like plain text, so that a document
reads the same however it was saved: title, byline, date, captions, headings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from retrieval.reading.article.article import outline_of_page
from retrieval.reading.document import Block, Content, Outline
from retrieval.reading.text.contents import contents_places
from retrieval.reading.text.encoding import normalize, restore_d
from retrieval.reading.text.footnotes import references_in
from retrieval.reading.text.lines import first_sentence, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from retrieval.reading.document import BlockKind, Origin

_BETWEEN = "\n\n"
_SPACES = re.compile(r"[^\S\u00a0]+")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)\u00ad(?=\d)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph in one line; `kind` is None if the format does not state it."""

    text: str
    kind: BlockKind | None = None
    level: int = 0
    page: int | None = None
    last_page: int | None = None
    marker: str = ""
    notes: tuple[str, ...] = ()
    context: str = ""  # table rows: the column names
    is_row: bool = False
    depth: int = 0  # list items: 1 for those of the outermost list


@dataclass(frozen=True, slots=True)
class Metadata:
    """A format's own metadata fields; "" or None where they are silent."""

    title: str = ""
    publisher: str = ""
    author: str = ""
    published: date | None = None
    number: str = ""


def in_one_line(words: str) -> str:
    """
    Collapse white space and drop control characters, NFC; no-break spaces are kept.

    A soft hyphen between digits becomes a hyphen: "2011-2013" must not turn into one number.
    """
    if not words.isprintable():
        words = _BETWEEN_DIGITS.sub("-", words)
        words = "".join(char for char in words if char.isprintable() or char.isspace())
    return restore_d(_SPACES.sub(" ", normalize(words)).strip())


def content_of(pieces: Sequence[Piece], metadata: Metadata, *, origin: Origin = "") -> Content:
    """
    Content of a format with little structure.

    Title, author and kinds are inferred as in plain text. Every piece is kept but tables of contents: boilerplate of a
    saved web page ("Đường dây nóng: …") is text here.
    """
    pieces = _without_contents(_nonblank(pieces))
    text, starts = _join(pieces)
    outline = outline_of_page(_without_rows(pieces))
    found = {block.start: block for block in outline.blocks}
    blocks: list[Block] = []
    for piece, start in zip(pieces, starts, strict=True):
        if not blocks or start >= blocks[-1].end or not _is_part_of(piece, blocks[-1]):
            blocks.append(_infer_kind(_block(piece, start), piece, found.get(start), outline.title))
        else:
            blocks[-1] = replace(blocks[-1], last_page=piece.last_page)
    return Content(text, _outline(text, tuple(blocks), outline, metadata), origin)


def _is_part_of(piece: Piece, block: Block) -> bool:
    """Whether a piece inside a block belongs to it, as a heading's second line."""
    return piece.kind is None or piece.kind == block.kind == "heading"


def with_notes(pieces: Sequence[Piece], notes: Sequence[Piece]) -> list[Piece]:
    """Add footnote references to the pieces, and the notes at the end."""
    known = {note.marker for note in notes}
    referring = (
        replace(piece, notes=tuple(marker for marker in references_in(piece.text) if marker in known))
        for piece in pieces
    )
    return [*(referring if known else pieces), *notes]


def shown_title(title: str, pieces: Sequence[Piece]) -> str:
    """A title of the properties as the text writes it, "" if it does not."""
    wanted = in_one_line(title).casefold()
    shown = (words for piece in pieces if (words := in_one_line(piece.text)).casefold() == wanted)
    return next(shown, "")


def structured_content(pieces: Sequence[Piece], metadata: Metadata) -> Content:
    """Content of a structured format: a piece without a kind is a paragraph."""
    pieces = _nonblank(pieces)
    text, starts = _join(pieces)
    blocks = tuple(_block(piece, start) for piece, start in zip(pieces, starts, strict=True))
    return Content(text, _outline(text, blocks, Outline(title=""), metadata))


def _without_rows(pieces: Sequence[Piece]) -> str:
    """The text with blanks for table rows, whose cells hold no title or date."""
    return _BETWEEN.join(" " * len(piece.text) if piece.is_row else piece.text for piece in pieces)


def _infer_kind(own: Block, piece: Piece, found: Block | None, title: str) -> Block:
    """The block with its inferred kind; skipped text is a paragraph, or the title."""
    if piece.kind:
        return own
    if found is None:
        return replace(own, kind="heading", level=1) if piece.text == title else own
    return replace(found, page=own.page, last_page=own.last_page, notes=own.notes or found.notes, depth=own.depth)


def _nonblank(pieces: Sequence[Piece]) -> list[Piece]:
    lines = (replace(piece, text=in_one_line(piece.text)) for piece in pieces)
    return [piece for piece in lines if piece.text]


def _without_contents(pieces: Sequence[Piece]) -> list[Piece]:
    places = contents_places(["" if piece.is_row or piece.marker else piece.text for piece in pieces])
    return [piece for place, piece in enumerate(pieces) if place not in places]


def _join(pieces: Sequence[Piece]) -> tuple[str, list[int]]:
    lengths = (len(piece.text) + len(_BETWEEN) for piece in pieces)
    return _BETWEEN.join(piece.text for piece in pieces), list(accumulate(lengths, initial=0))[:-1]


def _block(piece: Piece, start: int) -> Block:
    return Block(
        piece.kind or "paragraph",
        start,
        start + len(piece.text),
        level=piece.level,
        marker=piece.marker,
        notes=piece.notes,
        page=piece.page,
        last_page=piece.last_page,
        context=in_one_line(piece.context),
        is_row=piece.is_row,
        depth=piece.depth,
    )


def _outline(text: str, blocks: tuple[Block, ...], found: Outline, metadata: Metadata) -> Outline:
    return Outline(
        title=metadata.title or _first_heading(text, blocks) or found.title or _opening(text, blocks),
        publisher=metadata.publisher or found.publisher,
        author=metadata.author or found.author,
        published=metadata.published or found.published,
        blocks=blocks,
        number=metadata.number or found.number,
    )


def _first_heading(text: str, blocks: Sequence[Block]) -> str:
    """The first heading of level 1."""
    titles = (block for block in blocks if block.kind == "heading" and block.level == 1)
    first = next(titles, None)
    return text[first.start : first.end] if first else ""


def _opening(text: str, blocks: Sequence[Block]) -> str:
    first = next((block for block in blocks if not block.is_row), blocks[0] if blocks else None)
    return shortened(first_sentence(text[first.start : first.end])) if first else ""

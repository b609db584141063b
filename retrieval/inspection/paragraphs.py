"""
The paragraphs and headings of one file, as they are read and would be quoted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retrieval.passage import sections_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.reading.document import Block, BlockKind, Document

KINDS: Final[dict[BlockKind, str]] = {
    "paragraph": "đoạn",
    "heading": "đề mục",
    "caption": "chú thích ảnh",
    "footnote": "chú thích",
}


@dataclass(frozen=True, slots=True)
class ReadParagraph:
    """A paragraph or heading as it was read."""

    kind: BlockKind
    text: str
    section: tuple[str, ...]  # headings above it, outermost first
    page: int | None  # from 1; None in formats without pages
    notes: tuple[str, ...]  # labels of the footnotes that it refers to, or its own label


def read_paragraphs(document: Document) -> Iterator[ReadParagraph]:
    """The paragraphs and headings in reading order."""
    return (paragraph for _, paragraph in paragraphs_with_blocks(document))


def paragraphs_with_blocks(document: Document) -> Iterator[tuple[Block, ReadParagraph]]:
    """The same, each with the block that it is made of."""
    for block, section in sections_of(document):
        text = document.text_of(block)
        if block.kind == "heading" and not _is_whole_line(document, block):
            continue  # the number that opens a clause
        notes = (block.marker,) if block.kind == "footnote" else block.notes
        yield block, ReadParagraph(block.kind, text, section, block.page, notes)


def _is_whole_line(document: Document, block: Block) -> bool:
    """Whether a heading has its line to itself."""
    return block.start < block.end and document.text[block.end : block.end + 1] in ("", "\n")

"""
The Document: the whole text of one file, and the spans of it that may be searched and quoted.

Text files are taken as they are: what belongs to the page around an article (menus, counters, other articles'
headlines) is left out by not being covered by a block. Of other formats `text` is what their reader extracts,
always the same for the same bytes. Either way every quote is a slice of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

if TYPE_CHECKING:
    from datetime import date

BlockKind = Literal["paragraph", "heading", "caption", "footnote"]
LONGEST_NAME: Final = 150  # characters of a title, and of a heading in a section: every quote repeats them
Origin = Literal["", "tcvn3", "vni", "ocr"]  # "" when the letters are the file's own


@dataclass(frozen=True, slots=True)
class Block:
    """A span of Document.text that is searched or gives context; no white space at either end."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0  # headings: 1 (the title's own line) to 6; 7 and 8 for a statute's khoản and điểm
    marker: str = ""  # footnotes: the label, "2" for "2 - Năm 2022, ..."
    notes: tuple[str, ...] = ()  # the markers of the footnotes that this span refers to, in reading order
    page: int | None = None  # from 1, where it begins; None in formats without pages
    last_page: int | None = None  # where it ends
    context: str = ""  # of a table's row: the names of its columns
    is_row: bool = False  # of a table, which names no part of a statute
    label: str = ""  # headings whose words are not their name: "Khoản 2" for the "2." that opens a paragraph


@dataclass(frozen=True, slots=True)
class Outline:
    """What a reader found in a text: its metadata ("" or None when it says nothing) and its blocks."""

    title: str
    publisher: str = ""
    author: str = ""
    published: date | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader makes of a file's bytes; the outline's spans are those of `text`."""

    text: str
    outline: Outline
    origin: Origin = ""
    unread: tuple[int, ...] = ()  # pages that could not be recognised


class Reader(Protocol):
    """Turns the bytes of one kind of file into Content; deterministic, and knows neither disk nor network."""

    def __call__(self, data: bytes, source: str) -> Content:
        """The content, or a DocumentError that names `source`."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its metadata, its whole NFC text, and its blocks in reading order."""

    doc_id: str  # stable: the path below the corpus root, "/" between its parts; a build keeps it when that changes
    source: str
    title: str
    publisher: str
    author: str
    published: date | None  # None when the file does not say; never guessed
    text: str  # NFC, newlines as "\n"; of text files nothing else is changed
    sha256: str  # of the file's bytes
    blocks: tuple[Block, ...]
    archive: str = ""  # the .zip below the root that holds it; `sha256` is then the archive's
    origin: Origin = ""
    kept: str = ""  # of a file that can no longer be read: its state now, see `index.kept`; `sha256` is that of before
    unread: tuple[int, ...] = ()  # pages that could not be recognised; the index does not keep them

    def text_of(self, block: Block) -> str:
        """The words of a block, as they stand in the file."""
        return self.text[block.start : block.end]

    @property
    def footnotes(self) -> dict[str, Block]:
        """The footnotes by their markers."""
        return {block.marker: block for block in self.blocks if block.kind == "footnote"}

"""
The Document: the whole text of one file, and the spans of it that may be searched and quoted.

`text` is never cleaned. What belongs to the page around an article (menus, counters, other articles'
headlines) is left out by not being covered by a block, so every quote is a slice of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

BlockKind = Literal["paragraph", "heading", "caption", "footnote"]


@dataclass(frozen=True, slots=True)
class Block:
    """A span of Document.text that is searched or gives context; no white space at either end."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0  # headings: 1 (the title's own line) to 6
    marker: str = ""  # footnotes: the label, "2" for "2 - Năm 2022, ..."
    notes: tuple[str, ...] = ()  # the markers of the footnotes that this span refers to, in reading order


@dataclass(frozen=True, slots=True)
class Outline:
    """What a reader found in a text: its metadata ("" or None when it says nothing) and its blocks."""

    title: str
    publisher: str = ""
    author: str = ""
    published: date | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its metadata, its whole NFC text, and its blocks in reading order."""

    doc_id: str  # stable: the path below the corpus root, with "/" between its parts
    source: str
    title: str
    publisher: str
    author: str
    published: date | None  # None when the file does not say; never guessed
    text: str  # UTF-8 decoded, byte order mark dropped, newlines as "\n", NFC; nothing else changed
    sha256: str  # of the file's bytes
    blocks: tuple[Block, ...]

    def text_of(self, block: Block) -> str:
        """The words of a block, as they stand in the file."""
        return self.text[block.start : block.end]

    @property
    def footnotes(self) -> dict[str, Block]:
        """The footnotes by their markers."""
        return {block.marker: block for block in self.blocks if block.kind == "footnote"}

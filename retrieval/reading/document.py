"""
Documents: the text of one file and the spans that are searched and quoted.

Text files are kept as they are: what belongs to the page around an article (menus, counters, other headlines) is left
out by not being covered by a block. For other formats `text` is what the format reader extracts, always the same for
the same bytes. Either way every quote is a slice of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

if TYPE_CHECKING:
    from datetime import date

BlockKind = Literal["paragraph", "heading", "caption", "footnote"]
BETWEEN_CELLS: Final = " | "  # of a table's row
LONGEST_NAME: Final = 150  # characters of a title or section heading: every quote repeats them
Origin = Literal["", "tcvn3", "vni", "viscii", "vps", "ocr"]  # "" when the text is the file's own
SecrecyMark = Literal["", "MẬT", "TỐI MẬT", "TUYỆT MẬT"]  # what a document bears; see `secrecy_mark`
UnreadKind = Literal[
    "page", "text-box", "content-control", "equation", "chart", "picture", "embedded-object", "form-field", "macro",
    "sheet", "slide", "attachment", "bytes",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """A span of Document.text, searched or context, without white space at either end."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0  # headings: 1 (the title's own line) to 6; 7 and 8 for a statute's khoản and điểm
    marker: str = ""  # footnotes: the label, "2" for "2 - Năm 2022, ..."
    notes: tuple[str, ...] = ()  # markers of the footnotes that it refers to, in reading order
    page: int | None = None  # first page, counted from 1; None in formats without pages
    last_page: int | None = None  # last page
    context: str = ""  # table rows: the column names; list items: the sentence that leads into the list
    is_row: bool = False  # a table row, which never opens a part of a statute
    label: str = ""  # headings: display name if not their text: "Khoản 2" for "2."
    depth: int = 0  # list items: how deep, as far as the file says it; stored indexes need new fields at the end


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a file that the reader left out: reported, never quoted."""

    kind: UnreadKind
    page: int | None = None  # counted from 1; None if it is not known
    count: int = 1  # how many of this kind, on this page or in the whole file
    name: str = ""  # what the file calls it: a sheet, an attachment


@dataclass(frozen=True, slots=True)
class OcrConfidence:
    """How sure tesseract is of the quoted pages' words, from 0 to 100."""

    mean: float  # over the letters of all pages
    lowest: float  # of one page
    page: int  # the page with the lowest, counted from 1


@dataclass(frozen=True, slots=True)
class Outline:
    """Metadata ("" or None where the text is silent) and blocks."""

    title: str
    publisher: str = ""
    author: str = ""
    published: date | None = None
    blocks: tuple[Block, ...] = ()
    number: str = ""  # of an administrative document: "38/2022/NĐ-CP"


@dataclass(frozen=True, slots=True)
class Content:
    """What a format reader extracts from a file; the outline's spans index `text`."""

    text: str
    outline: Outline
    origin: Origin = ""
    unread: tuple[Unread, ...] = ()
    ocr_confidence: OcrConfidence | None = None  # None where tesseract recognised nothing
    margins: tuple[str, ...] = ()  # what pages bear beside the text: headers, footers, watermarks, stamps


class Reader(Protocol):
    """A format reader: bytes to Content, deterministic, without disk or network."""

    def __call__(self, data: bytes, source: str) -> Content:
        """Extract the content, or raise a DocumentError that names `source`."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its metadata, its whole NFC text, and its blocks in reading order."""

    doc_id: str  # the path below the corpus root, "/"-separated; builds keep it across renames
    source: str
    title: str
    publisher: str
    author: str
    published: date | None  # None if the file does not say; never guessed
    text: str  # NFC, "\n" newlines; text files are not changed otherwise
    sha256: str  # of the file's bytes
    blocks: tuple[Block, ...]
    archive: str = ""  # source of the .zip that holds it; `sha256` is then the archive's
    origin: Origin = ""
    kept: str = ""  # retained documents: the file's state now, see `retained_documents`; `sha256` is the old one
    unread: tuple[Unread, ...] = ()  # not stored in the index
    number: str = ""  # of an administrative document: "38/2022/NĐ-CP"
    ocr_confidence: OcrConfidence | None = None  # not stored in the index
    secrecy: SecrecyMark = ""  # not stored in the index
    sidecar: str | None = ""  # sha256 of its sidecar, "" without one; None in an index that does not say

    def text_of(self, block: Block) -> str:
        """The text of a block."""
        return self.text[block.start : block.end]

    @property
    def footnotes(self) -> dict[str, Block]:
        """The footnotes by their markers."""
        return {block.marker: block for block in self.blocks if block.kind == "footnote"}

"""
What an RTF file holds: paragraphs of runs, and tables of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Vertical = Literal["", "first", "next"]  # how a cell is merged over rows


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one font."""

    text: str
    font: str = ""
    raised: bool = False
    note: int | None = None  # a reference to a note, by its place among `RtfDocument.notes`


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its style and outline level, None for body text."""

    runs: list[Run]
    style: str = ""
    outline: int | None = None


@dataclass(frozen=True, slots=True)
class RtfCell:
    """A cell; `right` is its right edge in twips."""

    paragraphs: list[Paragraph]
    right: int
    vertical: Vertical = ""
    horizontal: bool = False  # part of the cell before it


@dataclass(frozen=True, slots=True)
class Row:
    """A table row."""

    cells: list[RtfCell]
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class RtfDocument:
    """Paragraphs and rows in reading order, and notes, those at the end by their places."""

    items: list[Paragraph | Row]
    notes: list[list[Paragraph]]
    endnotes: set[int]
    margins: list[Paragraph]  # of headers and footers

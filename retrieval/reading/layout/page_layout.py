"""
The layout of a page: every word in it, and where it stands.

What becomes of the words is decided elsewhere: a layout also holds those that the reader leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Rectangle(NamedTuple):
    """A part of a page, in shares from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def joined(self, other: Rectangle) -> Rectangle:
        """The smallest rectangle around both."""
        return Rectangle(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def meets(self, other: Rectangle) -> bool:
        """Whether both have an area in common."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class LayoutWord:
    """A word as the reader sees it, legacy fonts converted."""

    text: str
    place: Rectangle


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page: its words line by line, pictures on it, and how it looks."""

    number: int  # counted from 1
    width: float  # points
    height: float
    lines: tuple[tuple[LayoutWord, ...], ...]
    pictures: tuple[Rectangle, ...] = ()  # their words are not in `lines`
    image: bytes = b""  # JPEG; b"" if it was not drawn


@dataclass(frozen=True, slots=True)
class LayoutRequest:
    """Which pages of a file, counted from 1, and whether they are drawn."""

    first: int
    last: int
    draws: bool = True


@dataclass(frozen=True, slots=True)
class FileLayout:
    """The requested pages, and how many the file has: 0 in formats without pages."""

    pages: int
    layouts: tuple[PageLayout, ...]

"""Spans of a text: replacing them, and choosing among overlapping ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Span(Protocol):
    """Anything with the offsets of a stretch of text, ``text[start:end]``."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""


_S = TypeVar("_S", bound=Span)


def replace_spans(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """
    The text with each edit (start, end, replacement) applied.

    Edits are in text order and do not overlap.

    Example: "còn năm 2022?", [(8, 12, "2023")] -> "còn năm 2023?"
    """
    pieces, position = [], 0
    for start, end, replacement in edits:
        pieces += [text[position:start], replacement]
        position = end
    return "".join([*pieces, text[position:]])


def without_overlaps(spans: Iterable[_S]) -> list[_S]:
    """The spans in the given order of precedence, without those that overlap an earlier one."""
    chosen: list[_S] = []
    for span in spans:
        if not any(other.start < span.end and span.start < other.end for other in chosen):
            chosen.append(span)
    return chosen

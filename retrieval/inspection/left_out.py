"""
The stretches of a text that no paragraph covers, each at its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.reading.document import Block, Document


def left_out_before(document: Document, blocks: Sequence[Block]) -> Iterator[tuple[int | None, list[str]]]:
    """
    The index of each block, and what was left out before it.

    Blocks come in reading order. None and what follows the last block come at the end.
    """
    gaps = _gaps(document, blocks)
    for index, block in enumerate(blocks):
        yield index, gaps.pop(block.start, [])
    yield None, [text for found in gaps.values() for text in found]


def _gaps(document: Document, blocks: Sequence[Block]) -> dict[int, list[str]]:
    """What was left out by the start of the block that follows."""
    found: dict[int, list[str]] = {}
    end = 0
    for start, stop in [*sorted((block.start, block.end) for block in blocks), (len(document.text), 0)]:
        lines = (line.strip() for line in document.text[end:start].splitlines())
        lost = [line for line in lines if any(map(str.isalnum, line))]
        if lost:
            found[start] = lost
        end = max(end, stop)
    return found

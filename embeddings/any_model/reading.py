"""
Texts as a model reads them, in bounded batches, and what it makes of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from embeddings.precision import Precision
    from embeddings.projection import Projection
    from embeddings.vectors import Vectors

_CHARACTERS_PER_TOKEN = 3  # of texts that a model tokenizes itself


@dataclass(frozen=True, slots=True)
class ModelInput:
    """
    A text with its prompt: `fields` are what the tokenizer gave, such as "input_ids", unpadded.

    `spans` and `special` are empty where a tokenizer does not tell; `fields` where the model reads whole texts.
    """

    text: str
    fields: dict[str, list[int]]
    spans: Sequence[tuple[int, int]] = ()
    special: Sequence[int] = ()

    @property
    def length(self) -> int:
        """In tokens, estimated where only the model knows."""
        return len(self.fields["input_ids"]) if self.fields else 1 + len(self.text) // _CHARACTERS_PER_TOKEN


class Task(NamedTuple):
    """
    What texts are read for.

    `tokens` is how their states become token vectors, None to leave them out; `is_query` chooses a router's way.
    """

    prompt: str
    precision: Precision
    tokens: Projection | Literal["raw"] | None
    is_query: bool = False


class ModelReading(NamedTuple):
    """A text's `vector` (dim,) float32, of any length, and its own `tokens` (tokens, token_dim) float32."""

    vector: Vectors
    tokens: Vectors


def longest_first(texts: Sequence[str], size: int) -> Iterator[list[int]]:
    """
    Places of texts in batches of at most `size`.

    Similar lengths share a batch (little padding), and memory peaks early.
    """
    order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
    for start in range(0, len(order), size):
        yield order[start : start + size]


def token_batches(lengths: Sequence[int], tokens: int) -> Iterator[slice]:
    """Consecutive texts whose padded batch has at most so many tokens, or a single text."""
    start, longest = 0, 0
    for place, length in enumerate(lengths):
        longest = max(longest, length)
        if place > start and longest * (place - start + 1) > tokens:
            yield slice(start, place)
            start, longest = place, length
    if start < len(lengths):
        yield slice(start, len(lengths))

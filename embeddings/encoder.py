"""
The encoder protocol: texts in, unit vectors out.

Callers and their tests need neither torch nor a model to import it.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, Self, runtime_checkable

from embeddings.precision import Precision
from embeddings.projection import Projection
from embeddings.vectors import PassageVectors, Tokens, Vectors

Progress = Callable[[int], None]


class Encoder(Protocol):
    """
    Encodes texts as vectors whose inner product is the cosine similarity.

    The encoder adds prefixes such as "query: " itself. A text longer than `max_tokens` is truncated silently, as in
    the model's training: callers that care split it first. Thread-safe.
    """

    @property
    def name(self) -> str:
        """The model's display name."""

    @property
    def dim(self) -> int:
        """The length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Tokens of a text that are read, prefix and special tokens included."""

    @property
    def precision(self) -> Precision:
        """The precision of passages; pass it to `load_encoder` for the same vectors elsewhere."""

    @property
    def dimensions(self) -> int | None:
        """The number that vectors are cut to; None for the model's own."""

    @property
    def running(self) -> str:
        """What runs the model where and why, for people."""

    @property
    def passages_at_once(self) -> int:
        """How many passages a call should bring, so that no device waits."""

    @property
    def fingerprint(self) -> str:
        """Identifies passage vectors: differs whenever they could, even by rounding."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none."""

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """
        (n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none.

        `progress` is called with the number of texts finished since its last call.
        """

    @property
    def token_fingerprint(self) -> str:
        """Identifies token vectors: differs whenever they could."""

    def mixes_with(self, token_fingerprint: str) -> bool:
        """Whether queries encoded here may search passages with that fingerprint."""

    def is_model_of(self, fingerprint: str) -> bool:
        """Whether a passage fingerprint is of this model, however run, whatever its projection."""

    def encode_query_tokens(self, text: str) -> Tokens:
        """The text's tokens for late interaction, without prefix and special tokens."""

    def read_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[PassageVectors]:
        """The vector and tokens of each text, in order, from one run of the model."""


@runtime_checkable
class ProjectionLearner(Encoder, Protocol):
    """An encoder whose projection is learned from an index's passages, and kept with the index."""

    @property
    def projection(self) -> Projection:
        """By which token states become token vectors."""

    @property
    def token_absence(self) -> str:
        """Why there are no token vectors, and so no late interaction; "" if there are."""

    @property
    def learns_projection(self) -> bool:
        """Whether there are token vectors, and the model brings no projection of its own."""

    def learn_projection(self, texts: Sequence[str]) -> Projection:
        """A projection for texts like these passages."""

    def with_projection(self, projection: Projection) -> Self:
        """The same encoder, which shares this one's model, with another projection."""

"""
What a text encoder is, to everyone who is not one: texts in, unit vectors out.

Apart from its implementations so that callers, and tests of callers, need neither torch nor a model.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from embeddings.precision import Precision
from embeddings.vectors import PassageVectors, Tokens, Vectors

Progress = Callable[[int], None]


class Encoder(Protocol):
    """
    Turns texts into vectors whose inner product is the cosine similarity.

    Prefixes such as "query: " are the encoder's own business: callers pass the bare text. A text longer than
    `max_tokens` is cut there, silently, as the model was trained: callers that care split it first.
    Safe to use from several threads.
    """

    @property
    def name(self) -> str:
        """What a person calls the model."""

    @property
    def dim(self) -> int:
        """The length of a vector."""

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text are read, prefix and special tokens included."""

    @property
    def precision(self) -> Precision:
        """What passages are computed in; with it `load_encoder` gives the same vectors on another machine."""

    @property
    def fingerprint(self) -> str:
        """Of passages: differs whenever their vectors would, be it by how they are computed."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none."""

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """
        (n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none.
        `progress` is called with the number of texts finished since its last call.
        """

    @property
    def token_fingerprint(self) -> str:
        """Differs whenever the tokens' vectors would, also where `fingerprint` does not."""

    def mixes_with(self, token_fingerprint: str) -> bool:
        """Whether a question encoded here may be asked of passages with that fingerprint."""

    def encode_query_tokens(self, text: str) -> Tokens:
        """The text's own tokens, without prefix and special tokens, for late interaction."""

    def read_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[PassageVectors]:
        """
        The vector, as `encode_passages` gives it, and the tokens of each text, in the order of `texts`, from one run of
        the model.
        """

"""
The compiled network of any model: token ids in, a vector and token states out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from embeddings.any_model.reading import ModelInput, ModelReading
from embeddings.openvino_engine.network import CompiledNetwork
from embeddings.projection import Projection
from embeddings.vectors import own_token_mask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from embeddings.any_model.reading import Task
    from embeddings.vectors import Vectors


class Padding(NamedTuple):
    """How texts of a batch get the same length."""

    side: Literal["left", "right"]
    token: int


class Output(NamedTuple):
    """Of a batch: `states` (texts, tokens, state_dim) and `vectors` (texts, dim), float32."""

    states: Vectors
    vectors: Vectors


class AnyModelNetwork(CompiledNetwork[Output]):
    """Padded inputs in, vectors and token states out."""

    @staticmethod
    def _result(request: Any) -> Output:  # noqa: ANN401
        request.wait()
        return Output(*(request.get_output_tensor(number).data.copy() for number in (0, 1)))


class AnyModelTokenizer:
    """
    Tokenizes and pads without transformers; thread-safe, as no tokenizer's settings are changed.

    Args:
        file: what tokenizers saved.
        fields: the names of the network's inputs, in order.
        max_tokens: longer texts are cut.
        padding: of batches.
    """

    def __init__(self, file: Path, fields: Sequence[str], max_tokens: int, padding: Padding) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        self._fields = fields
        self._padding = padding

    @property
    def token_absence(self) -> str:
        """It tells where each token stands: models whose tokenizers do not are not compiled."""
        return ""

    def read(self, texts: Sequence[str], prompt: str) -> list[ModelInput]:
        """Each text with the prompt in front."""
        encoded = self._tokenizer.encode_batch([prompt + text for text in texts])
        return [self._input(text, one) for text, one in zip(texts, encoded, strict=True)]

    def _input(self, text: str, one: Any) -> ModelInput:  # noqa: ANN401
        columns = {"input_ids": one.ids, "attention_mask": one.attention_mask, "token_type_ids": one.type_ids}
        if not one.ids:  # an empty text of a tokenizer that frames none: models need a token
            alone = {"input_ids": [self._padding.token], "attention_mask": [1], "token_type_ids": [0]}
            return ModelInput(text, {name: alone[name] for name in self._fields}, ((0, 0),), (1,))
        return ModelInput(text, {name: columns[name] for name in self._fields}, one.offsets, one.special_tokens_mask)

    def pad(self, inputs: Sequence[ModelInput]) -> tuple[NDArray[np.int64], ...]:
        """One array (texts, tokens) for each field."""
        longest = max(each.length for each in inputs)
        return tuple(self._column([each.fields[name] for each in inputs], name, longest) for name in self._fields)

    def _column(self, rows: Sequence[Sequence[int]], name: str, longest: int) -> NDArray[np.int64]:
        column = np.full((len(rows), longest), self._padding.token if name == "input_ids" else 0, np.int64)
        for row, values in zip(column, rows, strict=True):
            row[kept(len(values), longest, self._padding)] = values
        return column

    def readings(self, inputs: Sequence[ModelInput], output: Output, task: Task) -> list[ModelReading]:
        """What a batch's output says of each of its texts."""
        longest = output.states.shape[1]
        found = []
        for given, states, vector in zip(inputs, output.states, output.vectors, strict=True):
            tokens = np.empty((0, states.shape[1]), np.float32)
            if task.tokens:
                own = own_token_mask(given.spans, given.special, task.prompt)
                tokens = states[kept(given.length, longest, self._padding)][own]
            found.append(ModelReading(vector, task.tokens(tokens) if isinstance(task.tokens, Projection) else tokens))
        return found


def kept(length: int, longest: int, padding: Padding) -> slice:
    """Where a text of so many tokens is in its padded row."""
    return slice(longest - length, longest) if padding.side == "left" else slice(length)

"""
The cross-encoder in torch, slower than through OpenVINO.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embeddings.bundled.word_table import WordTable
from embeddings.cross_encoder.cross_encoder import SEGMENT, CrossEncoder
from embeddings.precision import matrices_in
from embeddings.torch_engine.bert import BertLayers, read_config

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from torch import Tensor

    from embeddings.vectors import Vectors


class CrossEncoderLayers:
    """
    The layers of the bundled model and the head over the first token.

    Args:
        weights: as `weights_file.read_weights` returns them.
        model: the unpacked bundled model's folder.
    """

    def __init__(self, weights: Mapping[str, Vectors], model: Path) -> None:
        import torch

        self._weights = {name: torch.from_numpy(values) for name, values in weights.items()}
        self._layers = BertLayers(self._weights, read_config(model))
        self.dim = self._layers.dim

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        """Word table rows (pairs, tokens, dim), mask (pairs, tokens) -> log odds (pairs,)."""
        from torch.nn.functional import linear

        first = self._layers.forward(words, mask)[:, 0]
        hidden = linear(first, self._weights["head.weight"], self._weights["head.bias"]).tanh()
        return linear(hidden, self._weights["answers.weight"], self._weights["answers.bias"])[:, 0]


class TorchCrossEncoder(CrossEncoder):
    """
    The cross-encoder in float32.

    Args: as for `CrossEncoderLayers`.
    """

    running = "torch on cpu, float32"

    def __init__(self, weights: Mapping[str, Vectors], model: Path) -> None:
        from tokenizers import Tokenizer

        super().__init__(WordTable(model / "model.safetensors"), weights[SEGMENT])
        self._layers = CrossEncoderLayers(weights, model)
        self._tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))

    def _tokenize(self, texts: Sequence[str]) -> list[Sequence[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]

    def _run(self, words: Vectors, mask: Vectors) -> Vectors:
        import torch

        with matrices_in("float32"):
            return np.asarray(self._layers.forward(torch.from_numpy(words), torch.from_numpy(mask)).numpy())

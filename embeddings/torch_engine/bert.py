"""
The forward pass of a BERT with torch and tokenizers only.

Importing sentence-transformers takes four times as long as importing torch: a question on the command line would wait
for trainers, losses and scikit-learn. The layers are those of Devlin et al. 2019 in the order of transformers'
`BertModel`; a test holds both to the same vectors.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from embeddings.vectors import TokenStates

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

_WORDS = "embeddings.word_embeddings.weight"


class Bert:
    """
    Token states of texts.

    `folder` is assumed to hold the bundled model: GELU, absolute positions, token type 0.
    """

    def __init__(self, folder: Path) -> None:
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        config = json.loads((folder / "config.json").read_text("utf-8"))
        self.dim: int = config["hidden_size"]
        self.max_tokens: int = config["max_position_embeddings"]
        self._layers: int = config["num_hidden_layers"]
        self._heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(self.max_tokens)
        stored = load_file(folder / "model.safetensors")
        # The word table is four fifths of the file: it stays memory-mapped, and only the rows of a text's words are
        # read and converted. That saves half a second and 380 MB.
        self._words = stored.pop(_WORDS)
        self._weights = {name: values.float() for name, values in stored.items()}

    def read(self, text: str) -> TokenStates:
        """The last hidden states of the tokens of `text`, truncated at `max_tokens`."""
        encoding = self._tokenizer.encode(text)
        (states,) = self.forward(self._words[encoding.ids].float()[None], None).float().numpy()
        return TokenStates(states, encoding.offsets, encoding.special_tokens_mask)

    def forward(self, words: Tensor, mask: Tensor | None) -> Tensor:
        """
        Word table rows (texts, tokens, dim) -> last hidden states, same shape.

        `mask` (texts, tokens) float32 is 1 for a token and 0 for padding; None if nothing is padded.
        """
        x = self._embed(words)
        # Not the lowest float32: in bfloat16 that is minus infinity, and its product with 0 is NaN.
        bias = None if mask is None else ((1 - mask) * -1e4)[:, None, None, :]
        for layer in range(self._layers):
            name = f"encoder.layer.{layer}"
            attended = self._linear(self._attend(x, bias, f"{name}.attention.self"), f"{name}.attention.output.dense")
            x = self._norm(x + attended, f"{name}.attention.output.LayerNorm")
            x = self._norm(x + self._feed_forward(x, name), f"{name}.output.LayerNorm")
        return x

    def _embed(self, words: Tensor) -> Tensor:
        positions = self._weights["embeddings.position_embeddings.weight"][: words.shape[1]]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        return self._norm(words + positions + kind, "embeddings.LayerNorm")

    def _attend(self, x: Tensor, bias: Tensor | None, name: str) -> Tensor:
        from torch.nn.functional import scaled_dot_product_attention

        # (texts, tokens, dim) -> (texts, heads, tokens, dim / heads)
        query, key, value = (
            self._linear(x, f"{name}.{part}")
            .reshape(x.shape[0], x.shape[1], self._heads, self.dim // self._heads)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        heads = scaled_dot_product_attention(query, key, value, attn_mask=bias)
        return heads.transpose(1, 2).flatten(2)

    def _feed_forward(self, x: Tensor, name: str) -> Tensor:
        from torch.nn.functional import gelu

        return self._linear(gelu(self._linear(x, f"{name}.intermediate.dense")), f"{name}.output.dense")

    def _linear(self, x: Tensor, name: str) -> Tensor:
        from torch.nn.functional import linear

        return linear(x, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, x: Tensor, name: str) -> Tensor:
        from torch.nn.functional import layer_norm

        return layer_norm(x, (self.dim,), self._weights[f"{name}.weight"], self._weights[f"{name}.bias"], self._epsilon)

"""
The bundled model's layers as a torch module that can be trained.

Attention is written out: the gradient of torch's fused one takes twice as long on a CPU.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import gelu

from embeddings.vectors import Vectors
from tests.benchmarks.cross_encoder.pair_input import MAX_TOKENS
from tests.benchmarks.cross_encoder.weights_file import SEGMENT

_WORDS = "embeddings.word_embeddings.weight"
_POSITIONS, _SEGMENTS = "embeddings.position_embeddings.weight", "embeddings.token_type_embeddings.weight"
_PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "attended_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "norm": "output.LayerNorm",
}


class _Layer(nn.Module):  # type: ignore[misc]  # torch is not followed: see pyproject.toml
    def __init__(self, dim: int, inner: int, heads: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        for name in ("query", "key", "value", "attended"):
            setattr(self, name, nn.Linear(dim, dim))
        self.inner, self.outer = nn.Linear(dim, inner), nn.Linear(inner, dim)
        self.attended_norm, self.norm = nn.LayerNorm(dim, epsilon), nn.LayerNorm(dim, epsilon)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        texts, tokens, dim = x.shape
        shape = (texts, tokens, self.heads, dim // self.heads)
        query = (self.query(x) * shape[-1] ** -0.5).view(shape).transpose(1, 2)
        key, value = self.key(x).view(shape).permute(0, 2, 3, 1), self.value(x).view(shape).transpose(1, 2)
        attended = (torch.softmax(query @ key + bias, -1) @ value).transpose(1, 2).reshape(texts, tokens, dim)
        x = self.attended_norm(x + self.attended(attended))
        return self.norm(x + self.outer(gelu(self.inner(x))))


class TrainableCrossEncoder(nn.Module):  # type: ignore[misc]
    """
    The layers of the unpacked bundled model in `folder`, a head that judges, and one that finds the answer.

    The word table is not trained: `words` (pieces, dim) float16 is looked up by the caller.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        config: dict[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
        stored = load_file(folder / "model.safetensors")
        self.words = stored.pop(_WORDS)
        dim, epsilon = config["hidden_size"], config["layer_norm_eps"]
        self.positions = nn.Embedding(config["max_position_embeddings"], dim)
        self.segments = nn.Embedding(config["type_vocab_size"], dim)
        self.norm = nn.LayerNorm(dim, epsilon)
        self.layers = nn.ModuleList(
            _Layer(dim, config["intermediate_size"], config["num_attention_heads"], epsilon)
            for _ in range(config["num_hidden_layers"])
        )
        self.head, self.answers, self.span = nn.Linear(dim, dim), nn.Linear(dim, 1), nn.Linear(dim, 2)
        self._start_from(stored)

    def _start_from(self, stored: dict[str, Tensor]) -> None:
        modules = {
            "embeddings.position_embeddings": self.positions,
            "embeddings.token_type_embeddings": self.segments,
            "embeddings.LayerNorm": self.norm,
            **{
                f"encoder.layer.{number}.{theirs}": getattr(layer, ours)
                for number, layer in enumerate(self.layers)
                for ours, theirs in _PARTS.items()
            },
        }
        for name, module in modules.items():
            for part, values in module.named_parameters():
                values.data.copy_(stored[f"{name}.{part}"])
        self._initialize_heads()

    def start_from(self, weights: dict[str, Vectors]) -> None:
        """Continue from weights as `shipped_weights` gives them; the span's head, which they lack, begins anew."""
        own = dict(self.named_parameters())
        for name, values in weights.items():
            new = torch.from_numpy(values)
            if name == SEGMENT:
                self.segments.weight.data[1] = torch.from_numpy(weights[_SEGMENTS][0]) + new
            elif name == _SEGMENTS:
                self.segments.weight.data[0] = new[0]
            elif name == _POSITIONS:
                self.positions.weight.data[: len(new)] = new
            else:
                own[_our_name(name)].data.copy_(new)

    def _initialize_heads(self) -> None:
        for module, spread in ((self.head, 0.05), (self.answers, 0.02), (self.span, 0.02)):
            nn.init.normal_(module.weight, std=spread)
            nn.init.zeros_(module.bias)

    def forward(self, words: Tensor, segments: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """
        Log odds that the text answers (pairs,), and scores of the answer's ends (pairs, tokens, 2), float32.

        `words` (pairs, tokens, dim), `segments` (pairs, tokens) int64, `mask` (pairs, tokens) float32.
        """
        x = self.norm(words + self.positions.weight[: words.shape[1]] + self.segments(segments))
        bias = ((1 - mask) * -1e4)[:, None, None, :].to(x.dtype)
        for layer in self.layers:
            x = layer(x, bias)
        return self.answers(torch.tanh(self.head(x[:, 0])))[:, 0].float(), self.span(x).float()


def shipped_weights(parameters: dict[str, Tensor]) -> dict[str, Vectors]:
    """The parameters of a `TrainableCrossEncoder` by name, as `weights_file` writes them, without the span's head."""
    values = {name: np.asarray(each.detach().float().numpy()) for name, each in parameters.items()}
    segments = values.pop("segments.weight")
    shipped = {
        SEGMENT: segments[1] - segments[0],
        _SEGMENTS: segments[:1],
        _POSITIONS: values.pop("positions.weight")[:MAX_TOKENS],
    }
    for name, each in values.items():
        module, _, part = name.rpartition(".")
        if module == "norm":
            shipped[f"embeddings.LayerNorm.{part}"] = each
        elif module.startswith("layers."):
            _, number, ours = module.split(".")
            shipped[f"encoder.layer.{number}.{_PARTS[ours]}.{part}"] = each
        elif module != "span":
            shipped[name] = each
    return shipped


def _our_name(name: str) -> str:
    """The parameter of a `TrainableCrossEncoder` that a name of `shipped_weights` stands for."""
    if name.startswith("embeddings.LayerNorm."):
        return name.replace("embeddings.LayerNorm", "norm")
    if not name.startswith("encoder.layer."):
        return name
    number, _, theirs = name.removeprefix("encoder.layer.").partition(".")
    module, _, part = theirs.rpartition(".")
    return f"layers.{number}.{next(ours for ours, each in _PARTS.items() if each == module)}.{part}"

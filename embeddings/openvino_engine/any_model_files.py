"""
The files of another model that was compiled, and their place in the cache.

Imports no torch: asked at every start.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Literal

from embeddings import atomic_folder
from embeddings.openvino_engine.any_model_network import AnyModelNetwork, AnyModelTokenizer, Padding
from embeddings.openvino_engine.compiled_model import compiler_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from embeddings.precision import Precision

NETWORK_FILE, TOKENIZER_FILE, SETTINGS_FILE = "network.blob", "tokenizer.json", "settings.json"
# Bump when the files of another model would change.
_EXPORT_VERSION = 1


@dataclass(frozen=True, slots=True)
class CompiledSettings:
    """What to know of a network; `reason` says why there is none, without the rest."""

    reason: str = ""
    fields: tuple[str, ...] = ()  # names of inputs, in order
    max_tokens: int = 0
    padding_side: Literal["left", "right"] = "right"
    padding_token: int = 0
    dim: int = 0  # of vectors
    state_dim: int = 0  # of token states
    prompts: dict[str, str] = field(default_factory=dict)
    default_prompt: str | None = None

    def write(self, file: Path) -> None:
        """As JSON."""
        file.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), "utf-8")

    @classmethod
    def read(cls, file: Path) -> CompiledSettings:
        """What `write` wrote."""
        return cls(**json.loads(file.read_text("utf-8")))


def ensure_compiled_model(
    model: Path,
    name: str,
    weights: str,
    precision: Precision,
    cache_dir: Path,
    *,
    trust_remote_code: bool,
    check: Callable[[], None],
) -> Path:
    """
    The compiled model's folder, made first if it is missing or damaged.

    That takes seconds to minutes, by the model's size; `check` is called before, and may raise.

    Raises:
        CacheError: the cache cannot be written.
        ModelUnusable: there is no model in `model`.
    """

    def fill(folder: Path) -> None:
        check()
        from embeddings.openvino_engine.any_model_export import write_compiled_model

        write_compiled_model(model, folder, precision, trust_remote_code=trust_remote_code)

    safe = re.sub(r"[^\w.-]+", "-", name).strip(".")[:60]
    return atomic_folder.ensure_folder(
        cache_dir / f"{safe}-{weights[:12]}-{compiler_name()}-{precision}-{_EXPORT_VERSION}", fill
    )


def is_half(model: Path) -> bool:
    """Whether a model's weights are stored in 16 bits, and its network's may be."""
    try:
        config = json.loads((model / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return (config.get("dtype") or config.get("torch_dtype")) in {"float16", "bfloat16"}


def open_network(folder: Path, precision: Precision, *, streams: int) -> AnyModelNetwork:
    """The network in a compiled model's folder."""
    return AnyModelNetwork(folder / NETWORK_FILE, precision, streams=streams)


def open_tokenizer(folder: Path, settings: CompiledSettings) -> AnyModelTokenizer:
    """Its tokenizer."""
    padding = Padding(settings.padding_side, settings.padding_token)
    return AnyModelTokenizer(folder / TOKENIZER_FILE, settings.fields, settings.max_tokens, padding)

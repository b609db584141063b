"""
Compile the bundled model with OpenVINO and measure its agreement with torch.

Imports torch, so nothing that runs at every start may import this module.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from embeddings.openvino_engine.compiled_files import AGREEMENT_FILE, MIN_COSINE, PIECES_FILE, network_file
from embeddings.openvino_engine.network import Network, settings
from embeddings.openvino_engine.piece_lookup import PieceLookup
from embeddings.openvino_engine.probes import PROBES
from embeddings.openvino_engine.runtime import convert, openvino
from embeddings.openvino_engine.word_table import WordTable
from embeddings.precision import choose, matrices_in
from embeddings.vectors import mean_rows, unit_rows

if TYPE_CHECKING:
    from pathlib import Path

    from embeddings.precision import Precision
    from embeddings.torch_engine.bert import Bert


def write_compiled(model: Path, folder: Path) -> None:
    """Write what an `OpenVinoEncoder` needs besides the unpacked `model`, and its agreement."""
    from embeddings.torch_engine.bert import Bert

    bert = Bert(model)
    vocabulary = json.loads((model / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    PieceLookup.write(folder / PIECES_FILE, [(piece, score) for piece, score in vocabulary])
    _write_networks(bert, folder)
    agreement = {precision: _agreement(bert, model, folder, precision) for precision in _precisions()}
    (folder / AGREEMENT_FILE).write_text(json.dumps(agreement, indent=1), "utf-8")


def _precisions() -> list[Precision]:
    """The precisions worth compiling for this processor."""
    fast = choose("auto")
    return [precision for precision in MIN_COSINE if precision in {"float32", fast}]


def _write_networks(bert: Bert, folder: Path) -> None:
    import torch

    class Module(torch.nn.Module):  # type: ignore[misc]  # torch is not followed: see pyproject.toml
        def forward(self, words: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            return bert.forward(words, mask)

    with torch.no_grad():
        example = (torch.zeros(2, 8, bert.dim), torch.ones(2, 8))
        model = convert(Module(), example, ((-1, -1, bert.dim), (-1, -1)))
    # The unpacked weights are float16: stored as such, the file is half as large and loses nothing.
    library = openvino()
    library.save_model(model, folder / "model.xml", compress_to_fp16=True)
    for precision in _precisions():
        compiled = library.Core().compile_model(folder / "model.xml", "CPU", settings(precision, 1))
        network_file(folder, precision).write_bytes(compiled.export_model().getvalue())
    for suffix in ("xml", "bin"):
        (folder / f"model.{suffix}").unlink()


def _agreement(bert: Bert, model: Path, folder: Path, precision: Precision) -> float:
    """The lowest cosine of the probes, alone and in one batch, to torch in float32."""
    pieces = PieceLookup(folder / PIECES_FILE, bert.max_tokens)
    words = WordTable(model / "model.safetensors")
    network = Network(network_file(folder, precision), precision, streams=1)
    with matrices_in("float32"):
        expected = unit_rows(np.array([bert.read(text).states.mean(axis=0) for text in PROBES]))
    ids = [encoded.ids for encoded in pieces.tokenize(PROBES)]
    alone = [mean_rows(network.states(*words.lookup([one])), [one])[0] for one in ids]
    together = mean_rows(network.states(*words.lookup(ids)), ids)
    found = [(unit_rows(np.array(vectors)) * expected).sum(axis=1).min() for vectors in (alone, together)]
    return round(float(min(found)), 6)

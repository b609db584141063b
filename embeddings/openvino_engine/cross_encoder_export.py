"""
Compile the cross-encoder with OpenVINO and measure its agreement with torch.

Imports torch, so nothing that runs at every start may import this module.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from embeddings.cross_encoder.cross_encoder import SEGMENT
from embeddings.cross_encoder.weights_file import read_weights, shipped_file
from embeddings.openvino_engine.compiled_files import AGREEMENT_FILE, network_file
from embeddings.openvino_engine.cross_encoder import OpenVinoCrossEncoder
from embeddings.openvino_engine.cross_encoder_files import SEGMENT_FILE
from embeddings.openvino_engine.network import settings
from embeddings.openvino_engine.probes import PROBES
from embeddings.openvino_engine.runtime import convert, openvino
from embeddings.precision import choose
from embeddings.torch_engine.cross_encoder import CrossEncoderLayers, TorchCrossEncoder

if TYPE_CHECKING:
    from pathlib import Path


def write_compiled_cross_encoder(model: Path, pieces: Path, folder: Path) -> None:
    """Write what an `OpenVinoCrossEncoder` needs besides the bundled model, and its agreement."""
    weights = read_weights(shipped_file())
    np.save(folder / SEGMENT_FILE, weights[SEGMENT])
    _write_network(CrossEncoderLayers(weights, model), folder)
    expected = TorchCrossEncoder(weights, model)
    found = OpenVinoCrossEncoder(model, pieces, folder)
    questions = [probe.partition(": ")[2] for probe in PROBES if probe.startswith("query")]
    texts = [probe.partition(": ")[2] for probe in PROBES if probe.startswith("passage")]
    apart = [np.abs(expected.log_odds(asked, texts) - found.log_odds(asked, texts)).max() for asked in questions]
    (folder / AGREEMENT_FILE).write_text(json.dumps({choose("auto"): round(float(max(apart)), 4)}), "utf-8")


def _write_network(layers: CrossEncoderLayers, folder: Path) -> None:
    import torch

    class Module(torch.nn.Module):  # type: ignore[misc]  # torch is not followed: see pyproject.toml
        def forward(self, words: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            return layers.forward(words, mask)

    with torch.no_grad():
        example = (torch.zeros(2, 8, layers.dim), torch.ones(2, 8))
        network = convert(Module(), example, ((-1, -1, layers.dim), (-1, -1)))
    library, precision = openvino(), choose("auto")
    compiled = library.Core().compile_model(network, "CPU", settings(precision, 1))
    network_file(folder, precision).write_bytes(compiled.export_model().getvalue())

"""The cross-encoder in training: what is written is what the next training starts from."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from embeddings.bundled.weights import default_cache_dir, ensure_unpacked
from tests.benchmarks.cross_encoder.network import TrainableCrossEncoder, shipped_weights
from tests.benchmarks.cross_encoder.weights_file import read_weights, write_weights

pytestmark = [pytest.mark.model, pytest.mark.slow]


def test_a_training_continues_from_what_was_written(tmp_path: Path) -> None:
    """The same log odds, but for the rounding of eight bits; from the bundled weights they are others."""
    folder, file = ensure_unpacked(default_cache_dir()), tmp_path / "weights.npz"
    torch.manual_seed(1)
    trained, continued = TrainableCrossEncoder(folder), TrainableCrossEncoder(folder)
    for parameter in trained.parameters():
        parameter.data += 0.02 * torch.randn_like(parameter)
    words = trained.words[torch.tensor([[0, 1000, 2000, 2, 2, 3000, 2]])].float()
    inputs = words, torch.tensor([[0, 0, 0, 0, 1, 1, 1]]), torch.ones(1, 7)

    with torch.no_grad():
        before = continued(*inputs)[0].item()
        write_weights(file, shipped_weights(dict(trained.named_parameters())))
        continued.start_from(read_weights(file))
        expected, found = (each(*inputs)[0].item() for each in (trained, continued))

    assert found == pytest.approx(expected, abs=0.02)
    assert abs(before - expected) > 0.05

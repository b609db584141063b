"""A cross-encoder's weights in a file: eight bits a value of a matrix."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.benchmarks.cross_encoder.weights_file import read_weights, write_weights


def test_each_value_of_a_matrix_comes_back_within_half_a_step(tmp_path: Path) -> None:
    """A step is a 127th of the largest of its row, so that one large row spoils no other."""
    matrix = np.random.default_rng(0).normal(size=(7, 50)).astype(np.float32) * np.logspace(-3, 2, 7)[:, None]
    file = tmp_path / "weights.npz"

    write_weights(file, {"layer.weight": matrix.astype(np.float32)})
    found = read_weights(file)["layer.weight"]

    steps = np.abs(matrix).max(axis=1, keepdims=True) / 127
    assert (np.abs(found - matrix) <= 0.51 * steps).all()


def test_vectors_come_back_as_they_were(tmp_path: Path) -> None:
    """Layer norms and biases are few, and a rounding of theirs moves every token."""
    bias = np.random.default_rng(1).normal(size=20).astype(np.float32)
    file = tmp_path / "weights.npz"

    write_weights(file, {"layer.bias": bias})

    assert (read_weights(file)["layer.bias"] == bias).all()


def test_a_row_of_zeros_stays_zero(tmp_path: Path) -> None:
    """Its scale cannot be 0, or it would come back as not a number."""
    file = tmp_path / "weights.npz"

    write_weights(file, {"layer.weight": np.zeros((2, 3), np.float32)})

    assert (read_weights(file)["layer.weight"] == 0).all()

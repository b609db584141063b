"""The cross-encoder's weights: eight bits a value, and no other file than the shipped one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embeddings.cross_encoder.weights_file import SHA256, read_weights, shipped_file, write_weights
from embeddings.durable_file import file_sha256
from embeddings.errors import BundledFileError

MEBIBYTE = 1 << 20


def test_each_value_of_a_matrix_comes_back_within_half_a_step(tmp_path: Path) -> None:
    """A step is a 127th of the largest of its row, so that one large row spoils no other."""
    matrix = np.random.default_rng(0).normal(size=(7, 50)).astype(np.float32) * np.logspace(-3, 2, 7)[:, None]
    file = tmp_path / "weights.npz"

    write_weights(file, {"layer.weight": matrix.astype(np.float32)})
    found = read_weights(file, file_sha256(file))["layer.weight"]

    steps = np.abs(matrix).max(axis=1, keepdims=True) / 127
    assert (np.abs(found - matrix) <= 0.51 * steps).all()


def test_vectors_come_back_as_they_were(tmp_path: Path) -> None:
    """Layer norms and biases are few, and a rounding of theirs moves every token."""
    bias = np.random.default_rng(1).normal(size=20).astype(np.float32)
    file = tmp_path / "weights.npz"

    write_weights(file, {"layer.bias": bias})

    assert (read_weights(file, file_sha256(file))["layer.bias"] == bias).all()


def test_a_row_of_zeros_stays_zero(tmp_path: Path) -> None:
    """Its scale cannot be 0, or it would come back as not a number."""
    file = tmp_path / "weights.npz"

    write_weights(file, {"layer.weight": np.zeros((2, 3), np.float32)})

    assert (read_weights(file, file_sha256(file))["layer.weight"] == 0).all()


def test_the_shipped_file_is_the_one_that_the_program_names() -> None:
    """Its digest names what is compiled from it."""
    assert file_sha256(shipped_file()) == SHA256


def test_the_shipped_file_is_no_larger_than_was_promised() -> None:
    """It travels with every installation."""
    assert shipped_file().stat().st_size <= 25 * MEBIBYTE


def test_another_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """Half a download would judge at random."""
    file = tmp_path / "weights.npz"
    file.write_bytes(shipped_file().read_bytes()[:1000])

    with pytest.raises(BundledFileError, match=rf"must have sha256 {SHA256}, it has .*: install trichdan again"):
        read_weights(file)

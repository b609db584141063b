"""The projection of token states, against what it promises."""

import numpy as np

from embeddings.projection import TOKEN_DIM, Projection, bundled_projection, random_projection


def test_a_state_loses_the_mean_and_is_turned():
    """
    (4, 4, 0) less (1, 0, 0) along the first two axes is (3, 4): as a unit vector (0.6, 0.8).
    """
    project = Projection(np.array([1, 0, 0], np.float32), np.eye(3, 2, dtype=np.float32))

    np.testing.assert_allclose(project(np.array([[4, 4, 0]], np.float32)), [[0.6, 0.8]], atol=1e-6)


def test_the_bundled_projection_has_orthonormal_directions():
    """
    Lengths and angles within the kept dimensions are those of the states.
    """
    basis = bundled_projection().basis

    np.testing.assert_allclose(basis.T @ basis, np.eye(TOKEN_DIM), atol=1e-4)


def test_a_random_projection_is_always_the_same():
    """
    An index of another model can be searched on another day.
    """
    assert random_projection(256).fingerprint == random_projection(256).fingerprint


def test_a_small_model_keeps_all_its_dimensions():
    """
    Nothing is gained by stretching 32 dimensions to 128.
    """
    assert random_projection(32).token_dim == 32


def test_another_projection_has_another_fingerprint():
    """
    Token vectors of two projections are never compared.
    """
    assert bundled_projection().fingerprint != random_projection(384).fingerprint

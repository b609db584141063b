"""The projection of token states, against what it promises."""

import numpy as np
import pytest

from embeddings.projection import TOKEN_DIM, Projection, bundled_projection, learn_projection, random_projection


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


def test_a_learned_projection_finds_the_directions_of_the_states():
    """
    States that vary in three directions around a large mean: their principal components, as NumPy's own SVD has them.
    """
    rng = np.random.default_rng(1)
    states = (rng.standard_normal((500, 3)) * [9, 5, 2]) @ np.linalg.qr(rng.standard_normal((200, 3)))[0].T + 40
    states = (states + rng.standard_normal(states.shape) * 0.01).astype(np.float32)

    projection = learn_projection(states, texts=10)

    _, _, rows = np.linalg.svd(states - states.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(np.abs((rows[:3] * projection.basis[:, :3].T).sum(axis=1)), 1, atol=1e-3)
    np.testing.assert_allclose(projection.mean, states.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(projection.basis.T @ projection.basis, np.eye(TOKEN_DIM), atol=1e-4)


def test_a_large_common_direction_does_not_make_tokens_alike():
    """
    What all states share is of no use to tell them apart: without it their cosines spread around 0.
    """
    rng = np.random.default_rng(2)
    states = (rng.standard_normal((400, 256)) + 20 * rng.standard_normal(256)).astype(np.float32)

    learned, drawn = (project(states) for project in (learn_projection(states, texts=10), random_projection(256)))

    assert np.median(drawn[:200] @ drawn[200:].T) > 0.9
    assert abs(np.median(learned[:200] @ learned[200:].T)) < 0.1


@pytest.mark.parametrize(("tokens", "dim", "width"), [(3, 384, TOKEN_DIM), (50, 32, 32)])
def test_few_tokens_and_short_states_are_enough(tokens, dim, width):
    """
    A corpus of one sentence, or a model with fewer dimensions, still gets orthonormal directions.
    """
    states = np.random.default_rng(3).standard_normal((tokens, dim)).astype(np.float32)

    basis = learn_projection(states, texts=1).basis

    assert basis.shape == (dim, width)
    np.testing.assert_allclose(basis.T @ basis, np.eye(width), atol=1e-4)

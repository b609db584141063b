"""The scale of a model, beside NumPy's own least squares."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.index.scoring.model_scale import LevelSums, Line, ModelScale, PairSums, model_scale

RANDOM = np.random.default_rng(2)
OWN = RANDOM.normal(0.3, 0.1, 500).astype(np.float32)
BUNDLED = (0.7 + 0.4 * OWN + RANDOM.normal(0, 0.02, 500)).astype(np.float32)


def sums(own: np.ndarray, bundled: np.ndarray) -> dict[str, list[float]]:
    """A collection's background, of twenty passages a snippet."""
    own, bundled = own.reshape(-1, 20), bundled.reshape(-1, 20)
    pairs, level = PairSums.of(own, bundled).to_json(), LevelSums.of(own, bundled).to_json()
    return {"cosine": pairs, "near": pairs, "cosine level": level, "near level": level}


def test_the_line_is_the_least_squares_line() -> None:
    """As np.polyfit finds it."""
    line = PairSums.of(OWN, BUNDLED).line()

    assert (line.slope, line.offset) == pytest.approx(np.polyfit(OWN, BUNDLED, 1), abs=1e-4)


def test_agreement_is_the_correlation() -> None:
    """As np.corrcoef finds it."""
    assert PairSums.of(OWN, BUNDLED).agreement == pytest.approx(np.corrcoef(OWN, BUNDLED)[0, 1], abs=1e-4)


def test_collections_add_up_to_what_they_are_together() -> None:
    """The line of two collections is that of all their pairs."""
    background = {"a": sums(OWN[:100], BUNDLED[:100]), "b": sums(OWN[100:], BUNDLED[100:])}

    scale = model_scale(background, {"a", "b"})

    assert (scale.cosine.slope, scale.cosine.offset) == pytest.approx(np.polyfit(OWN, BUNDLED, 1), abs=1e-3)


def test_a_closed_collection_changes_nothing() -> None:
    """The scale within collection a is the same whatever b holds."""
    open_only = {"a": sums(OWN, BUNDLED)}

    both = {**open_only, "b": sums(OWN, 1 - BUNDLED)}

    assert model_scale(both, {"a"}) == model_scale(open_only, {"a"})


def test_the_bundled_model_has_its_own_scale() -> None:
    """Without a background every similarity stays what it is, to the last bit."""
    scale = model_scale(None, {"a"})

    assert scale == ModelScale(Line(), Line())
    assert scale.cosine(0.8125678901234567) == 0.8125678901234567


def test_a_model_that_says_something_else_does_not_hold() -> None:
    """Similarities without relation to the bundled model's."""
    noise = RANDOM.normal(0.3, 0.1, 500).astype(np.float32)

    scale = model_scale({"a": sums(noise, BUNDLED)}, {"a"})

    assert not scale.holds
    assert abs(scale.cosine.slope) < 0.1


@pytest.mark.parametrize("background", [{}, {"a": sums(OWN, BUNDLED)}])
def test_a_model_that_was_compared_with_nothing_here_does_not_hold(background: dict[str, object]) -> None:
    """A collection without paragraphs, say: nothing is known of the model over it."""
    assert not model_scale(background, {"b"}).holds


def test_similarities_that_do_not_vary_give_a_flat_line() -> None:
    """Nothing to learn from one value: the mean of the bundled model's, and no agreement."""
    still = np.full(500, 0.5, np.float32)

    found = PairSums.of(still, BUNDLED)

    assert (found.line().slope, found.agreement) == (0.0, 0.0)
    assert found.line()(0.5) == pytest.approx(float(BUNDLED.mean()), abs=1e-4)


def test_features_of_the_confidence_are_shifted_to_the_bundled_models_level() -> None:
    """On the mean over the snippets the best, and its lead over the best twelve, are the same, line or not."""
    noise = np.random.default_rng(3).normal(0.3, 0.1, 500).astype(np.float32)

    for own in (OWN, noise):
        scale = model_scale({"a": sums(own, BUNDLED)}, {"a"})
        levels = []
        for each in (own, BUNDLED):
            nearest = -np.sort(-each.reshape(-1, 20), axis=1)[:, :12]
            levels.append((nearest[:, 0].mean(), (nearest[:, 0] - nearest.mean(axis=1)).mean()))
        (best, lead), wanted = levels
        found = scale.cosine(best) + scale.cosine_shift, scale.cosine.slope * lead + scale.spread_shift
        assert found == pytest.approx(wanted, abs=1e-4)


def test_a_model_without_token_vectors_says_nothing_against_an_answer() -> None:
    """Its MaxSim scores are 0; the confidence sees the bundled model's mean best."""
    scale = model_scale({"a": sums(np.zeros(500, np.float32), BUNDLED)}, {"a"})

    assert scale.near(0.0) + scale.near_shift == pytest.approx(BUNDLED.reshape(-1, 20).max(axis=1).mean(), abs=1e-4)


def test_a_lead_is_enlarged_by_what_the_lines_take_from_it() -> None:
    """A model that always agrees keeps its lead, one that never does only has what is owed to words."""
    same, other = (model_scale({"a": sums(own, BUNDLED)}, {"a"}) for own in (BUNDLED, np.zeros(500, np.float32)))

    assert same.lead == pytest.approx(1.0)
    assert other.lead == pytest.approx(1 / (1 - 0.29 - 0.23))

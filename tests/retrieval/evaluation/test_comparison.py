"""What changed between two runs: exactly the questions that did."""

from __future__ import annotations

import pytest

from retrieval.evaluation.comparison import compare
from retrieval.evaluation.mode import MODES
from tests.retrieval.evaluation.conftest import result


def test_exactly_the_changed_questions_are_named() -> None:
    """A rank or a state that changed, in the mode in which it did; what stays, comes or goes is not named."""
    before = [
        result("same", 1),
        result("risen", 4),
        result("fallen", 1),
        result("lost", 10),
        result("surer", 1, state="weak"),
        result("silenced", 2, state="found"),
        result("gone", 1),
        result("reworded", 1, text="Cũ?"),
        result("only bare", 3, mode="full"),
        result("only bare", 3, mode="bare"),
    ]
    after = [
        result("same", 1, confidence=0.95),
        result("risen", 2),
        result("fallen", 3),
        result("lost", 0),
        result("surer", 1, state="found"),
        result("silenced", 2, state="none"),
        result("new", 5),
        result("reworded", 7, text="Mới?"),
        result("only bare", 3, mode="full"),
        result("only bare", 1, mode="bare"),
    ]

    found = compare(before, after, name="trước")

    assert [(c.after.question_id, c.after.mode) for c in found.better] == [
        ("risen", "full"),
        ("surer", "full"),
        ("only bare", "bare"),
    ]
    assert [c.after.question_id for c in found.worse] == ["fallen", "lost", "silenced"]
    assert (found.before, found.missing, found.added) == ("trước", 2, 2)


@pytest.mark.parametrize("rank", [None, 0, 4])
def test_doubt_is_better_where_nothing_right_is_shown(rank: int | None) -> None:
    """An unanswerable question, or one whose right passage staff do not see: from found to none is better."""
    before, after = [result("a", rank, state="found")], [result("a", rank, state="none")]

    assert len(compare(before, after, name="x").better) == 1
    assert len(compare(after, before, name="x").worse) == 1


def test_a_rank_counts_before_a_state() -> None:
    """From rank 2, found, to rank 1, weak: better."""
    found = compare([result("a", 2)], [result("a", 1, state="weak")], name="x")

    assert (len(found.better), len(found.worse)) == (1, 0)


def test_measures_are_compared_over_what_both_asked() -> None:
    """
    Of a set of three only "a" and "b" were asked before: RR from (1 + 1/4) / 2 to (1/2 + 1/4) / 2. The set that only
    one run asked has no difference.
    """
    before = [result("a", 1), result("b", 4), result("x", 1, set_name="other")]
    after = [result("a", 2), result("b", 4), result("c", 1)]

    (difference,) = compare(before, after, name="x").differences

    assert (difference.set_name, difference.mode, difference.common) == ("s", "full", 2)
    assert difference.measures["RR@10"] == pytest.approx((5 / 8, 3 / 8))
    assert difference.measures["R@1"] == pytest.approx((0.5, 0.0))
    assert "AUC" not in difference.measures


def test_how_sure_is_compared_too() -> None:
    """AUC: from a half (a tie) to 1."""
    before = [result("a", 1, confidence=0.6), result("b", None, confidence=0.6)]
    after = [result("a", 1, confidence=0.6), result("b", None, confidence=0.1)]

    (difference,) = compare(before, after, name="x").differences

    assert difference.measures["AUC"] == (0.5, 1.0)
    assert difference.measures["ECE"] == pytest.approx((0.1, (0.4 + 0.1) / 2))


def test_nothing_in_common() -> None:
    """Two runs over different folders."""
    found = compare([result("a", set_name="x")], [result("a", set_name="y")], name="x")

    assert (found.differences, found.better, found.worse, found.missing, found.added) == ((), (), (), 1, 1)


def test_the_comparison_as_json() -> None:
    """A change is its question and two ranks and states."""
    found = compare([result("a", 4)], [result("a", 1, state="weak")], name="x").to_json()

    assert found["better"] == [
        {"set": "s", "id": "a", "mode": "full", "question": "Ai?", "rank": [4, 1], "state": ["found", "weak"]}
    ]
    assert found["differences"][0]["RR@10"] == [0.25, 1.0]


def test_a_report_that_lacks_a_mode_is_compared_in_the_others() -> None:
    """As those from before questions were asked half-typed: what is new is only counted."""
    before = [result("a", 2, mode="full"), result("a", 2, mode="bare")]
    after = [result("a", 1, mode=mode) for mode in MODES]

    found = compare(before, after, name="r")

    assert [(one.mode, one.measures["RR@10"]) for one in found.differences] == [
        ("full", (0.5, 1.0)),
        ("bare", (0.5, 1.0)),
    ]
    assert (len(found.better), found.missing, found.added) == (2, 0, 1)

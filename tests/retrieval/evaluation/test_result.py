"""A result as JSON, there and back; anything else is refused."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.failure import FAILURES, Failure
from retrieval.evaluation.judgement import Judgement
from retrieval.evaluation.mode import MODES
from retrieval.evaluation.result import Result
from tests.retrieval.evaluation.conftest import result

RESULTS = st.builds(
    Result,
    set_name=st.text(),
    question_id=st.text(),
    mode=st.sampled_from(MODES),
    text=st.text(),
    kind=st.text(),
    judgement=st.builds(
        Judgement,
        st.sets(st.integers(1, 10)).map(lambda ranks: tuple(sorted(ranks))),
        st.integers(0, 12),
    ),
    state=st.sampled_from(["found", "weak", "none"]),
    confidence=st.integers(0, 10_000).map(lambda n: n / 10_000),
    first=st.none() | st.text(),
    failure=st.none() | st.sampled_from(FAILURES),
)


@given(RESULTS)
def test_there_and_back(made: Result) -> None:
    """Nothing is lost; a confidence is kept to four digits."""
    assert Result.from_json(json.loads(json.dumps(made.to_json()))) == made


def test_every_failure_is_listed() -> None:
    """The tuple that is iterated over holds what the type allows."""
    assert get_args(Failure) == FAILURES


@pytest.mark.parametrize(
    "change",
    [
        {"set": 3},
        {"mode": "loud"},
        {"ranks": ["1"]},
        {"ranks": [-1]},
        {"ranks": None},
        {"relevant": None},
        {"state": "sure"},
        {"confidence": 1.01},
        {"confidence": "0.5"},
        {"confidence": float("nan")},
        {"first": 3},
        {"failure": "no idea"},
    ],
    ids=str,
)
def test_what_is_no_result_is_refused(change: dict[str, object]) -> None:
    """A field of another type, or a word that is not allowed."""
    entry = {**result("a").to_json(), **change}

    with pytest.raises((TypeError, ValueError)):
        Result.from_json(entry)


@pytest.mark.parametrize("entry", [{}, [], None, "x"], ids=repr)
def test_what_is_no_entry_is_refused(entry: object) -> None:
    """Not an object with the fields."""
    with pytest.raises((KeyError, TypeError)):
        Result.from_json(entry)

"""
The regression check over made-up results.
"""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.compare import changes, incomparable
from tests.benchmarks.peers.figure import Figure
from tests.benchmarks.peers.results import Results

STEADY = (100.0, 101.0, 99.0, 100.0, 100.5)


def results(ours, plain=None, asked=300):
    figures = {"trichdan": {key: Figure(tuple(values)) for key, values in ours.items()}}
    if plain is not None:
        figures["plain"] = {key: Figure(tuple(values)) for key, values in plain.items()}
    return Results({}, {"rounds": 5, "passages": 1000}, {}, figures, {"alqac": asked})


def worse(old, new):
    return [change.kind.key for change in changes(old, new)]


def times(factor, values=STEADY):
    return tuple(factor * value for value in values)


def test_a_time_that_doubled_is_named():
    """
    Twice as slow, with steady rounds, is named.
    """
    assert worse(results({"p50": STEADY}), results({"p50": times(2)})) == ["p50"]


def test_a_time_that_halved_is_not_named():
    """
    Getting faster is no regression.
    """
    assert worse(results({"p50": STEADY}), results({"p50": times(0.5)})) == []


def test_fewer_passages_a_second_are_named():
    """
    Where more is better, less is worse.
    """
    assert worse(results({"indexing": STEADY}), results({"indexing": times(0.5)})) == ["indexing"]


def test_what_the_noise_explains_is_not_named():
    """
    Medians 10 apart, with middle halves 8 and 4 wide, are within the noise; with 5 and 4 they are not.
    """
    old = results({"p50": (94, 96, 100, 104, 106)})
    new = results({"p50": (107, 108, 110, 112, 113)})
    steadier = results({"p50": (96, 98, 100, 103, 104)})

    assert (worse(old, new), worse(steadier, new)) == ([], ["p50"])


def test_one_stalled_round_hides_nothing():
    """
    A round of either run that took ten times as long does not widen the noise.
    """
    old, new = results({"start": (1.0, 1.1, 1.0, 1.1, 10)}), results({"start": (2.0, 2.1, 2.0, 2.1, 20)})

    assert worse(old, new) == ["start"]


def test_a_slower_machine_is_no_regression():
    """
    When the plain script took twice as long too, the times are those of a busier machine.
    """
    old, new = results({"p50": STEADY}, {"p50": STEADY}), results({"p50": times(2)}, {"p50": times(2)})

    assert worse(old, new) == []


def test_a_faster_machine_hides_no_regression():
    """
    The same milliseconds while the plain script took half of its own are named.
    """
    old, new = results({"p50": STEADY}, {"p50": STEADY}), results({"p50": STEADY}, {"p50": times(0.5)})

    assert worse(old, new) == ["p50"]


def test_the_command_is_held_against_the_plain_script_s_start():
    """
    `trichdan ask`, which no peer has, slows down with the machine and not by itself.
    """
    old = results({"command": STEADY}, {"start": STEADY})
    same, slower = (
        results({"command": times(2)}, {"start": times(2)}),
        results({"command": times(2)}, {"start": STEADY}),
    )

    assert (worse(old, same), worse(old, slower)) == ([], ["command"])


def test_memory_is_compared_as_it_is():
    """
    A busy machine changes no memory: ours is held against ours.
    """
    old = results({"serving_memory": STEADY}, {"serving_memory": STEADY})
    new = results({"serving_memory": times(2)}, {"serving_memory": times(2)})

    assert worse(old, new) == ["serving_memory"]


def test_one_question_from_first_to_second_place_is_no_regression():
    """
    Of 100 questions, RR@10 may fall by 0.005 unnamed, and not by 0.006.
    """
    old = results({"alqac/full": (0.9,)}, asked=100)

    fallen = [worse(old, results({"alqac/full": (value,)}, asked=100)) for value in (0.8951, 0.894)]

    assert fallen == [[], ["alqac/full"]]


def test_only_what_both_measured_is_compared():
    """
    A figure that one of the files lacks is passed over.
    """
    assert worse(results({"p50": STEADY, "p95": STEADY}), results({"p50": STEADY, "p99": times(9)})) == []


def test_runs_of_different_sizes_are_refused():
    """
    The sizes are named; another number of rounds alone is fine.
    """
    old = results({"p50": STEADY})

    assert "1000 and 100" in incomparable(old, replace(old, workload={"rounds": 5, "passages": 100}))
    assert incomparable(old, replace(old, workload={"rounds": 9, "passages": 1000})) == ""


@pytest.mark.parametrize(("factor", "code"), [(1, 0), (2, 1)])
def test_the_command_says_it(factor, code, tmp_path):
    """
    The exit code is 1, and the figure's name is printed, when something got slower.
    """
    results({"p50": STEADY}).write(tmp_path / "old.json")
    results({"p50": times(factor)}).write(tmp_path / "new.json")

    command = [sys.executable, "-m", "tests.benchmarks.compare", tmp_path / "old.json", tmp_path / "new.json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2])

    assert done.returncode == code
    assert done.stdout.startswith("question, p50 got slower: 100.0 to 200.0 ms" if code else "nothing got worse")

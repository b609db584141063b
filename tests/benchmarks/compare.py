"""
Regression check: what got worse between two results files of `make bench`.

Only changes larger than the noise of both runs count.

    .venv/bin/python -m tests.benchmarks.compare OLD.json NEW.json

Times are compared as ratios to the plain script that was measured in the same rounds, because two runs seldom meet an
equally busy machine; without it in both files, as they are. Exit code 1 when something got worse.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.peers.figure import MEMORY, SPEED, Figure, Kind, is_worse
from tests.benchmarks.peers.results import Results
from tests.benchmarks.peers.table import OURS

YARDSTICK = "plain"
_COMPARED_BY = {"command": "start"}  # what the plain script has in place of it


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that got worse; the numbers are ratios where `relative`."""

    kind: Kind
    old: Figure
    new: Figure
    relative: bool

    def __str__(self) -> str:
        unit = f" times that of {YARDSTICK}" if self.relative else f" {self.kind.unit}".rstrip()
        digits = 3 if self.relative else self.kind.digits
        word = "slower" if self.kind.key not in MEMORY and not _is_quality(self.kind) else "worse"
        return (
            f"{self.kind.title} got {word}: {self.old.median:.{digits}f} to {self.new.median:.{digits}f}{unit} "
            f"(noise {self.old.noise:.{digits}f} and {self.new.noise:.{digits}f})"
        )


def main() -> None:
    """Names what got worse."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    arguments = parser.parse_args()
    old, new = Results.read(arguments.old), Results.read(arguments.new)
    if problem := incomparable(old, new):
        sys.exit(problem)
    found = list(changes(old, new))
    for change in found:
        print(change)
    if found:
        sys.exit(1)
    print("nothing got worse by more than the noise")


def incomparable(old: Results, new: Results) -> str:
    """Why two runs cannot be compared; "" when they can."""
    unlike = [key for key in old.workload if key != "rounds" and old.workload[key] != new.workload.get(key)]
    if not unlike:
        return ""
    values = ", ".join(f"{key} {old.workload[key]} and {new.workload.get(key)}" for key in unlike)
    return f"two runs are compared that measured the same, these had {values}: run both with the same options"


def changes(old: Results, new: Results) -> Iterator[Change]:
    """This project's figures in both runs that got worse by more than the noise of both."""
    before, after = old.figures[OURS], new.figures[OURS]
    for kind in old.kinds:
        if kind.key not in before or kind.key not in after:
            continue
        change = _change(kind, old, new)
        least = _least(kind, old)
        loss = change.new.median - change.old.median
        if is_worse(change.new, change.old, kind.better) and abs(loss) > least:
            yield change


def _change(kind: Kind, old: Results, new: Results) -> Change:
    measure = _COMPARED_BY.get(kind.key, kind.key)
    yardsticks = [results.figures.get(YARDSTICK, {}).get(measure) for results in (old, new)]
    before, after = old.figures[OURS][kind.key], new.figures[OURS][kind.key]
    by_old, by_new = yardsticks
    if by_old is None or by_new is None or kind.key in MEMORY or _is_quality(kind):
        return Change(kind, before, after, relative=False)
    return Change(kind, before.relative_to(by_old), after.relative_to(by_new), relative=True)


def _is_quality(kind: Kind) -> bool:
    return kind not in SPEED


def _least(kind: Kind, results: Results) -> float:
    """A loss that is none: RR@10 has no rounds, but one question that falls to the second place is chance."""
    if not _is_quality(kind):
        return 0.0
    return 0.5 / results.asked[kind.key.partition("/")[0]]


if __name__ == "__main__":
    main()

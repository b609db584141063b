"""
The results of a run: all figures with their rounds, as JSON.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.peers.figure import SPEED, Figure, Kind, quality
from tests.benchmarks.peers.workload import SETS


@dataclass(frozen=True, slots=True)
class Results:
    """`figures`: contestant -> key of a kind -> figure, this project first; `asked`: questions of each set."""

    about: dict[str, Any]
    workload: dict[str, Any]
    titles: dict[str, str]
    figures: dict[str, dict[str, Figure]]
    asked: dict[str, int]

    @property
    def kinds(self) -> list[Kind]:
        """Of all figures that a contestant has, in the order of the table."""
        known = [*SPEED, *(quality(name, mode) for name in SETS for mode in ("full", "bare"))]
        return [kind for kind in known if any(kind.key in figures for figures in self.figures.values())]

    def write(self, path: Path) -> None:
        """As JSON."""
        found = {
            "about": self.about,
            "workload": self.workload,
            "titles": self.titles,
            "asked": self.asked,
            "figures": {
                name: {key: figure.to_json() for key, figure in figures.items()}
                for name, figures in self.figures.items()
            },
        }
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @staticmethod
    def read(path: Path) -> Results:
        """What `write` wrote; only the rounds of a figure are read, the rest is computed from them."""
        found = json.loads(path.read_text(encoding="utf-8"))
        figures = {
            name: {key: Figure(tuple(figure["rounds"])) for key, figure in own.items()}
            for name, own in found["figures"].items()
        }
        return Results(found["about"], found["workload"], found["titles"], figures, found["asked"])

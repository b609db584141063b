"""
Measure what each feature of the ranker contributes, by leaving it out.

Each set is ranked with weights learned from the other sets.

    .venv/bin/python -m tests.benchmarks.ablation DIR

Uses the evidence that `train_ranker` left in DIR. Writes `results/ablation.md`.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from retrieval.ranking.features import NAMES
from tests.benchmarks.train_ranker import FEATURES_FILE, SETS, Examples, fit, mean_reciprocal_rank

RESULT = Path(__file__).parent / "results" / "ablation.md"
PARTS = {
    "everything": (),
    **{f"without {name}": (name,) for name in NAMES},
    "without the dense channel (cosine, second)": ("cosine", "second"),
    "without BM25 (exact, folded, title)": ("exact", "folded", "title"),
    "without sentences (sentence_words, sentence_pairs, run)": ("sentence_words", "sentence_pairs", "run"),
}


def main() -> None:
    """Leaves each part out in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    work = parser.parse_args().work
    sets = {name: Examples.read(work / name / FEATURES_FILE) for name in SETS}
    lines = [
        "# What each part of the ranking brings",
        "",
        "RR@10, full / bare; each set by weights learned from the other two. The candidates are the same in every",
        "line: the front of the fixed fusion. Written by `python -m tests.benchmarks.ablation DIR`.",
        "",
        f"| | {' | '.join(SETS)} |",
        f"| --- |{' --- |' * len(SETS)}",
    ]
    for part, left_out in PARTS.items():
        lines.append(f"| {part} | {' | '.join(measures_without(sets, left_out).values())} |")
        sys.stderr.write(f"{lines[-1]}\n")
    RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def measures_without(sets: dict[str, Examples], left_out: tuple[str, ...]) -> dict[str, str]:
    """Set -> "full / bare" without some features."""
    kept = np.array([name not in left_out for name in NAMES])
    blind = {name: replace(examples, features=examples.features * kept) for name, examples in sets.items()}
    figures = {}
    for name, held_out in blind.items():
        weights = fit([examples for other, examples in blind.items() if other != name])
        figures[name] = " / ".join(f"{value:.4f}" for value in mean_reciprocal_rank(held_out, weights).values())
    return figures


if __name__ == "__main__":
    main()

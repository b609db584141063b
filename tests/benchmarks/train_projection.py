"""
Find the principal directions of the bundled model's token states.

Over excerpts of news.

Over excerpts of news.

    .venv/bin/python -m tests.benchmarks.train_projection ARTICLES

Writes `embeddings/projection.npz`. The corpus has no questions, so no question set judges what was learned from it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.bundled import weights
from embeddings.precision import matrices_in
from embeddings.projection import TOKEN_DIM
from embeddings.prompts import E5
from embeddings.torch_engine.bert import Bert
from embeddings.vectors import own_tokens

FILE = Path(__file__).parents[2] / "embeddings" / "projection.npz"
# Many short excerpts, evenly spread: 300 whole paragraphs are of far fewer subjects, and late interaction on their
# directions finds less (mlqa-vi 0.846 instead of 0.855).
ARTICLES = 5000
EXCERPT = 450  # characters of one paragraph of each, the first one or the second and so on in turn
SHORTEST = 150  # characters; below it a paragraph is a caption or a byline


def main() -> None:
    """Reads, decomposes and writes."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # see `load_encoder`: spinning threads starve this and others
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    moments = measured(excerpts(parser.parse_args().folder / "baomoi2017.jsonl.gz"))
    values, directions = np.linalg.eigh(moments.covariance)
    # An eigenvector's sign is arbitrary: fixed, so that the same states give the same file.
    basis = directions[:, ::-1][:, :TOKEN_DIM]
    basis = basis * np.sign(basis[np.abs(basis).argmax(axis=0), np.arange(TOKEN_DIM)])
    np.savez(FILE, mean=moments.mean.astype(np.float32), basis=basis.astype(np.float32))
    kept = values[::-1][:TOKEN_DIM].sum() / values.sum()
    sys.stdout.write(f"{moments.tokens} tokens, {kept:.3f} of their variance in {TOKEN_DIM} dimensions\n")


def excerpts(path: Path) -> list[str]:
    """The beginning of one paragraph of every n-th article."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        articles = [json.loads(line)["paragraphs"] for line in file]
    chosen = articles[:: len(articles) // ARTICLES]
    long = ([text for text in article if len(text) >= SHORTEST] for article in chosen)
    return [texts[turn % len(texts)][:EXCERPT] for turn, texts in enumerate(long) if texts]


@dataclass(frozen=True, slots=True)
class Moments:
    """Of token states: how many, `mean` (dim,) and `covariance` (dim, dim)."""

    tokens: int
    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]


def measured(texts: list[str]) -> Moments:
    """The moments of the last hidden states of the texts' own tokens, added up text by text."""
    bert = Bert(weights.ensure_unpacked(weights.default_cache_dir()))
    tokens, total, products = 0, np.zeros(bert.dim), np.zeros((bert.dim, bert.dim))
    for text in texts:
        with matrices_in("float32"):
            reading = bert.read(E5.passage + text)
        states = own_tokens(reading.states, reading.spans, reading.special, E5.passage)[0].astype(np.float64)
        tokens, total, products = tokens + len(states), total + states.sum(axis=0), products + states.T @ states
    mean = total / tokens
    return Moments(tokens, mean, products / tokens - np.outer(mean, mean))


if __name__ == "__main__":
    main()

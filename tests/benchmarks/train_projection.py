"""
Finds the directions in which the bundled model's token states differ, over news paragraphs.

    .venv/bin/python -m tests.benchmarks.train_projection ../shared/corpora

Writes `embeddings/projection.npz`. The corpus has no questions, so no question set judges what was learned from it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import bundled
from embeddings.bert import Bert
from embeddings.precision import matrices_in
from embeddings.projection import TOKEN_DIM
from embeddings.prompts import E5
from embeddings.vectors import own_tokens

FILE = Path(__file__).parents[2] / "embeddings" / "projection.npz"
ARTICLES = 300  # evenly spread; one paragraph of each


def main() -> None:
    """Reads, decomposes and writes."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # see `load_encoder`: spinning threads starve this and others
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    states = token_states(paragraphs(parser.parse_args().folder / "baomoi2017.jsonl.gz"))
    mean = states.mean(axis=0)
    values, directions = np.linalg.eigh(np.cov(states - mean, rowvar=False))
    # An eigenvector's sign is arbitrary: fixed, so that the same states give the same file.
    basis = directions[:, ::-1][:, :TOKEN_DIM]
    basis = basis * np.sign(basis[np.abs(basis).argmax(axis=0), np.arange(TOKEN_DIM)])
    np.savez(FILE, mean=mean.astype(np.float32), basis=basis.astype(np.float32))
    kept = values[::-1][:TOKEN_DIM].sum() / values.sum()
    sys.stdout.write(f"{len(states)} tokens, {kept:.3f} of their variance in {TOKEN_DIM} dimensions\n")


def paragraphs(path: Path) -> list[str]:
    """The longest paragraph of every n-th article."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        articles = [json.loads(line)["paragraphs"] for line in file]
    step = len(articles) // ARTICLES
    return [max(article, key=len)[:2000] for article in articles[::step]]


def token_states(texts: list[str]) -> NDArray[np.float64]:
    """(tokens, dim): the last hidden states of the texts' own tokens."""
    bert = Bert(bundled.ensure_unpacked(bundled.default_cache_dir()))
    found = []
    for text in texts:
        with matrices_in("float32"):
            reading = bert.read(E5.passage + text)
        found.append(own_tokens(reading.states, reading.spans, reading.special, E5.passage)[0])
    return np.concatenate(found).astype(np.float64)


if __name__ == "__main__":
    main()

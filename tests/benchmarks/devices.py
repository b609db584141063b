"""
Compare the devices and engines of this machine with one model: speed, memory, and whether they agree.

    .venv/bin/python -m tests.benchmarks.devices TEXTS --model NAME --passages 2000

TEXTS is a file of one passage a line. Writes `results/devices.json`. On a machine with a GPU this is what shows that
`--device cuda` gives what the CPU gives.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from embeddings import Encoder, LoadOptions, load_encoder
from embeddings.device import find_accelerators
from tests.benchmarks.__main__ import RESULTS, about

_WARM_UP = 64  # passages: kernels are chosen, copies are made


def main() -> None:
    """Measures each way, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--passages", type=int, default=2000)
    arguments = parser.parse_args()
    texts = [line for line in arguments.texts.read_text(encoding="utf-8").splitlines() if line.strip()]
    report = {**about(), "model": arguments.model, "ways": measured(arguments.model, texts[: arguments.passages])}
    (RESULTS / "devices.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def measured(model: str | None, texts: list[str]) -> list[dict[str, object]]:
    """Each way's speed, and the lowest cosine of its vectors and tokens to those of float32 in torch on the CPU."""
    exact = load_encoder(model, options=LoadOptions("sentence-transformers", "cpu"), precision="float32")
    few = texts[:200]
    expected, tokens = exact.encode_passages(few), [reading.tokens for reading in exact.read_passages(few)]
    found = []
    for options in _ways():
        encoder = load_encoder(model, options=options)
        readings = encoder.read_passages(few)
        vectors = np.array([reading.vector for reading in readings])
        cosines = [(reading.tokens * right).sum(axis=1).mean() for reading, right in zip(readings, tokens, strict=True)]
        found.append(
            {
                "running": encoder.running,
                "fingerprint": encoder.fingerprint,
                "passages_a_second": round(len(texts) / _seconds(encoder, texts), 1),
                "question_ms": round(1000 * _question(encoder, few), 1),
                "lowest_cosine": round(float((vectors * expected).sum(axis=1).min()), 6),
                "tokens_mean_cosine": round(float(np.mean(cosines)), 6),
            }
        )
    return found


def _ways() -> list[LoadOptions]:
    """Both engines on the CPU, and each accelerator that torch finds."""
    accelerators = find_accelerators()
    ways = [LoadOptions("sentence-transformers", "cpu"), LoadOptions("auto", "cpu")]
    ways += [LoadOptions("auto", "cuda")] if accelerators.cuda else []
    ways += [LoadOptions("auto", "mps")] if accelerators.mps else []
    return ways


def _seconds(encoder: Encoder, texts: list[str]) -> float:
    encoder.read_passages(texts[:_WARM_UP])
    begun = time.perf_counter()
    for start in range(0, len(texts), encoder.passages_at_once):
        encoder.read_passages(texts[start : start + encoder.passages_at_once])
    return time.perf_counter() - begun


def _question(encoder: Encoder, texts: list[str]) -> float:
    """Seconds for one question, the median of twenty."""
    taken = []
    for text in texts[:20]:
        begun = time.perf_counter()
        encoder.encode_queries([text[:80]])
        taken.append(time.perf_counter() - begun)
    return float(np.median(taken))


if __name__ == "__main__":
    main()

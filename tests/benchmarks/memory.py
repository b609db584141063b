"""
Measure time, memory, disk and recall of the dense channel as it grows.

    .venv/bin/python -m tests.benchmarks.memory --like INDEX... --work DIR [--sizes 1000:9 70000:9 2000000:1]

Each size is PASSAGES:WINDOWS A PASSAGE; two million passages have one each, since no 23 GB hold nine. The vectors are
generated around those of the given indexes, there are no texts and no other channel; the questions are those of the
seeds. Every build and every serving is a process of its own, so that a peak is its own. Writes `results/memory.json`
and `results/memory.png`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import faiss
import numpy as np
from matplotlib.figure import Figure

from embeddings import load_encoder
from retrieval.answering.pipeline import CANDIDATES
from retrieval.evaluation.plots import save
from retrieval.evaluation.questions import read_question_file
from retrieval.index.build.encoder_input import sample_queries
from retrieval.index.local.dense.channel import DenseChannel
from retrieval.index.scoring.search_plan import SearchPlan
from retrieval.passage import split_document
from retrieval.reading.corpus import walk
from retrieval.reading.document import Document
from retrieval.window import split_windows
from tests.benchmarks.__main__ import RESULTS, ROOT, about
from tests.benchmarks.process import memory_mb, peak_mb
from tests.benchmarks.synthetic_vectors import synthetic_vectors, windows_of

OF = "the dense channel alone, over generated vectors: no texts, no words, no tokens"
SIZES = ("1000:9", "70000:9", "2000000:1")


def main() -> None:
    """Measures each size, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--like", type=Path, nargs="+", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--sizes", nargs="+", default=SIZES)
    parser.add_argument("--step", choices=("build", "serve"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        passages, each = map(int, arguments.sizes[0].split(":"))
        step = built if arguments.step == "build" else served
        sys.stdout.write(json.dumps(step(arguments.work, passages, each)))
        return
    arguments.work.mkdir(parents=True, exist_ok=True)
    _prepare(arguments.work, arguments.like)
    path = RESULTS / "memory.json"
    before = json.loads(path.read_text(encoding="utf-8"))["sizes"] if path.exists() else []
    sizes = {size["passages"]: size for size in before}
    for size in arguments.sizes:
        measured = {**_child(arguments, "build", size), **_child(arguments, "serve", size)}
        sizes[measured["passages"]] = measured
        ordered = [sizes[passages] for passages in sorted(sizes)]
        path.write_text(json.dumps({**about(), "of": OF, "sizes": ordered}, indent=1) + "\n", encoding="utf-8")
        save(growth_plot(ordered), RESULTS / "memory.png")
        sys.stdout.write(json.dumps(measured, indent=1) + "\n")


def _prepare(work: Path, like: list[Path]) -> None:
    """What the children start from, so that no model is in their memory."""
    encoder = load_encoder()
    documents = [entry for entry in walk([ROOT / "seeds"]) if isinstance(entry, Document)]
    entries = [(document.title, passage) for document in documents for passage in split_document(document)]
    windows = sum(len(split_windows(passage.text)) for _, passage in entries)
    asked = [question.text for question in read_question_file(ROOT / "tests" / "seeds-dev.jsonl")]
    np.save(work / "real.npy", windows_of(like))
    np.save(work / "own-words.npy", sample_queries(entries, windows, encoder))
    np.save(work / "questions.npy", encoder.encode_queries(asked))


def _child(arguments: argparse.Namespace, step: str, size: str) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.benchmarks.memory", "--like", ".", "--work", str(arguments.work)]
    done = subprocess.run([*command, "--sizes", size, "--step", step], check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def built(work: Path, passages: int, each: int) -> dict[str, object]:
    """The build's figures; its peak includes the vectors themselves, which a build holds."""
    folder = _folder(work, passages)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    real = np.load(work / "real.npy")
    vectors = np.empty((passages * each, real.shape[1]), np.float32)
    start = 0
    for block in synthetic_vectors(real, len(vectors)):
        vectors[start : start + len(block)] = block
        start += len(block)
    owners = np.repeat(np.arange(passages, dtype=np.int32), each)
    wall, cpu = time.perf_counter(), time.process_time()
    plan = DenseChannel.write(folder, vectors, owners, questions=lambda: np.load(work / "own-words.npy"))
    spent = {"build_s": round(time.perf_counter() - wall, 1), "build_cpu_s": round(time.process_time() - cpu, 1)}
    peak = round(peak_mb())
    (folder / "plan.json").write_text(json.dumps(asdict(plan)), encoding="utf-8")
    scores, _ = faiss.knn(np.load(work / "questions.npy"), vectors, CANDIDATES, metric=faiss.METRIC_INNER_PRODUCT)
    np.save(folder / "truth.npy", scores)
    return {
        "passages": passages,
        "windows": len(vectors),
        **spent,
        "build_peak_mb": peak,
        "vectors_mb": round(vectors.nbytes / 1e6),
        "disk_mb": round(sum((folder / name).stat().st_size for name in _files(folder)) / 1e6, 1),
        "plan": str(plan),
    }


def served(work: Path, passages: int, each: int) -> dict[str, object]:
    """The server's figures: memory after questions, time of each, and how many of the exact neighbours are found."""
    folder = _folder(work, passages)
    before = memory_mb()
    plan = SearchPlan(**json.loads((folder / "plan.json").read_text(encoding="utf-8")))
    channel = DenseChannel.open(folder, plan)
    questions, truth = np.load(work / "questions.npy"), np.load(folder / "truth.npy")
    spent, found = [], []
    for _ in range(3):
        for question in questions:
            start, cpu = time.perf_counter(), time.process_time()
            hits = channel.search(question[None], CANDIDATES)
            channel.score(question[None], sorted(hits))
            spent.append(((time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000))
            found.append(hits)
    wall, cpu_ms = np.median(spent, axis=0)
    after = memory_mb()
    return {
        "serve_added_mb": {kind: round(after[kind] - before[kind], 1) for kind in after},
        "question_ms": round(float(wall), 1),
        "question_cpu_ms": round(float(cpu_ms), 1),
        "recall_at_10_of_questions": round(_recall(channel, questions, truth, 10), 4),
        "recall_at_100_of_questions": round(_recall(channel, questions, truth, 100), 4),
        "smallest_answer": min(map(len, found)),
    }


def _recall(channel: DenseChannel, questions: np.ndarray, truth: np.ndarray, k: int) -> float:
    """The share of the k nearest windows that are found, by their scores: each of equal ones is as good."""
    scores, _ = channel._windows.nearest(questions, k, None)
    return float((scores >= truth[:, k - 1 : k] - 1e-4).mean())


def _folder(work: Path, passages: int) -> Path:
    return work / str(passages)


def _files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name not in {"plan.json", "truth.npy"}]


def growth_plot(sizes: list[dict[str, object]]) -> Figure:
    """Peak memory of the build, memory of serving and disk, by windows."""
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    windows = [size["windows"] for size in sizes]
    curves = {
        "build, peak": [size["build_peak_mb"] for size in sizes],
        "vectors in float32": [size["vectors_mb"] for size in sizes],
        "disk": [size["disk_mb"] for size in sizes],
        "serving, mapped files included": [max(sum(size["serve_added_mb"].values()), 0.1) for size in sizes],  # type: ignore[attr-defined]
        "serving, its own": [max(size["serve_added_mb"]["own"], 0.1) for size in sizes],  # type: ignore[index]
    }
    for (name, values), colour in zip(
        curves.items(), ("#0072B2", "#999999", "#D55E00", "#009E73", "#CC79A7"), strict=True
    ):
        axes.plot(windows, values, marker="o", linewidth=2, color=colour, label=name)
    for size in sizes:
        each = size["windows"] // size["passages"]  # type: ignore[operator]
        named = f"{size['passages']:,} passages\nof {each} {'window' if each == 1 else 'windows'}"
        place = (size["windows"], size["build_peak_mb"])
        axes.annotate(named, place, textcoords="offset points", xytext=(0, 8), ha="right", fontsize=8)  # type: ignore[arg-type]
    axes.margins(x=0.2, y=0.2)
    axes.set(xscale="log", yscale="log", xlabel="windows", ylabel="MB")
    axes.set_title("The dense channel as it grows", loc="left", fontsize=13)
    axes.grid(color="#e4e4e4")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left")
    return figure


if __name__ == "__main__":
    main()

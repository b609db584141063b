"""
`make bench`: start-up, answer and indexing times on the seeds, as JSON.

Each figure is the median of rounds that take turns, since the machine is shared; quote ratios, not absolutes.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from embeddings import load_encoder
from embeddings.precision import cpu_flags
from retrieval.evaluation.questions import read_question_file
from retrieval.index.opening import open_place
from retrieval.reading.corpus import walk
from retrieval.retriever import Retriever
from tests.support.silent_progress import SilentProgress

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).parent / "results"
TRICHDAN = Path(sys.executable).with_name("trichdan")
QUESTIONS = [question.text for question in read_question_file(ROOT / "tests" / "seeds-dev.jsonl")]


def main() -> None:
    """Measures, prints and writes `results/seeds.json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as temporary:
        figures = measure(Path(temporary), rounds)
    report = {"measured": datetime.now(UTC).isoformat(timespec="seconds"), **about(), "rounds": rounds, **figures}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "seeds.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def measure(folder: Path, rounds: int) -> dict[str, object]:
    """The figures; seconds unless the name says otherwise."""
    corpus = walk([ROOT / "seeds"])
    encoder = load_encoder()
    encoder.encode_passages(["khởi động"])

    def index(name: str) -> int:
        summary = open_place(folder / name).build(
            walk([ROOT / "seeds"]), encoder, root=corpus.root, model=None, progress=SilentProgress()
        )
        return summary.passages

    builds, starts, questions = [], [], []
    passages = index("warm")
    retriever = Retriever(folder / "warm", encoder)
    retriever.warm_up()
    for round_ in range(rounds):
        builds.append(timed(lambda name=f"round-{round_}": index(name)))  # type: ignore[misc]  # bound default
        starts.append(timed(lambda: ask(folder / "warm")))
        questions += [retriever.ask(question).milliseconds["total"] for question in QUESTIONS]
    questions.sort()
    return {
        "passages": passages,
        "index_passages_per_second": round(passages / statistics.median(builds), 1),
        "start_to_first_answer_s": round(statistics.median(starts), 2),
        "question_ms_p50": round(statistics.median(questions), 1),
        "question_ms_p95": round(questions[int(0.95 * len(questions))], 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def ask(index: Path) -> None:
    """A new process, from start to printed answer."""
    subprocess.run([TRICHDAN, "ask", "--index", str(index), QUESTIONS[3]], check=True, capture_output=True)


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def about() -> dict[str, object]:
    """Machine, commit and versions."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 - whichever git the developer uses
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    packages = ("trichdan", "torch", "sentence-transformers", "openvino", "faiss-cpu", "tantivy", "numpy")
    return {
        "commit": commit,
        "machine": {"processor": platform.machine(), "bfloat16": sorted(f for f in cpu_flags() if "bf16" in f)},
        "python": platform.python_version(),
        "versions": {package: version(package) for package in packages},
    }


if __name__ == "__main__":
    main()

"""
Measure a whole index as it grows: building it, asking it, its memory and its disk.

    .venv/bin/python -m tests.benchmarks.growth NEWS --like INDEX --work DIR [--passages 1000 10000 …]

The passages are stretches of 150 syllables of news; where the news end they begin anew, every fifth word taken from
another passage. Vectors and tokens are generated as in `latency`, so that the model's time is not in the figures: all
else is. Each build and each asking is a process of its own. Writes `results/growth.json` and `results/growth.png`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path
from threading import Event, Thread

from matplotlib.figure import Figure

from embeddings import load_encoder
from retrieval.evaluation.plots import save
from retrieval.index.opening import open_place
from retrieval.reading.document import Document
from retrieval.retriever import Retriever
from tests.benchmarks.__main__ import RESULTS, about
from tests.benchmarks.latency import Hollow, as_document, asked
from tests.benchmarks.process import memory_mb, peak_mb
from tests.benchmarks.synthetic_vectors import windows_of
from tests.support.silent_progress import SilentProgress

SYLLABLES = 150
PER_DOCUMENT = 20
EVERY = 5  # words, of which one is another in each further round
SIZES = (1000, 10_000, 100_000, 1_000_000)


def main() -> None:
    """Builds and asks each size, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("news", type=Path, help="a .jsonl.gz of articles with `paragraphs`")
    parser.add_argument("--like", type=Path, nargs="+", required=True)
    parser.add_argument("--passages", type=int, nargs="+", default=SIZES)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--step", choices=("build", "ask"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        step = built if arguments.step == "build" else answered
        sys.stdout.write(json.dumps(step(arguments, arguments.passages[0])))
        return
    path = RESULTS / "growth.json"
    sizes = {size["passages"]: size for size in json.loads(path.read_text())["sizes"]} if path.exists() else {}
    for passages in arguments.passages:
        sizes[passages] = {**about(), "passages": passages, **_child("build", passages), **_child("ask", passages)}
        ordered = [sizes[each] for each in sorted(sizes)]
        path.write_text(json.dumps({"command": __doc__.split("\n")[3].strip(), "sizes": ordered}, indent=1) + "\n")
        save(growth_plot(ordered), RESULTS / "growth.png")
        sys.stdout.write(json.dumps(sizes[passages], indent=1) + "\n")
        shutil.rmtree(arguments.work / str(passages))


def _child(step: str, passages: int) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.benchmarks.growth", *sys.argv[1:], "--passages", str(passages)]
    done = subprocess.run([*command, "--step", step], check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


def built(arguments: argparse.Namespace, passages: int) -> dict[str, object]:
    """Seconds, peak memory and disk of the whole build."""
    encoder = Hollow(load_encoder(), windows_of(arguments.like))
    place = open_place(arguments.work / str(passages))
    before, start = memory_mb()["own"], time.perf_counter()
    with largest_own_mb() as largest:
        place.build(documents(arguments.news, passages), encoder, root=None, model=None, progress=SilentProgress())
    return {
        "build_s": round(time.perf_counter() - start),
        "build_own_mb": round(largest[0]),  # what the system cannot drop
        "build_peak_mb": round(peak_mb()),  # with the mapped files, which it can
        "model_mb": round(before),  # of either, before anything was indexed
        "index_mb": round(place.size() / 1e6),
        "cache_mb": round((arguments.work / str(passages) / "embeddings.sqlite").stat().st_size / 1e6),
    }


@contextmanager
def largest_own_mb() -> Iterator[list[float]]:
    """A list of one: the most memory of the process's own that was seen, four times a second."""
    largest, ended = [memory_mb()["own"]], Event()

    def look() -> None:
        while not ended.wait(0.25):
            largest[0] = max(largest[0], memory_mb()["own"])

    thread = Thread(target=look)
    thread.start()
    try:
        yield largest
    finally:
        ended.set()
        thread.join()


def answered(arguments: argparse.Namespace, passages: int) -> dict[str, object]:
    """What `latency.asked` measures, how windows are searched, and memory."""
    encoder = Hollow(load_encoder(), windows_of(arguments.like))
    retriever = Retriever(arguments.work / str(passages), encoder)
    report = asked(retriever, encoder)
    memory = {kind: round(mb) for kind, mb in memory_mb().items()}
    plan = retriever.manifest().search
    return {**report, "plan": str(plan), "recall": plan.recall if plan else 1.0, "memory_mb": memory}


def documents(news: Path, passages: int) -> Iterator[Document]:
    """Documents with `passages` stretches together."""
    texts = islice(stretches(news), passages)
    for number in count():
        own = list(islice(texts, PER_DOCUMENT))
        if not own:
            return
        yield as_document(f"{number:07}", own)


def stretches(news: Path) -> Iterator[str]:
    """Stretches of at most 150 syllables, without end."""
    for turn in count():
        before = [""]
        with gzip.open(news, "rt", encoding="utf-8") as file:
            for line in file:
                for paragraph in json.loads(line)["paragraphs"]:
                    words = paragraph.split()
                    for start in range(0, len(words), SYLLABLES):
                        own = words[start : start + SYLLABLES]
                        yield " ".join(
                            before[place % len(before)] if turn and place % EVERY == turn % EVERY else word
                            for place, word in enumerate(own)
                        )
                        before = own


def growth_plot(sizes: list[dict[str, object]]) -> Figure:
    """Time, memory and disk by the number of passages."""
    passages = [size["passages"] for size in sizes]
    figure = Figure(figsize=(11, 4), layout="constrained")
    time_axes, memory_axes = figure.subplots(1, 2)
    for name, label in (("p50", "a question beyond the encoder, median"), ("p95", "95th percentile")):
        values = [_beyond(size, name) for size in sizes]
        time_axes.plot(passages, values, marker="o", label=label)
    time_axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="ms")
    for key, label in (
        ("build_own_mb", "build, its own"),
        ("build_peak_mb", "build, with mapped files"),
        ("index_mb", "index on disk"),
        ("cache_mb", "computed vectors"),
    ):
        memory_axes.plot(passages, [size[key] for size in sizes], marker="o", label=label)
    memory_axes.plot(passages, [size["memory_mb"]["own"] for size in sizes], marker="o", label="answering, its own")  # type: ignore[index]
    memory_axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="MB")
    for axes in (time_axes, memory_axes):
        axes.grid(color="#e4e4e4")
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
    return figure


def _beyond(size: dict[str, object], percentile: str) -> float:
    """What a whole question costs beyond the encoder by itself."""
    stages: dict[str, dict[str, float]] = size["milliseconds"]  # type: ignore[assignment]
    return stages["whole beyond it"][percentile]


if __name__ == "__main__":
    main()

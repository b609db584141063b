"""
Ask the same questions of an index folder and of PostgreSQL on loopback, in turns, at several sizes.

    .venv/bin/python -m tests.benchmarks.engines ARTICLES --like INDEX --work DIR [--passages 1000 20000 100000]

Writes `engines-N.json` into `results/`, or where `--out` says: of each engine the milliseconds of a question beyond
the encoder, the seconds of a build from vectors that are there, bytes on disk and memory. Texts and vectors are those
of `latency`: the passages' vectors are generated, so the answers are not to be looked at. A first pass over both
engines encodes the questions, which is remembered and not timed; the timed passes ask retrievers that are opened anew,
and which engine is asked first changes with each question.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings import Tokens, load_encoder
from retrieval.evaluation.questions import read_question_file
from retrieval.index.copying import copy_index
from retrieval.index.opening import open_place
from retrieval.index.place import Place
from retrieval.retriever import Retriever
from tests.benchmarks.__main__ import RESULTS, ROOT, about
from tests.benchmarks.latency import QUESTIONS, Hollow, articles
from tests.benchmarks.process import memory_mb, peak_mb
from tests.benchmarks.synthetic_vectors import windows_of
from tests.support.postgres_server import PostgresServer, start_server
from tests.support.silent_progress import SilentProgress

ENGINES = ("local", "postgres")
T = TypeVar("T")


class Remembering(Hollow):
    """Encodes each question once, so that asking again costs what is beyond the encoder."""

    def __init__(self, like: Sequence[Path]) -> None:
        super().__init__(load_encoder(), windows_of(list(like)))
        self._known: dict[object, object] = {}

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The model's, from memory the second time."""
        return self._once(tuple(texts), lambda: super(Remembering, self).encode_queries(texts))

    def encode_query_tokens(self, text: str) -> Tokens:
        """The model's, from memory the second time."""
        return self._once(text, lambda: super(Remembering, self).encode_query_tokens(text))

    def _once(self, key: object, encode: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = encode()
        return self._known[key]  # type: ignore[return-value] # what `encode` made for this key


def main() -> None:
    """Builds, asks, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--like", type=Path, nargs="+", required=True)
    parser.add_argument("--passages", type=int, nargs="+", default=[1000, 20_000, 100_000])
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shared-buffers", default="1GB")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--ask", help=argparse.SUPPRESS)  # the address that a process of its own asks for its memory
    given = parser.parse_args()
    if given.ask:
        sys.stdout.write(json.dumps(_memory(given)))
        return
    for passages in given.passages:
        report = json.dumps(measured(given, passages), indent=1)
        (given.out / f"engines-{passages}.json").write_text(f"{report}\n", encoding="utf-8")
        sys.stdout.write(f"{report}\n")


def measured(given: argparse.Namespace, passages: int) -> dict[str, object]:
    """What one size takes in both engines."""
    load = round(os.getloadavg()[0], 1)
    server = start_server(fsync="on", shared_buffers=given.shared_buffers)
    try:
        encoder = Remembering(given.like)
        folder = given.work / str(passages)
        places = dict(zip(ENGINES, (open_place(folder), open_place(server.address(caches=folder))), strict=True))
        builds = _build(given.folder / "baomoi2017.jsonl.gz", passages, places, encoder)
        version = server.execute("SELECT current_setting('server_version')")[0][0]
        manifests = {name: place.manifest() for name, place in places.items()}
        return {
            **about(),
            "load average before, over a minute": load,
            "passages": manifests["local"].passages,
            "windows": manifests["local"].windows,
            "search": {name: str(manifest.search) for name, manifest in manifests.items()},
            "PostgreSQL": {
                "version": version,
                "shared_buffers": given.shared_buffers,
                "extensions": _extensions(server),
            },
            "build from vectors, s": builds,
            "beyond the encoder, ms": _asked(given, places, encoder),
            "disk, MB": {"local": _folder_mb(places["local"]), "postgres": _database_mb(server)},
            "memory of a process that asks, MB": {
                name: _child(passages, text) for name, text in _addresses(places).items()
            },
            "memory of the server, MB": _server_mb(server),
            "load average after, over a minute": round(os.getloadavg()[0], 1),
        }
    finally:
        server.stop()


def _build(path: Path, passages: int, places: dict[str, Place], encoder: Remembering) -> dict[str, float]:
    """Seconds of a build in each engine, whose vectors are computed beforehand."""
    quiet = SilentProgress()
    places["local"].build(articles(path, passages), encoder, root=None, model=None, progress=quiet)
    again = _seconds(
        lambda: places["local"].build(
            articles(path, passages), encoder, root=None, model=None, progress=quiet, rebuild=True
        )
    )
    copied = _seconds(lambda: copy_index(places["local"], places["postgres"], encoder, attachments=(), progress=quiet))
    return {"local": again, "postgres, each document compared": copied}


def _asked(given: argparse.Namespace, places: dict[str, Place], encoder: Remembering) -> dict[str, dict[str, float]]:
    """Median and 95th percentile of each engine."""
    questions = _questions(given.questions)
    for place in places.values():
        retriever = Retriever(place, encoder)
        for question in questions:
            retriever.ask(question)
    spent: dict[str, list[float]] = {name: [] for name in places}
    for _ in range(given.rounds):
        retrievers = {name: Retriever(place, encoder) for name, place in places.items()}
        for retriever in retrievers.values():
            retriever.warm_up()
            retriever.ask("khởi động")  # opens the generation
        for number, question in enumerate(questions):
            for name in ENGINES if number % 2 else ENGINES[::-1]:
                spent[name].append(_seconds(lambda asked=retrievers[name], text=question: asked.ask(text)) * 1000)
    return {
        name: {f"p{p}": round(float(np.percentile(own, p)), 1) for p in (50, 95)} | {"asked": len(own)}
        for name, own in spent.items()
    }


def _questions(most: int) -> list[str]:
    found = [question.text for name in QUESTIONS for question in read_question_file(ROOT / "tests" / name)]
    return list(dict.fromkeys(found))[:most]


def _memory(given: argparse.Namespace) -> dict[str, int]:
    """The memory of this process after questions to one engine."""
    retriever = Retriever(given.ask, Remembering(given.like))
    for question in _questions(given.questions):
        retriever.ask(question)
    return {"peak": round(peak_mb()), **{kind: round(mb) for kind, mb in memory_mb().items()}}


def _child(passages: int, address: str) -> dict[str, int]:
    command = [sys.executable, "-m", "tests.benchmarks.engines", *sys.argv[1:]]
    done = subprocess.run(
        [*command, "--passages", str(passages), "--ask", address], check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout))


def _addresses(places: dict[str, Place]) -> dict[str, str]:
    return {name: place.address.text for name, place in places.items()}


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return round(time.perf_counter() - start, 5)


def _folder_mb(place: Place) -> float:
    """Of the live generation alone: the folder holds the caches of both engines, too."""
    return round(place.size() / 1e6, 1)


def _database_mb(server: PostgresServer) -> float:
    """Tables with their indexes, as `trichdan doctor` counts them."""
    statement = (
        "SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c JOIN pg_namespace n "
        "ON n.oid = c.relnamespace WHERE n.nspname LIKE 'trichdan%' AND c.relkind = 'r'"
    )
    return round(int(server.execute(statement)[0][0]) / 1e6, 1)


def _extensions(server: PostgresServer) -> dict[str, str]:
    statement = "SELECT extname, extversion FROM pg_extension WHERE extname IN ('vector', 'pg_textsearch')"
    return dict(server.execute(statement))


def _server_mb(server: PostgresServer) -> int:
    """Of all processes of the server, shared pages counted once: the sum of their proportional shares."""
    assert server.process is not None
    pids = [server.process.pid, *_children(server.process.pid)]
    lines = [Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8") for pid in pids]
    shares = [int(line.split()[1]) for text in lines for line in text.splitlines() if line.startswith("Pss:")]
    return round(sum(shares) / 1024)


def _children(parent: int) -> list[int]:
    text = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="utf-8")
    return [int(pid) for pid in text.split()]


if __name__ == "__main__":
    main()

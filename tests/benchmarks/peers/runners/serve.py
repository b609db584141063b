"""
The runner's end of the conversation: one JSON object per line each way.

The same for every system, so that all are asked in the same way. Standard library only: it runs in every environment.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Record:
    """One passage of a corpus in BEIR layout."""

    name: str
    title: str
    text: str

    @property
    def titled(self) -> str:
        """What the peers index: the title is above the text, as BEIR has it and as this project encodes it."""
        return f"{self.title}\n{self.text}" if self.title else self.text


class Runner(Protocol):
    """A system under measurement."""

    def load(self) -> None:
        """Loads the model, so that indexing is timed without it."""

    def index(self, corpus: Path, folder: Path) -> None:
        """Indexes the `corpus.jsonl` of a folder and saves."""

    def encode(self, corpus: Path) -> int:
        """Encodes the passages of the `corpus.jsonl` of a folder, each whole and once, and nothing more; how many."""

    def open(self, folder: Path) -> None:
        """Loads what `index` saved, and all that answering needs."""

    def ask(self, question: str, k: int) -> list[list[str]]:
        """The best k places with the names of the records at each: several where copies share one place."""


def records(corpus: Path) -> Iterator[Record]:
    """The records of a BEIR folder that hold text, in the order of its file."""
    with (corpus / "corpus.jsonl").open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            if record["text"].strip():
                yield Record(record["_id"], record.get("title", ""), record["text"].strip())


def serve(runner: Runner) -> None:
    """Serves the requests on standard input until it ends."""
    # Libraries print as well: what they print goes to standard error.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        for line in sys.stdin:
            print(json.dumps(_reply(runner, json.loads(line)), ensure_ascii=False), file=out, flush=True)


def _reply(runner: Runner, request: dict[str, Any]) -> dict[str, Any]:
    match request["do"]:
        case "load":
            runner.load()
            return {}
        case "index":
            start = time.perf_counter()
            runner.index(Path(request["corpus"]), Path(request["folder"]))
            return {"seconds": time.perf_counter() - start}
        case "encode":
            start = time.perf_counter()
            texts = runner.encode(Path(request["corpus"]))
            return {"seconds": time.perf_counter() - start, "texts": texts}
        case "open":
            runner.open(Path(request["folder"]))
            return {}
        case "ask":
            return {"places": runner.ask(request["question"], request["k"])}
        case "peak":
            return {"megabytes": _peak_megabytes()}
        case other:
            known = "load, index, encode, open, ask or peak"
            raise ValueError(f"a request is {known}, found {other!r}: correct the driver")


def _peak_megabytes() -> float:
    # Not ru_maxrss: a new process inherits it from the one that started it.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) / 1024

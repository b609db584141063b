"""
Measure how soon the commands and the bot are ready, in new processes.

    .venv/bin/python -m tests.benchmarks.start_up [--rounds 11]

Writes `results/start-up.json`, in seconds. The index is that of the seeds. The bot talks to the tests' Bot API server
on loopback: it is ready when it asks for updates, and its first answer is the one to a question that waited for it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from embeddings import load_encoder
from retrieval.index.opening import open_place
from retrieval.reading.corpus import walk
from tests.benchmarks.__main__ import QUESTIONS, RESULTS, ROOT, TRICHDAN, about
from tests.bot.conftest import ADMIN, Process
from tests.support.bot.server import TOKEN, BotApi
from tests.support.silent_progress import SilentProgress


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        figures = _measured(Path(name), rounds)
    report = {**about(), "rounds": rounds, "load average over a minute": round(os.getloadavg()[0], 1), **figures}
    text = json.dumps(report, indent=1, ensure_ascii=False)
    sys.stdout.write(f"{text}\n")
    (RESULTS / "start-up.json").write_text(f"{text}\n", encoding="utf-8")


def _measured(folder: Path, rounds: int) -> dict[str, object]:
    index, corpus = folder / "index", walk([ROOT / "seeds"])
    open_place(index).build(corpus, load_encoder(), root=corpus.root, model=None, progress=SilentProgress())
    ways: dict[str, Callable[[], dict[str, float]]] = {
        "help": lambda: _command("trichdan --help", "--help"),
        "ask": lambda: _command("trichdan ask", "ask", QUESTIONS[0], "--index", str(index)),
        "ask through torch": lambda: _command(
            "trichdan ask --encoder sentence-transformers",
            *("ask", QUESTIONS[0], "--index", str(index), "--encoder", "sentence-transformers"),
        ),
        "bot": lambda: _bot(index, folder),
    }
    for way in ways.values():
        way()  # from the disk to the system's cache, and Python's own
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for way in ways.values():
            for name, seconds in way().items():
                found.setdefault(name, []).append(seconds)
    return {name: _summary(seconds) for name, seconds in found.items()}


def _command(name: str, *arguments: str) -> dict[str, float]:
    begun = time.perf_counter()
    subprocess.run([TRICHDAN, *arguments], check=True, capture_output=True, env=_environment())
    return {name: time.perf_counter() - begun}


def _bot(index: Path, folder: Path) -> dict[str, float]:
    (folder / "state.sqlite").unlink(missing_ok=True)
    settings = {
        "TRICHDAN_TOKEN": TOKEN,
        "TRICHDAN_ADMINS": str(ADMIN),
        "TRICHDAN_INDEX": str(index),
        "TRICHDAN_STATE": str(folder / "state.sqlite"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    with BotApi() as api:
        api.say(QUESTIONS[0], user=ADMIN)
        begun = time.perf_counter()
        bot = Process({**settings, "TRICHDAN_BASE_URL": api.url}, folder, bag=False)
        api.wait(lambda: api.sent("getUpdates"))
        ready = time.perf_counter() - begun
        api.wait(lambda: api.sent("sendMessage"))
        answered = time.perf_counter() - begun
        bot.send(signal.SIGTERM)
        bot.wait()
    return {"the bot is ready": ready, "the bot's first answer": answered}


def _environment() -> dict[str, str]:
    """As a person's: compiled modules are kept, the index is named."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def _summary(seconds: list[float]) -> dict[str, object]:
    return {"median": round(median(seconds), 2), "all": [round(value, 2) for value in sorted(seconds)]}


if __name__ == "__main__":
    main()

"""
Measure the bot when an office asks at once, with a kill -9 midway.

    .venv/bin/python -m tests.benchmarks.bot_load [--users 200]

Writes `results/bot-load.json`. Over real HTTP against the tests' Bot API server, by the tests' tiny encoder: what is
measured is the bot, whose own pace (25 messages a second, Telegram's limit being 30) bounds the whole from below.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import tempfile
import time
from pathlib import Path

from bot.storage.opening import open_state
from bot.storage.state import Person
from tests.benchmarks.__main__ import RESULTS, about
from tests.benchmarks.process import peak_mb
from tests.bot.conftest import ADMIN, Process, home_in
from tests.support.bot.crowd import Crowd
from tests.support.bot.server import TOKEN, BotApi


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=200)
    users = range(1000, 1000 + parser.parse_args().users)
    with tempfile.TemporaryDirectory() as name, BotApi() as api:
        measured = _measure(api, Path(name), users)
    report = {**about(), "users": len(users), "questions": 2 * len(users), **measured}
    report["load average of the machine, over five minutes"] = round(os.getloadavg()[1], 1)
    text = json.dumps(report, indent=2, ensure_ascii=False)
    print(text)
    (RESULTS / "bot-load.json").write_text(f"{text}\n", encoding="utf-8")


def _measure(api: BotApi, folder: Path, users: range) -> dict[str, object]:
    state = open_state(folder / "state.sqlite")
    for user in users:
        state.add(Person(user, "staff", "A"), ADMIN)
    state.close()
    settings = {
        "TOKEN": TOKEN,
        "INDEX": str(home_in(folder).index),
        "STATE": str(folder / "state.sqlite"),
        "BASE_URL": api.url,
    }
    environment = {f"TRICHDAN_{key}": value for key, value in settings.items()}
    crowd = Crowd(api, users)
    first = Process(environment, folder, bag=True)
    api.wait(lambda: api.sent("setMyCommands"))
    crowd.ask()
    crowd.wait(0.5)
    memory = [peak_mb(first.pid)]
    killed = time.monotonic()
    first.send(signal.SIGKILL)
    first.wait()
    second = Process(environment, folder, bag=True)
    before = len(api.sent())
    api.wait_sent(before + 1)
    silent = time.monotonic() - killed
    crowd.wait()
    memory.append(peak_mb(second.pid))
    second.end()
    return {
        "answered": sum(map(bool, crowd.answers().values())),
        "in order within each chat": crowd.in_order(),
        "chats with a repeated answer": len(crowd.repeats()),
        "most repeats in a chat": max(crowd.repeats().values(), default=0),
        "seconds from kill -9 to the next answer": round(silent, 1),
        "p95 seconds, with the kill": round(crowd.p95(), 1),
        "peak megabytes of each process": [round(each) for each in memory],
    }


if __name__ == "__main__":
    main()

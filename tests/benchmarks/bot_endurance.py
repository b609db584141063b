"""
Let an office ask the bot for half an hour, through a build and every fault that it must outlive.

    .venv/bin/python -m tests.benchmarks.bot_endurance [--users 200] [--minutes 30] [--think 30]

Everybody asks once in `--think` seconds. Meanwhile a document is added and indexed, the index is rolled back, the disk
of the state file is full for a minute, the Bot API is away for two, the bot is killed and started again, and storms of
429 and 502 meet its answers; in shorter runs the faults are shorter. Whatever ends the bot, it is started again, as a
service manager does. Writes `results/bot-endurance.json`; exit code 1 if a question was lost, answered twice without
having been in flight when the bot ended, or apologised for, or if memory has grown by more than a tenth since the last
process was warm.

The full disk is a small tmpfs where this runs as root and may mount one; otherwise no file of the bot may grow
(RLIMIT_FSIZE). Over real HTTP, with the tests' tiny encoder, as `bot_load`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from bot.messages.vi import VI
from bot.storage.opening import open_state
from bot.storage.state import Person
from tests.benchmarks.__main__ import RESULTS, about
from tests.benchmarks.process import bot_mb
from tests.bot.conftest import ADMIN, BAG_INDEXER, ROOT, Home, Process, home_in
from tests.support.bot.call import Fault
from tests.support.bot.crowd import QUESTIONS
from tests.support.bot.server import TOKEN, BotApi

_HALF_HOUR = 1800.0
_BURST = 120.0  # seconds for a quarter of what everybody asks at once
_DRAIN = 900.0  # seconds for what is unanswered when the last question was asked
_DISK = 64  # megabytes
_GROWTH = 1.1
_METHODS = {"getUpdates", "sendMessage", "sendChatAction", "editMessageText", "answerCallbackQuery", "getMe"}
_WAITS = VI.notices.not_written_down  # no answer yet
_APOLOGIES = tuple(text.partition("{")[0] for text in (VI.down, VI.outdated, VI.error, VI.flood))


def main() -> None:
    """Runs, prints and writes; exit code 1 if the bot did what it must not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--think", type=float, default=30, help="seconds between two questions of one person")
    arguments = parser.parse_args()
    found = endure(arguments.users, 60 * arguments.minutes, arguments.think)
    text = json.dumps({**about(), **found}, indent=2, ensure_ascii=False)
    sys.stdout.write(f"{text}\n")
    (RESULTS / "bot-endurance.json").write_text(f"{text}\n", encoding="utf-8")
    sys.exit(1 if failures(found) else 0)


def failures(found: dict[str, Any]) -> list[str]:
    """What must be nothing, and is not; and memory that has grown."""
    bad = [name for name in ("lost", "doubled beyond what was in flight", "apologies") if found[name]]
    last = found["processes"][-1]
    return [*bad, *(["memory"] if last["megabytes at the end"] > _GROWTH * last["megabytes when warm"] else [])]


def endure(users: int, seconds: float, think: float) -> dict[str, Any]:
    """Let so many people ask for so long, each once in `think` seconds; returns what became of it."""
    with tempfile.TemporaryDirectory() as name, BotApi() as api, _Disk(Path(name) / "state") as disk:
        run = _Run(api, Path(name), disk, users, seconds, think)
        try:
            return run.result()
        finally:
            run.end()


class _Disk:
    """A place for the state file, which can be full."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_mounted = False

    def __enter__(self) -> Self:
        self.folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}m", "tmpfs", str(self.folder)]
        self.is_mounted = (
            os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True).returncode == 0
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)  # noqa: S607 - the system's

    def fill(self, pid: int) -> None:
        """Leave no room to a process."""
        if not self.is_mounted:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
            return
        with suppress(OSError), (self.folder / "filler").open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)

    def empty(self, pid: int) -> None:
        """Leave room again."""
        if self.is_mounted:
            (self.folder / "filler").unlink()
        else:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@dataclass
class _Life:
    """One process of the bot: how it ended, and its memory, of the processes that search too."""

    calls: int  # that the server had had before it
    answering: float = 0.0  # since when
    code: int | None = None
    warm: float = 0.0
    last: float = 0.0


@dataclass
class _Question:
    """One question and the times of its answers."""

    asked: float
    answers: list[float] = field(default_factory=list)
    in_flight: int = 0  # how often the bot ended after it had sent the answer and before it noted so


class _Run:
    """Everybody's questions, and the faults in their order."""

    def __init__(self, api: BotApi, folder: Path, disk: _Disk, users: int, seconds: float, think: float) -> None:
        self._api, self._folder, self._disk = api, folder, disk
        self._users, self._seconds, self._think = range(1000, 1000 + users), seconds, think
        self._questions: dict[tuple[int, int], _Question] = {}  # by chat and message
        self._apologies = self._read = 0
        self._lives: list[_Life] = []
        self._faults: list[dict[str, Any]] = []
        self._over = threading.Event()
        self._lock = threading.Lock()  # of the process, between the faults and the service manager
        (folder / "home").mkdir()
        self._home: Home = home_in(folder / "home")
        with closing(open_state(disk.folder / "state.sqlite")) as state:
            for user in self._users:
                state.add(Person(user, "staff", "A"), ADMIN)
        self._process = self._start()
        api.wait(lambda: api.sent("setMyCommands"))
        self._manager = threading.Thread(target=self._manage, daemon=True)
        self._manager.start()

    def result(self) -> dict[str, Any]:
        """Run to the end, and judge."""
        begun = time.monotonic()
        asking = threading.Thread(target=self._ask, args=(begun,), daemon=True)
        asking.start()
        scale = min(1.0, self._seconds / _HALF_HOUR)
        plan: list[tuple[float, str, Callable[[], object]]] = [
            (0.08, "a build", self._build),
            (0.14, "a rollback", self._roll_back),
            (0.20, "a full disk", lambda: self._full_disk(60 * scale)),
            (0.28, "the Bot API away", lambda: self._away(120 * scale)),
            (0.45, "SIGKILL", self._kill),
            (0.60, "429", lambda: self._storm(Fault(429, "Too Many Requests: retry after 1", retry_after=1))),
            (0.70, "502", lambda: self._storm(Fault(502, "Bad Gateway"))),
        ]
        for share, name, act in plan:
            self._sleep_until(begun + share * self._seconds)
            at = time.monotonic()
            act()
            self._faults.append({"fault": name, "at": round(at - begun), "seconds": round(time.monotonic() - at, 1)})
        self._sleep_until(begun + self._seconds)
        asking.join()
        end = time.monotonic() + _DRAIN
        while self._waiting() and time.monotonic() < end:
            time.sleep(0.2)
        return self._judged(begun)

    def end(self) -> None:
        """End the bot."""
        self._over.set()
        self._manager.join()
        self._process.end()

    def _ask(self, begun: float) -> None:
        """Ask at an even pace, in a random order of people."""
        draw = random.Random(20261129)  # noqa: S311 - a repeatable sample
        pause, number = self._think / len(self._users), 0
        while time.monotonic() < begun + self._seconds:
            if number % len(self._users) == 0:
                order = draw.sample(self._users, len(self._users))
            self._say(order[number % len(self._users)], draw.choice(QUESTIONS))
            number += 1
            self._sleep_until(begun + number * pause)

    def _say(self, user: int, text: str) -> _Question:
        asked = _Question(time.monotonic())
        self._questions[user, self._api.say(text, user)] = asked
        return asked

    def _start(self) -> Process:
        settings = {
            "TOKEN": TOKEN,
            "ADMINS": str(ADMIN),
            "INDEX": str(self._home.index),
            "STATE": str(self._disk.folder / "state.sqlite"),
            "BASE_URL": self._api.url,
        }
        self._lives.append(_Life(len(self._api.calls)))
        return Process({f"TRICHDAN_{name}": value for name, value in settings.items()}, self._folder)

    def _manage(self) -> None:
        """Start the bot again when it has ended, and look at its memory."""
        warm_up = min(180.0, 0.1 * self._seconds)
        while not self._over.wait(1.0):
            with self._lock:
                life = self._lives[-1]
                if not self._process.is_running:
                    life.code = self._process.wait()
                    self._note_in_flight()
                    self._process = self._start()
                    continue
                with suppress(OSError):
                    life.last = bot_mb(self._process.pid)
                self._read_answers()
                if self._read > life.calls and not life.answering:
                    life.answering = time.monotonic()
                if not life.warm and life.answering and time.monotonic() - life.answering > warm_up:
                    life.warm = life.last

    def _note_in_flight(self) -> None:
        """Note the questions whose answer was sent and not noted: the next process may send it again."""
        self._read_answers()
        path = self._disk.folder / "state.sqlite"
        with closing(sqlite3.connect(path, timeout=60)) as db:
            payloads = db.execute("SELECT payload FROM updates WHERE payload IS NOT NULL").fetchall()
        for (payload,) in payloads:
            message = json.loads(payload).get("message", {})
            question = self._questions.get((message["chat"]["id"], message["message_id"])) if message else None
            if question and question.answers:
                question.in_flight += 1

    def _read_answers(self) -> None:
        calls = self._api.calls
        while self._read < len(calls):
            call = calls[self._read]
            self._read += 1
            if call.method != "sendMessage" or (text := str(call.parameters["text"])) == _WAITS:
                continue
            replied = (call.parameters.get("reply_parameters") or {}).get("message_id")
            question = self._questions.get((call.parameters["chat_id"], replied or 0))
            self._apologies += text.startswith(_APOLOGIES)
            if question:
                question.answers.append(call.at)

    def _waiting(self) -> int:
        with self._lock:
            self._read_answers()
        return sum(not each.answers for each in list(self._questions.values()))

    def _judged(self, begun: float) -> dict[str, Any]:
        time.sleep(2.0)  # for a second answer that is on its way
        lost = self._waiting()
        all_ = list(self._questions.values())
        waited = sorted(each.answers[0] - each.asked for each in all_ if each.answers)
        quiet = sorted(
            each.answers[0] - each.asked for each in all_ if each.answers and not self._is_troubled(each.asked - begun)
        )
        surplus = [(len(each.answers) - 1, each.in_flight) for each in all_ if len(each.answers) > 1]
        return {
            "users": len(self._users),
            "seconds": round(self._seconds),
            "seconds between two questions of one person": self._think,
            "full disk by": "a small tmpfs" if self._disk.is_mounted else "RLIMIT_FSIZE",
            "faults": self._faults,
            "questions": len(all_),
            "lost": lost,
            "doubled": sum(count for count, _ in surplus),
            "in flight when the bot ended": sum(each.in_flight for each in all_),
            "doubled beyond what was in flight": sum(max(0, count - known) for count, known in surplus),
            "apologies": self._apologies,
            "p95 seconds": _p95(waited),
            "p95 seconds, asked while nothing was wrong": _p95(quiet),
            "processes": [
                {
                    "exit code": life.code,
                    "megabytes when warm": round(life.warm, 1),
                    "megabytes at the end": round(life.last, 1),
                }
                for life in self._lives
            ],
            "load average of the machine, over five minutes": round(os.getloadavg()[1], 1),
        }

    def _is_troubled(self, at: float) -> bool:
        """Whether something was wrong at a time, or a tenth of the run before."""
        after = 0.1 * self._seconds
        return any(fault["at"] <= at <= fault["at"] + fault["seconds"] + after for fault in self._faults)

    def _build(self) -> None:
        (self._home.corpus / "moi.txt").write_text("Thông báo mới\n\nThư viện mở cửa từ 7 giờ 30.\n", encoding="utf-8")
        self._index(str(self._home.corpus))

    def _roll_back(self) -> None:
        self._index("--rollback")

    def _index(self, what: str) -> None:
        command = [*BAG_INDEXER, what, "--index", str(self._home.index)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    def _full_disk(self, seconds: float) -> None:
        pid = self._process.pid
        self._disk.fill(pid)
        time.sleep(seconds)
        self._disk.empty(pid)

    def _away(self, seconds: float) -> None:
        self._api.down |= _METHODS
        time.sleep(seconds)
        self._api.down -= _METHODS

    def _kill(self) -> None:
        """Kill the bot while it answers everybody at once."""
        burst = [self._say(user, QUESTIONS[0]) for user in self._users]
        end = time.monotonic() + _BURST  # a machine that is too slow has answers of before to give for longer
        while sum(not each.answers for each in burst) > 0.75 * len(burst) and time.monotonic() < end:
            self._waiting()
            time.sleep(0.01)
        with self._lock:
            self._process.send(signal.SIGKILL)
            self._process.wait()

    def _storm(self, fault: Fault) -> None:
        self._api.fail("sendMessage", *[fault] * len(self._users))
        self._api.wait(lambda: not self._api.faults["sendMessage"])

    def _sleep_until(self, at: float) -> None:
        time.sleep(max(0.0, at - time.monotonic()))


def _p95(ordered: list[float]) -> float:
    """95 of a hundred took no longer."""
    return round(ordered[int(0.95 * (len(ordered) - 1))], 1) if ordered else 0.0


if __name__ == "__main__":
    main()

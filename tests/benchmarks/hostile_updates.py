"""
Send the bot very many hostile updates, and look for crashes, stalls, leaks and growth.

    .venv/bin/python -m tests.benchmarks.hostile_updates [--count 100000] [--seed 20261129]

Writes `results/hostile-updates.json`. Two of five updates are made from the Bot API's types and half of these spoilt
(`tests.support.bot.hostile_updates`), the others are well formed and hostile (`tests.support.bot.hostile_crowd`). The
bot is a process of its own, over real HTTP, with the tests' tiny encoder; Telegram's limits on messages are lifted, so
that it answers as fast as it can.

One folder of two is closed to all but administrators in private. A leak is any call that carries something of it to
anybody else, or a word of any document to somebody who never had access. Growth of memory is counted from the end of
the first fifth.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.storage.opening import open_state
from bot.storage.state import Person
from tests.benchmarks.__main__ import RESULTS, about
from tests.benchmarks.process import bot_mb
from tests.bot.conftest import ADMIN, GROUP, Process
from tests.support.bot.call import Call
from tests.support.bot.hostile_crowd import (
    CLOSED,
    CLOSED_DOCUMENT,
    OPEN,
    OPEN_DOCUMENT,
    STAFF,
    HostileCrowd,
)
from tests.support.bot.hostile_updates import Maker
from tests.support.bot.server import TOKEN, BotApi
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

_BATCH = 500
_PACE = 5_000  # messages a second
_PATIENCE = 600.0  # seconds for a batch
_TYPED = 0.4  # the share of updates made from types
_COUNTED = ("people", "invites", "audit", "updates", "answers", "asked", "ratings", "requests", "refusals", "names")


def main() -> None:
    """Sends, judges, prints and writes; exit code 1 if the bot did what it must not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=20261129)
    parser.add_argument("--minutes", type=float, default=1e9, help="ends earlier, and says after how many updates")
    arguments = parser.parse_args()
    found = assault(arguments.count, arguments.seed, 60 * arguments.minutes)
    text = json.dumps({**about(), **found}, indent=2, ensure_ascii=False)
    sys.stdout.write(f"{text}\n")
    (RESULTS / "hostile-updates.json").write_text(f"{text}\n", encoding="utf-8")
    sys.exit(1 if failures(found) else 0)


def failures(found: dict[str, Any]) -> list[str]:
    """What must be nothing, and is not."""
    return [name for name in ("crashes", "incidents", "leaks", "own stalls over 250 ms", "unanswered") if found[name]]


def assault(count: int, seed: int, seconds: float = 1e9) -> dict[str, Any]:
    """Send a bot of its own so many updates, or for so long; returns what became of it."""
    with tempfile.TemporaryDirectory() as name, BotApi() as api:
        folder = Path(name)
        api.inline = True
        api.documents["F"] = b"Thong bao\n\nMot tep ai cung gui duoc."
        process = Process(_settings(api, folder), folder, module="tests.support.bot.with_probe")
        try:
            return _Assault(api, process, folder, seed).run(count, seconds)
        finally:
            process.end()


class _Assault:
    """One bot, and what it did."""

    def __init__(self, api: BotApi, process: Process, folder: Path, seed: int) -> None:
        self._api, self._process, self._folder = api, process, folder
        self._crowd, self._maker = HostileCrowd(seed), Maker(seed)
        self._leaks: list[str] = []
        self._calls: Counter[str] = Counter()
        self._askers: dict[str, int] = {}  # inline queries and presses, by id
        self._given: set[int] = set()  # who was ever let in

    def run(self, count: int, seconds: float) -> dict[str, Any]:
        """Send the updates, and judge what the bot does."""
        api, begun = self._api, time.monotonic()
        api.wait(lambda: api.sent("setMyCommands"))
        rows = self._rows()
        memory: list[float] = []
        sent = 0
        while sent < count and self._process.is_running and time.monotonic() - begun < seconds:
            size = min(_BATCH, count - sent)
            self._batch(size, sent)
            sent += size
            memory.append(bot_mb(self._process.pid))
        crashed = not self._process.is_running
        answered = not crashed and self._answers_still()
        probe = json.loads((self._folder / "probe.json").read_text("utf-8"))
        log = [json.loads(line) for line in self._process.log().splitlines() if line.startswith("{")]
        warm = memory[len(memory) // 5]
        return {
            "updates": sent,
            "seed": self._crowd.seed,
            "seconds": round(time.monotonic() - begun),
            "well formed, by kind": dict(sorted(self._crowd.kinds.items())),
            "made from types, by kind": dict(sorted(self._maker.kinds.items())),
            "calls of the bot": dict(self._calls.most_common()),
            "crashes": int(crashed),
            "unanswered": int(not answered),
            "incidents": sorted({_incident(each) for each in log if each.get("incident")}),
            "errors in the log": Counter(_kind(each) for each in log if each["level"] == "ERROR").most_common(9),
            "leaks": self._leaks[:20],
            "own stalls over 250 ms": probe["stalls"]["own"],
            "longest own stall in seconds": probe["longest"]["own"],
            "stalls over 250 ms, the machine's included": probe["stalls"]["all"],
            "longest stall in seconds, the machine's included": probe["longest"]["all"],
            "where the loop was when it was late": probe["places"],
            "tasks at the end": probe["tasks"],
            "megabytes after a fifth": round(warm, 1),
            "megabytes at the end": round(memory[-1], 1),
            "rows at the start": rows,
            "rows at the end": self._rows(),
            "load average of the machine, over five minutes": round(os.getloadavg()[1], 1),
        }

    def _batch(self, size: int, number: int) -> None:
        api, last = self._api, 0
        for place in range(number, number + size):
            is_typed = self._maker._draw.random() < _TYPED
            update = self._maker.update() if is_typed else self._crowd.update(10**6 + place)
            query = update.get("inline_query") or update.get("callback_query")
            if not is_typed and query:
                self._askers[query["id"]] = query["from"]["id"]
                api.open_queries.add(query["id"])
            last = api.push(**update)
        api.wait(lambda: api.confirmed > last or not self._process.is_running, _PATIENCE)
        self._settle()
        with closing(self._database()) as db:
            self._given |= {user for (user,) in db.execute("SELECT user_id FROM people")}
        self._judge()

    def _settle(self) -> None:
        """Wait until nothing that was accepted awaits its answer, so that each call is judged in its batch."""
        end = time.monotonic() + _PATIENCE
        while self._process.is_running and time.monotonic() < end:
            with closing(self._database()) as db:
                (waiting,) = db.execute("SELECT count(*) FROM updates WHERE payload IS NOT NULL").fetchone()
            if not waiting:
                return
            time.sleep(0.02)

    def _judge(self) -> None:
        """Look at every call since, then let go of it."""
        with self._api._changed:
            calls, self._api.calls = self._api.calls, []
            for kept in (self._api._markups, self._api._contents):
                for key in list(kept)[: max(0, len(kept) - 2_000)]:
                    del kept[key]
            self._api.refusals.clear()
        for call in calls:
            self._calls[call.method] += 1
            self._judge_call(call)
        self._crowd.overhear(calls)

    def _judge_call(self, call: Call) -> None:
        text = json.dumps(call.parameters, ensure_ascii=False) + "".join(call.files)
        text += "".join(each.decode("utf-8", "ignore") for each in call.files.values())
        query = str(call.parameters.get("inline_query_id") or call.parameters.get("callback_query_id") or "")
        reader = self._askers.get(query, 0) if query else int(call.parameters.get("chat_id") or 0)
        if CLOSED in text and reader != ADMIN:
            self._leaks.append(f"closed, to {reader}: {call.method} {text[:300]}")
        if OPEN in text and reader not in {ADMIN, GROUP, *self._given}:
            self._leaks.append(f"open, to {reader}: {call.method} {text[:300]}")

    def _answers_still(self) -> bool:
        self._api.say("Trạm thứ hai có bao nhiêu người?", ADMIN)
        return bool(self._api.wait(lambda: any("41 người" in str(c.parameters) for c in self._api.sent(chat=ADMIN))))

    def _rows(self) -> dict[str, int]:
        with closing(self._database()) as db:
            return {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in _COUNTED}  # noqa: S608

    def _database(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self._folder}/state.sqlite?mode=ro", uri=True, timeout=60)


def _incident(line: dict[str, Any]) -> str:
    """The error of an incident, and the bot's functions that it came through."""
    traceback = str(line.get("traceback", line["message"]))
    through = [
        f"{file}:{function}" for file, function in re.findall(r'/(bot/[\w/]+\.py)", line \d+, in (\w+)', traceback)
    ]
    return f"{traceback.strip().splitlines()[-1]} ({' > '.join(through)})"


def _kind(line: dict[str, Any]) -> str:
    """A line of the log without the numbers in it."""
    return re.sub(r"\d+", "N", line["message"])[:80]


def _settings(api: BotApi, folder: Path) -> dict[str, str]:
    """A corpus with an open and a closed folder, staff, and the environment of the bot."""
    for path, text in (("cong-khai/bao-cao.txt", OPEN_DOCUMENT), (f"mat/{CLOSED}.txt", CLOSED_DOCUMENT)):
        file = folder / "corpus" / path
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    build_index(folder / "corpus", folder / "index", BagEncoder())
    with closing(open_state(folder / "state.sqlite")) as state:
        for user in STAFF:
            state.add(Person(user, "staff", "A"), ADMIN)
    settings = {
        "TOKEN": TOKEN,
        "ADMINS": str(ADMIN),
        "GROUPS": str(GROUP),
        "COLLECTIONS": f"staff=cong-khai; {GROUP}=cong-khai",
        "CONTACTS": f"*={ADMIN}",
        "INDEX": str(folder / "index"),
        "STATE": str(folder / "state.sqlite"),
        "BASE_URL": api.url,
        "INLINE": "true",
        "KEEP_QUESTIONS": "true",
        "LOG_FORMAT": "json",
        "POLL_SECONDS": "5",
    }
    own = {"PROBE": str(folder / "probe.json"), "PROBE_PACE": str(_PACE)}
    return {**{f"TRICHDAN_{name}": value for name, value in settings.items()}, **own}


if __name__ == "__main__":
    main()

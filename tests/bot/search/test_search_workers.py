"""Questions in processes of their own: answered as in a thread, ended at the deadline, lost in no crash."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.errors import UnavailableError, WorkerEndedError
from bot.lifecycle import serving
from bot.search.search_workers import SearchWorkers
from bot.settings.config import Config
from bot.storage.opening import open_state
from bot.storage.state import Person
from retrieval.errors import IndexMismatch, QuestionError
from retrieval.retriever import Retriever
from tests.bot.conftest import ADMIN, STAFF, home_in
from tests.support.bot.server import BotApi
from tests.support.encoders import BagEncoder
from tests.support.stuck_retriever import KILLED, KILLED_ONCE, OUTDATED, STUCK, StuckRetriever
from tests.support.waiting import soon, until

QUESTION = "Bệnh viện dã chiến có bao nhiêu người?"
LONG = 300.0  # seconds: a deadline that no test reaches


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of this test alone."""
    return home_in(tmp_path).index


@pytest.fixture
def workers(index: Path) -> Iterator[SearchWorkers]:
    """Two processes with time enough."""
    made = SearchWorkers(partial(StuckRetriever, index), count=2, seconds=LONG)
    yield made
    made.close()


def processes() -> set[int]:
    """The search processes that this one has started and that still run."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            command = (status.parent / "cmdline").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        if int(fields["PPid"]) == os.getpid() and fields["State"][0] != "Z" and b"search_worker" in command:
            found.add(int(status.parent.name))
    return found


def test_a_process_answers_as_a_thread_does(index: Path, workers: SearchWorkers) -> None:
    """The same quotes, state and scores, also for a follow-up within collections."""
    here, answers = Retriever(index, BagEncoder()), []
    for asker in (here, workers):
        first = asker.ask(QUESTION, k=3, within=None)
        answers.append((first, asker.ask("còn năm 2018?", k=3, previous=first.query.context, within=frozenset({""}))))

    timeless = [[replace(answer, milliseconds={}) for answer in pair] for pair in answers]

    assert timeless[0] == timeless[1]


def test_a_question_that_is_stuck_ends_at_the_deadline(index: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Stuck in a regular expression, which no thread can leave: its process goes, and says where it was."""
    workers = SearchWorkers(partial(StuckRetriever, index), count=1, seconds=3.0)
    try:
        workers.warm_up()
        with pytest.raises(UnavailableError, match="took longer: its process was ended"):
            workers.ask(STUCK, k=1, within=None)
        stack = capfd.readouterr().err
    finally:
        workers.close()

    assert "Timeout" in stack
    assert "stuck_retriever.py" in stack
    assert processes() == set()


def test_others_are_answered_meanwhile(workers: SearchWorkers) -> None:
    """While one question is stuck, another process answers."""
    with ThreadPoolExecutor(1) as pool:
        stuck = pool.submit(workers.ask, STUCK, k=1, within=None)
        until(processes)

        answers = [workers.ask(QUESTION, k=1, within=None) for _ in range(3)]

        assert not stuck.done()
        workers.close()
        assert isinstance(stuck.exception(), UnavailableError)
    assert [answer.state for answer in answers] == [answers[0].state] * 3


def test_a_process_that_is_killed_loses_no_question(workers: SearchWorkers) -> None:
    """Killed by the system in the midst of a question: another process answers it."""
    answer = workers.ask(KILLED_ONCE, k=1, within=None)

    assert answer.question == KILLED_ONCE
    assert len(processes()) == 1


def test_a_question_that_kills_is_given_up(workers: SearchWorkers) -> None:
    """Two processes are enough; the next question is answered."""
    with pytest.raises(WorkerEndedError):
        workers.ask(KILLED, k=1, within=None)

    assert workers.ask(QUESTION, k=1, within=None).hits


def test_renewed_processes_hold_nothing_of_what_was_asked(workers: SearchWorkers) -> None:
    """They are other ones, and answer; the one with a question in progress answers it first."""
    workers.warm_up()
    before = processes()
    taken = workers._take()

    workers.renew()
    during = processes()
    workers._give_back(taken)

    assert len(during & before) == 1
    assert workers.ask(QUESTION, k=1, within=None).hits
    assert not processes() & before


async def test_erasing_starts_them_anew(api: BotApi, config: Config, workers: SearchWorkers) -> None:
    """Caches and freed memory may hold words of questions."""
    workers.warm_up()
    before, state = processes(), open_state(config.state)
    state.add(Person(STAFF, "staff", "An"), ADMIN)
    async with serving(config, Retriever(config.index, BagEncoder()), state, asker=workers):
        await soon(lambda: api.sent("setMyCommands"))
        api.press("f:yes", {"chat": {"id": STAFF, "type": "private"}, "message_id": 7, "date": 1}, STAFF)
        await soon(lambda: not processes() & before)
    state.close()


def test_a_process_that_died_idle_is_replaced(workers: SearchWorkers) -> None:
    """What happened between two questions costs nobody an answer."""
    workers.warm_up()
    for pid in processes():
        os.kill(pid, signal.SIGKILL)
    until(lambda: not processes())

    assert workers.ask(QUESTION, k=1, within=None).hits


def test_errors_are_those_of_a_thread(workers: SearchWorkers) -> None:
    """What is no question, and an index that must be built anew, are told as ever; the process stays."""
    workers.warm_up()
    before = processes()

    for question, error in (("", QuestionError), (OUTDATED, IndexMismatch)):
        with pytest.raises(error):
            workers.ask(question, k=1, within=None)

    assert processes() == before


def test_signals_to_all_processes_end_no_answer(workers: SearchWorkers) -> None:
    """A service manager sends SIGTERM to every process: the bot decides when its workers go."""
    workers.warm_up()
    before = processes()
    for pid in before:
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGINT)

    answer = workers.ask(QUESTION, k=1, within=None)

    assert answer.hits
    assert processes() == before


def test_nothing_is_left_when_the_bot_is_killed(index: Path) -> None:
    """A bot that gets SIGKILL cannot end its workers: they see it, and go."""
    program = (
        "import sys, time; from functools import partial; from pathlib import Path\n"
        "from bot.search.search_workers import SearchWorkers\n"
        "from tests.support.stuck_retriever import StuckRetriever\n"
        "workers = SearchWorkers(partial(StuckRetriever, Path(sys.argv[1])), count=1, seconds=60.0)\n"
        "workers.warm_up()\n"
        "print(workers._workers[0]._process.pid, flush=True)\n"
        "time.sleep(600)"
    )
    bot = subprocess.Popen([sys.executable, "-c", program, str(index)], stdout=subprocess.PIPE, text=True)
    with bot:
        assert bot.stdout
        worker = int(bot.stdout.readline())
        bot.kill()

    until(lambda: not Path(f"/proc/{worker}").exists())


def test_a_worker_knows_no_secret(workers: SearchWorkers, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token is not in its environment, nor is any other setting but the cache's folder."""
    monkeypatch.setenv("TRICHDAN_TOKEN", "7812345678:AAH-secret")
    workers.ask(QUESTION, k=1, within=None)

    environments = [Path(f"/proc/{pid}/environ").read_bytes() for pid in processes()]

    assert environments
    assert not any(b"AAH-" in environment for environment in environments)


async def test_the_bot_answers_while_a_question_is_stuck(api, config) -> None:
    """Over HTTP: a colleague is answered and the loop goes on; who asked is told when the search has failed."""
    patient = config.model_copy(update={"answer_seconds": LONG})
    workers = SearchWorkers(partial(StuckRetriever, config.index.folder), count=3, seconds=LONG)
    state, ticks = open_state(patient.state), []
    state.add(Person(STAFF, "staff", "Nhân viên"), ADMIN)

    async def tick() -> None:
        while True:
            ticks.append(asyncio.get_running_loop().time())
            await asyncio.sleep(0.01)

    def failed() -> list[Any]:
        for pid in processes():
            os.kill(pid, signal.SIGKILL)
        return [call for call in api.sent(chat=STAFF) if "Mã sự cố" in call.parameters["text"]]

    try:
        async with serving(patient, Retriever(config.index, BagEncoder()), state, asker=workers):
            ticking = asyncio.create_task(tick())
            api.say(STUCK, user=STAFF)
            await soon(processes)
            api.say(QUESTION, user=ADMIN)
            answered = await soon(
                lambda: [call for call in api.sent(chat=ADMIN) if "70 người" in call.parameters["text"]]
            )
            early = [call for call in api.sent(chat=STAFF) if "Mã sự cố" in call.parameters["text"]]
            told = await soon(failed)
            ticking.cancel()
    finally:
        workers.close()
        state.close()

    assert (bool(answered), early, len(told)) == (True, [], 1)
    assert max(after - before for before, after in pairwise(ticks)) < 5.0

"""
Fixtures of the bot's tests: a Bot API server on loopback, a small index, and the real bot.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.administration.request_notices import PAUSE
from bot.lifecycle import serving
from bot.settings.config import Config
from bot.storage.opening import open_state
from bot.storage.state import BotState, Person
from bot.transport.redelivery import RETRY_DELAYS, RetryDelays
from retrieval.index.address import IndexAddress
from retrieval.index.local.generations import generation
from retrieval.retriever import Retriever
from tests.support.bot.server import TOKEN, BotApi
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder
from tests.support.waiting import PATIENCE

ADMIN, STAFF, STRANGER, GROUP = 412, 77, 5555, -1001
ROOT = Path(__file__).parents[2]
BAG_INDEXER = (sys.executable, "-m", "tests.support.bot.index_with_bag", "index")

_HOSPITAL = """Bệnh viện dã chiến

Bệnh viện dã chiến cấp 2 có 70 người.

Bệnh viện được triển khai ở Nam Sudan vào đầu năm 2018.

Trang thiết bị <y tế> & thuốc men được vận chuyển bằng đường không.

Bệnh viện tiếp nhận hơn 2.000 lượt bệnh nhân mỗi năm.

Đội ngũ bác sĩ của bệnh viện được đào tạo tiếng Anh.
"""
REPORT = """Quy chế nộp báo cáo

Báo cáo quý được nộp trước ngày 15 của tháng đầu quý sau.

Báo cáo năm được nộp trước ngày 31 tháng 01.
"""


@dataclass(frozen=True)
class Home:
    """A corpus folder and its index."""

    corpus: Path
    index: Path


class Now:
    """A clock that the test sets, in seconds."""

    def __init__(self, time: float = 1_000_000_000.0) -> None:
        self.time = time

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def now() -> Now:
    """What time it is for `state`."""
    return Now()


@pytest.fixture
def state(tmp_path: Path, now: Now) -> Iterator[BotState]:
    """A state file of one test."""
    state = open_state(tmp_path / "state.sqlite", now=now)
    yield state
    state.close()


@pytest.fixture(scope="session", autouse=True)
def one_tls_context() -> Iterator[None]:
    """The certificates are read once, not for each of the bots that the tests start: a tenth of a second each."""
    context = httpx.create_ssl_context()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx, "create_ssl_context", lambda: context)
        yield


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two documents, indexed once. Not to be written to."""
    return home_in(tmp_path_factory.mktemp("bot"))


@pytest.fixture
def own_home(tmp_path: Path) -> Home:
    """A corpus and index that one test may change."""
    return home_in(tmp_path)


def home_in(folder: Path) -> Home:
    """Two documents and their index in a folder."""
    home = Home(folder / "corpus", folder / "index")
    home.corpus.mkdir()
    (home.corpus / "benh-vien.txt").write_text(_HOSPITAL, encoding="utf-8")
    (home.corpus / "bao-cao.txt").write_text(REPORT, encoding="utf-8")
    build_index(home.corpus, home.index, BagEncoder())
    return home


def make_foreign(index: Path) -> None:
    """Make the live generation look built by another version of the program."""
    manifest = generation.live_folder(index) / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text("utf-8")), "format": 1}), "utf-8")


@pytest.fixture
def api() -> Iterator[BotApi]:
    """A fresh server."""
    with BotApi() as server:
        yield server


@pytest.fixture
def config(api: BotApi, shared_home: Home, tmp_path: Path) -> Config:
    """Settings for the server and the index."""
    return settings_for(api, shared_home, tmp_path)


def settings_for(api: BotApi, home: Home, folder: Path) -> Config:
    """Settings with the state file in a folder, independent of the environment."""
    return Config(
        token=TOKEN,
        token_file=None,
        admins=(ADMIN,),
        groups=(GROUP,),
        index=IndexAddress(home.index),
        state=folder / "state.sqlite",
        base_url=api.url,
        base_file_url="",
        poll_seconds=5,
        stop_seconds=5,
        keep_questions=False,
    )


@pytest.fixture
def own_config(config: Config, own_home: Home) -> Config:
    """Settings for an index that may be changed."""
    return config.model_copy(update={"index": IndexAddress(own_home.index)})


@asynccontextmanager
async def running(
    config: Config, *, retry_delays: RetryDelays = RETRY_DELAYS, notice_pause: float = PAUSE
) -> AsyncIterator[BotState]:
    """The bot, in this process and over real HTTP, with one member of the staff."""
    state = open_state(config.state)
    if state.role(STAFF) is None:
        state.add(Person(STAFF, "staff", "Nhân viên"), ADMIN)
    try:
        async with serving(
            config,
            Retriever(config.index, BagEncoder()),
            state,
            retry_delays=retry_delays,
            indexer=BAG_INDEXER,
            notice_pause=notice_pause,
        ):
            yield state
    finally:
        state.close()


@pytest.fixture
async def bot(config: Config) -> AsyncIterator[BotState]:
    """The bot, running; the state it works on."""
    async with running(config) as state:
        yield state


def free_port() -> int:
    """A port of the loopback that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Process:
    """
    `python -m bot` as a process of its own.

    `bag` puts the tiny encoder in the model's place, as other modules of `tests.support.bot` do besides; `under` starts
    it.
    """

    def __init__(
        self,
        environment: dict[str, str],
        folder: Path,
        *,
        bag: bool = True,
        module: str = "",
        under: Sequence[str] = (),
    ) -> None:
        self._log = (folder / "stderr").open("ab")
        self.log_path = folder / "stderr"
        bare = {name: value for name, value in os.environ.items() if not name.startswith("TRICHDAN_")}
        module = module or ("tests.support.bot.with_bag" if bag else "bot")
        self._process = subprocess.Popen(
            [*under, sys.executable, "-W", "error::RuntimeWarning", "-m", module],
            env={**bare, **environment, "PYTHONPATH": str(ROOT)},
            cwd=folder,
            stdout=self._log,
            stderr=self._log,
        )

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self, seconds: float = PATIENCE) -> int:
        code = self._process.wait(seconds)
        self._log.close()
        return code

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8")

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._log.close()


@pytest.fixture
def start(api: BotApi, shared_home: Home, tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts the bot as a process with these settings beside the usual ones; all are ended after the test."""
    started: list[Process] = []

    def begin(*, bag: bool = True, under: Sequence[str] = (), **settings: str) -> Process:
        usual = {
            "token": TOKEN,
            "admins": str(ADMIN),
            "index": str(shared_home.index),
            "state": str(tmp_path / "state.sqlite"),
            "base_url": api.url,
            "poll_seconds": "5",
        }
        given = {
            name if name.isupper() else f"TRICHDAN_{name.upper()}": value
            for name, value in {**usual, **settings}.items()
        }
        started.append(Process(given, tmp_path, bag=bag, under=under))
        return started[-1]

    yield begin
    for process in started:
        process.end()

"""/naplai rebuilds the index in a real child process while the bot runs."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from bot.administration.corpus_folder import CorpusFolder
from bot.administration.reindex import INDEXER, Reindexer
from bot.lifecycle import serving
from bot.messages.vi import VI
from bot.storage.opening import open_state
from bot.storage.state import Person
from retrieval.index.local.generations import generation
from retrieval.retriever import Retriever
from tests.bot.conftest import ADMIN, STAFF, make_foreign, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.bot.operations.test_child_process import alive
from tests.support.bot.markup import parse
from tests.support.encoders import BagEncoder
from tests.support.waiting import soon

NEW = "Nội quy thư viện\n\nThư viện mở cửa từ 7 giờ 30 đến 17 giờ.\n"


async def texts(api, count, chat=ADMIN):
    """What a reader sees of the messages to a chat."""
    calls = await sent(api, count, chat=chat)
    return [parse(call.parameters["text"]).text for call in calls]


async def test_the_corpus_is_indexed_anew(api, own_config, own_home):
    """The report counts a new, a changed, a removed and a refused document; the next answer uses the new index."""
    async with running(own_config) as state:
        api.say(QUESTION, STAFF)
        await sent(api, 1, chat=STAFF)
        (own_home.corpus / "thu-vien.txt").write_text(NEW, encoding="utf-8")
        (own_home.corpus / "la.bin").write_bytes(b"\0")
        (own_home.corpus / "bao-cao.txt").unlink()
        with (own_home.corpus / "benh-vien.txt").open("a", encoding="utf-8") as file:
            file.write("\nBệnh viện có một phòng mổ.\n")
        api.say("/naplai", ADMIN)
        began, report = await texts(api, 2)
        api.say("Thư viện mở cửa từ mấy giờ?", STAFF)
        _, answer = await texts(api, 2, chat=STAFF)
        trail = [(act.actor, act.act) for act in state.audit_log()]

    assert began.startswith("Đang nạp lại kho tài liệu.")
    head, counts, size, refused = report.split("\n")
    assert head.startswith("Đã nạp lại kho tài liệu (")
    assert counts == "Mới: 1 · thay đổi: 1 · đổi tên: 0 · gỡ bỏ: 1 · không đọc được: 1"
    assert size.startswith("Hiện có 2 tài liệu, ")
    assert refused.startswith("• la.bin: a document ends in ")
    assert "từ 7 giờ 30 đến 17 giờ" in answer
    assert trail[0] == (ADMIN, "reindex")


async def test_nothing_new_is_said_to_be_nothing(api, own_config, own_home):
    """And the live generation stays."""
    live = generation.live_folder(own_home.index)
    async with running(own_config):
        api.say("/naplai", ADMIN)

        _, report = await texts(api, 2)

    assert report.startswith("Kho tài liệu không có thay đổi (")
    assert generation.live_folder(own_home.index) == live


async def test_a_failure_is_its_sentence(api, own_config, own_home):
    """With an emptied corpus the old index stays and keeps answering."""
    async with running(own_config):
        for file in own_home.corpus.iterdir():
            file.rename(file.with_suffix(".old"))
        api.say("/naplai", ADMIN)

        _, report = await texts(api, 2)

    assert "chỉ mục cũ được giữ nguyên" in report
    assert "an index needs at least one readable document, found none" in report


async def test_the_index_of_another_version_is_built_anew(api, own_config, own_home):
    """After an upgrade staff learn why they must wait, and administrators which command fixes it."""
    make_foreign(own_home.index)
    async with running(own_config):
        api.say(QUESTION, STAFF)
        (waiting,) = await texts(api, 1, chat=STAFF)
        (alarm,) = await texts(api, 1)
        api.say("/naplai", ADMIN)
        _, _, report = await texts(api, 3)
        api.say(QUESTION, STAFF)
        _, answer = await texts(api, 2, chat=STAFF)

    assert "phải được nạp lại sau khi hệ thống được nâng cấp" in waiting
    assert "Gửi /naplai để lập lại chỉ mục" in alarm
    assert report.startswith("Đã nạp lại kho tài liệu (")
    assert "70 người" in answer


async def test_the_index_keeps_its_model(own_config, own_home, tmp_path):
    """Whatever model the bot's environment names: the indexer is asked for none, and takes the index's own."""
    calls = tmp_path / "calls"
    record = f"import os, sys; open({str(calls)!r}, 'w').write(' '.join([*sys.argv[1:], *os.environ]))"
    corpus_folder = CorpusFolder(own_home.index, None, Path("tai-len"))
    reindexer = Reindexer(corpus_folder, None, None, None, indexer=(sys.executable, "-c", record))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRICHDAN_MODEL", "BAAI/bge-m3")
        with suppress(ValueError):  # it prints no result
            await reindexer._build()

    given = calls.read_text("utf-8")
    assert "TRICHDAN_INDEX" in given.split()
    assert str(own_home.index) not in given  # arguments are seen by everybody, and an address may hold a password
    assert {"--model", "TRICHDAN_MODEL"} & set(calls.read_text("utf-8").split()) == set()


async def test_a_corpus_that_is_gone_is_said(api, own_config, tmp_path):
    """Which folder, and the setting that names it."""
    async with running(own_config.model_copy(update={"corpus": tmp_path / "none"})):
        api.say("/naplai", ADMIN)

        _, report = await texts(api, 2)

    assert "none is none: correct TRICHDAN_CORPUS" in report


class Slow:
    """A bot whose indexer reports that it runs, and waits until released."""

    def __init__(self, tmp_path):
        self.pid = tmp_path / "pid"
        self.go = tmp_path / "go"
        self.runs = tmp_path / "runs"
        code = (
            f"import os, time; open({str(self.runs)!r}, 'a').write('x');"
            f"open({str(self.pid)!r}, 'w').write(str(os.getpid()))\n"
            f"while not os.path.exists({str(self.go)!r}): time.sleep(0.02)\n"
            'print(\'{"built": true, "new": 0, "changed": 0, "renamed": 0, "removed": 0, "refused": [], "documents": 1,'
            ' "passages": 1}\')'
        )
        self.command = (sys.executable, "-c", code)

    async def begun(self):
        """The process id of the indexer, once it runs."""
        await soon(lambda: self.pid.exists() and self.pid.read_text())
        return int(self.pid.read_text())


async def test_only_one_runs_at_a_time(api, own_config, tmp_path):
    """Meanwhile a second command is refused and questions are answered; afterwards it may run again."""
    slow, state = Slow(tmp_path), open_state(own_config.state)
    state.add(Person(STAFF, "staff", "A"), ADMIN)
    async with serving(own_config, Retriever(own_config.index, BagEncoder()), state, indexer=slow.command):
        api.say("/naplai", ADMIN)
        await slow.begun()
        api.say("/naplai", ADMIN)
        _, refusal = await texts(api, 2)
        api.say(QUESTION, STAFF)
        (answer,) = await texts(api, 1, STAFF)
        slow.go.touch()
        *_, report = await texts(api, 3)
    state.close()

    assert refusal == "Kho tài liệu đang được nạp lại. Vui lòng chờ kết quả."
    assert "70 người" in answer
    assert report.startswith("Đã nạp lại kho tài liệu")
    assert slow.runs.read_text() == "x"


async def test_long_refusals_fit_their_report(api, own_config):
    """As many as one message holds, and how many more there are."""
    refused = [{"source": f"{number}{'a&' * 250}", "reason": "<b>" * 200} for number in range(7)]
    told = {
        "built": True,
        "new": 0,
        "changed": 0,
        "renamed": 0,
        "removed": 0,
        "documents": 1,
        "passages": 1,
        "refused": refused,
    }
    command, state = (sys.executable, "-c", f"print({json.dumps(told)!r})"), open_state(own_config.state)
    async with serving(own_config, Retriever(own_config.index, BagEncoder()), state, indexer=command):
        api.say("/naplai", ADMIN)
        _, report = await texts(api, 2)
    state.close()

    named = [line[2] for line in report.split("\n") if line.startswith("•")]
    assert named == ["0", "1", "2", "3"]
    assert report.endswith("\n… (+3)")
    assert api.refusals == []


async def test_a_file_whose_version_before_is_kept_is_told_apart(api, own_config):
    """Two files were refused; one of them is still indexed as a retained document."""
    refused = [{"source": f"{name}.docx", "reason": "không đọc được"} for name in ("a", "b")]
    counts = dict.fromkeys(("new", "changed", "renamed", "removed", "documents", "passages"), 0)
    told = {"built": True, **counts, "refused": refused, "kept": ["b.docx"]}
    command, state = (sys.executable, "-c", f"print({json.dumps(told)!r})"), open_state(own_config.state)
    async with serving(own_config, Retriever(own_config.index, BagEncoder()), state, indexer=command):
        api.say("/naplai", ADMIN)
        _, report = await texts(api, 2)
    state.close()

    assert report.split("\n")[-2:] == [
        "• a.docx: không đọc được",
        "• b.docx: không đọc được (vẫn trích dẫn bản trước của tệp)",
    ]


async def test_a_mark_of_secrecy_is_named_in_the_report(api, own_config):
    """In the reader's language, whatever the indexer said."""
    refused = [{"source": "a.docx", "reason": "a document with a mark …", "secrecy": "TỐI MẬT"}]
    counts = dict.fromkeys(("new", "changed", "renamed", "removed", "documents", "passages"), 0)
    told = {"built": True, **counts, "refused": refused, "kept": []}
    command, state = (sys.executable, "-c", f"print({json.dumps(told)!r})"), open_state(own_config.state)
    async with serving(own_config, Retriever(own_config.index, BagEncoder()), state, indexer=command):
        api.say("/naplai", ADMIN)
        _, report = await texts(api, 2)
    state.close()

    assert report.split("\n")[-1] == f"• a.docx: {VI.documents.marked_refused.format(mark='TỐI MẬT')}"


async def test_the_end_of_the_bot_ends_it(api, own_config, tmp_path):
    """Though it would run for ever; no process is left."""
    slow, state = Slow(tmp_path), open_state(own_config.state)
    async with serving(own_config, Retriever(own_config.index, BagEncoder()), state, indexer=slow.command):
        api.say("/naplai", ADMIN)
        pid = await slow.begun()
    state.close()

    assert not alive(pid)


def test_the_indexer_is_the_command_line():
    """What runs where no test says otherwise: `python -m retrieval index`."""
    assert (sys.executable, "-P", "-m", "retrieval", "index") == INDEXER

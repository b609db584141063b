"""Troubles that last: what staff read, and that administrators are told once."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from telegram import Bot

from bot.messages.vi import VI
from bot.operations.notices import Notices
from bot.storage.opening import open_state
from tests.bot.administration.test_reindex import texts
from tests.bot.conftest import ADMIN, STAFF, STRANGER, Now, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.bot.transport.test_redelivery import settled
from tests.support.bot.server import TOKEN

LONG = QUESTION + " " * 4000  # more than the pages of the file have room for


def fill(state):
    """Let the state file grow no more and fill what room it has: the errors that follow are SQLite's own."""
    db = state.database.connection
    db.execute("CREATE TABLE filling (text TEXT)")
    db.execute("PRAGMA max_page_count = 1")  # as many as there are
    for size in (1000, 100, 10, 1):
        with suppress(sqlite3.OperationalError):
            while True:
                db.execute("INSERT INTO filling VALUES (?)", ("x" * size,))


async def test_all_documents_gone(api, own_config, own_home):
    """Never "the documents do not answer": staff read no names of files, administrators are told once."""
    async with running(own_config) as state:
        for file in own_home.corpus.iterdir():
            file.rename(file.with_suffix(".away"))
        for _ in range(2):
            api.say(QUESTION, STAFF)
        answers = await texts(api, 2, STAFF)
        told = await texts(api, 1)
        await settled(state)
        count = len(api.sent(chat=ADMIN))
        api.say(QUESTION, ADMIN)
        (own,) = (await texts(api, 2))[1:]

    assert answers == [VI.notices.documents_changed] * 2
    assert (told, count) == ([VI.notices.stale_documents], 1)
    assert own == VI.notices.documents_changed


async def test_one_document_changed(api, own_config, own_home):
    """What is left is shown as uncertain, and staff read no name of a file; administrators do."""
    async with running(own_config):
        (own_home.corpus / "benh-vien.txt").write_text("Bệnh viện\n\nĐã đổi.\n", encoding="utf-8")
        question = "Bệnh viện dã chiến có 70 người và báo cáo quý được nộp trước ngày nào?"
        api.say(question, STAFF)
        (answer,) = await texts(api, 1, STAFF)
        api.say(question, ADMIN)
        own = (await texts(api, 2))[-1]

    assert VI.notices.some_documents_changed in answer
    assert VI.weak in answer
    assert "benh-vien" not in answer
    assert "benh-vien.txt" in own


async def test_an_updated_index_ends_the_trouble(api, own_config, own_home):
    """The next change is told at once, not a day later."""
    file = own_home.corpus / "benh-vien.txt"
    async with running(own_config):
        for text in ("Bệnh viện\n\nMột.\n", "Bệnh viện\n\nHai.\n"):
            file.write_text(text, encoding="utf-8")
            api.say(QUESTION, STAFF)
            count = len(api.sent(chat=ADMIN)) + 1
            told = (await texts(api, count))[-1]
            assert told == VI.notices.stale_documents
            api.say("/naplai", ADMIN)
            assert "Đã nạp lại" in (await texts(api, count + 2))[-1]


async def test_a_full_disk_is_told_once(api, bot):
    """Staff know that their question waits, administrators what to do; it is answered when there is space."""
    api.say(QUESTION, STRANGER)
    await sent(api, 1, chat=STRANGER)
    await sent(api, 1, chat=ADMIN)
    fill(bot)
    api.say(LONG, STAFF)
    api.say(LONG, STRANGER)
    (told,) = await texts(api, 1, STAFF)
    notice = (await texts(api, 2))[-1]
    bot.database.connection.execute("PRAGMA max_page_count = 1000000")

    answer = (await texts(api, 2, STAFF))[-1]
    await settled(bot)

    assert told == VI.notices.not_written_down
    assert notice == VI.notices.disk_full
    assert "70 người" in answer
    assert len(api.sent(chat=ADMIN)) == 2
    assert len(api.sent(chat=STRANGER)) == 1


async def test_a_notice_is_repeated_daily_also_after_a_restart(config):
    """Not sooner, and not because the bot was restarted."""
    now = Now()
    count = 0
    for hours in (0, 23, 25):
        now.time = 1_000_000_000.0 + hours * 3600
        state = open_state(config.state, now=now)
        count += await times_told(state)
        state.close()

    assert count == 2


async def times_told(state):
    """How often it is asked whom to tell; nobody is, so that no server is needed."""
    asked = []

    def admins():
        asked.append(1)
        return []

    await Notices(state, admins).tell(Bot(TOKEN), "disk_full")
    return len(asked)

"""What is kept of those who ask, for how long, and that it goes when it should: from rows, files, memory and logs."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3

from bot.errors import StateUnavailableError
from bot.messages.vi import VI
from bot.storage.opening import open_state
from bot.storage.ratings import Ratings
from bot.storage.retention import ROWS, ErasureCounts, Retention
from bot.storage.sqlite.schema import MIGRATIONS
from bot.storage.state import AnswerSummary, Person, StoredPassage
from bot.storage.usage import Usage
from tests.bot.conftest import ADMIN, GROUP, STAFF, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.bot.call import Fault
from tests.support.waiting import soon

WORD = "zzkhôngghilại"  # of no document: where it stands, a question stands
FOUND, DAY = AnswerSummary("found", 0.9, 1), 86_400.0


def rows(state, query):
    """What a query gives."""
    with state.transaction() as db:
        return db.execute(query).fetchall()


def questions(state):
    """Whose questions are kept, and their texts."""
    found = rows(state, "SELECT user_id, question FROM answers WHERE question IS NOT NULL ORDER BY at, answer_id")
    return [(user_id, state.database.unseal("question", sealed)) for user_id, sealed in found]


def bytes_of(folder):
    """All that the state file and the files beside it hold."""
    return b"".join(path.read_bytes() for path in folder.glob("state.sqlite*"))


def test_the_text_of_a_question_goes_after_its_days(state_file, now, tmp_path):
    """From the rows and from the files; the answer stays, so that its buttons work."""
    old = state_file.store_answer(5, [StoredPassage("a#1", "ab", 0, 0)], f"Hỏi {WORD}", FOUND)
    state_file.accept(9, f'{{"message": {{"text": "{WORD}"}}}}')
    before = bytes_of(tmp_path)
    now.time += 90 * DAY + 1
    state_file.store_answer(5, [], "mới", FOUND)
    retention = Retention(state_file, days=90)

    retention.expire()

    assert rows(state_file, "SELECT question FROM answers ORDER BY at") == [(None,), ("mới",)]
    assert state_file.passages_of(old) == [StoredPassage("a#1", "ab", 0, 0)]
    assert state_file.pending() == []
    assert (WORD.encode() in before, WORD.encode() in bytes_of(tmp_path)) == (True, False)


def test_nothing_goes_before_its_days(state, now):
    """A minute before."""
    state.store_answer(5, [], "ai ký?", FOUND)
    now.time += 90 * DAY - 60

    Retention(state, days=90).expire()

    assert questions(state) == [(5, "ai ký?")]


def test_rows_go_after_four_hundred_days(state, now):
    """Answers with their ratings, and counts; people and the audit trail stay."""
    state.add(Person(5, "staff", "An"), by=412)
    for _ in range(2):
        Ratings(state).rate(state.store_answer(5, [], None, FOUND), 6, "up")
        Usage(state).record(5, "private", "found", {})
        now.time += ROWS * DAY + 1
    now.time -= ROWS * DAY

    Retention(state, days=90).expire()

    counted = [rows(state, f"SELECT count(*) FROM {table}")[0][0] for table in ("answers", "ratings", "asked")]  # noqa: S608 - constants
    assert counted == [1, 1, 1]
    assert (len(state.people()), len(state.audit_log())) == (1, 1)


def test_forgetting_deletes_what_is_about_one_person(state, tmp_path):
    """Their answers with all ratings of them, their ratings, counts and waiting questions; nothing of others."""
    state.add(Person(5, "staff", "An"), by=412)
    mine = state.store_answer(5, [], f"Hỏi {WORD}", FOUND)
    other = state.store_answer(6, [], "Câu hỏi của người khác", FOUND)
    ratings = Ratings(state)
    for answer_id, user in ((mine, 5), (mine, 6), (other, 5), (other, 6)):
        ratings.rate(answer_id, user, "up")
    for user in (5, 5, 6):
        Usage(state).record(user, "private", "found", {})
    state.accept(8, f'{{"message": {{"from": {{"id": 5}}, "text": "{WORD}"}}}}')
    state.accept(9, '{"message": {"from": {"id": 6}, "text": "khác"}}')
    state.accept(10, f'{{"callback_query": {{"from": {{"id": 5}}, "data": "{WORD}"}}}}')
    state.accept(11, '{"callback_query": {"from": {"id": 6}, "message": {"from": {"id": 5}}}}')

    gone = Retention(state, days=90).erase(5)

    assert gone == ErasureCounts(questions=2, answers=1, ratings=2)
    assert rows(state, "SELECT answer_id, user_id FROM ratings") == [(other, 6)]
    assert questions(state) == [(6, "Câu hỏi của người khác")]
    assert rows(state, "SELECT user_id FROM asked") == [(6,)]
    assert [number for number, _ in state.pending()] == [9, 11]
    assert (state.role(5), len(state.audit_log())) == ("staff", 1)
    assert WORD.encode() not in bytes_of(tmp_path)  # where it is a file


def test_a_state_file_of_the_version_before_is_taken_over(tmp_path):
    """Its answers keep their buttons; they had no verdict, so they cannot be rated."""
    db = sqlite3.connect(tmp_path / "state.sqlite")
    db.executescript(f"BEGIN; {MIGRATIONS[0]} PRAGMA user_version = 1; COMMIT;")
    db.execute("""INSERT INTO answers VALUES ('oldold12', 1.0, 5, '[["a#1", "ab", 3, 4]]', NULL)""")
    db.commit()
    db.close()

    state = open_state(tmp_path / "state.sqlite")

    assert state.passages_of("oldold12") == [StoredPassage("a#1", "ab", 3, 4)]
    assert Ratings(state).rate("oldold12", 5, "up") is None
    state.close()


async def test_forgetting_asks_first(api, config):
    """Says what goes and what stays; without a yes nothing goes, after one it is gone and said so."""
    async with running(config.model_copy(update={"keep_questions": True})) as state:
        api.say(QUESTION, STAFF)
        await sent(api)
        api.say("/quenlai", STAFF)
        _, asking = await sent(api, 2)
        yes, no = (row[0]["callback_data"] for row in asking.parameters["reply_markup"]["inline_keyboard"])
        api.press(no, api.message_of(asking), STAFF)
        (kept,) = await sent(api, 1, "editMessageText")
        answers = len(rows(state, "SELECT 1 FROM answers"))
        api.press(yes, api.message_of(asking), STAFF)
        _, forgotten = await sent(api, 2, "editMessageText")

        left = rows(state, "SELECT 1 FROM answers UNION ALL SELECT 1 FROM asked")

    assert "nhật ký quản trị được giữ lại" in asking.parameters["text"]
    assert (kept.parameters["text"], answers) == (VI.erasure_cancelled, 1)
    assert "1 lượt hỏi, 1 câu trả lời, 0 đánh giá" in forgotten.parameters["text"]
    assert left == []


async def test_the_button_that_deletes_is_red(api, bot):
    """The other one is not; clients that know no styles show both alike."""
    api.say("/quenlai", STAFF)

    (asking,) = await sent(api)

    rows = asking.parameters["reply_markup"]["inline_keyboard"]
    assert [row[0].get("style") for row in rows] == ["danger", None]


async def test_what_was_forgotten_is_no_longer_referred_to(api, bot):
    """A reply to an old answer is a question by itself, though the program never ended."""
    api.say(QUESTION, STAFF)
    (answer,) = await sent(api)
    reply = api.message_of(answer)
    api.press("f:yes", api.message_of(answer), STAFF)
    await sent(api, 1, "editMessageText")
    api.say("ở đâu?", STAFF, reply_to_message=reply)

    _, second = await sent(api, 2)

    assert VI.follow_up not in second.parameters["text"]


async def test_one_forgets_nobody_else(api, bot):
    """A press deletes what is kept of the one who pressed; in a group the command is refused."""
    Usage(bot).record(STAFF, "private", "found", {})
    api.press("f:yes", {"chat": {"id": ADMIN, "type": "private"}, "message_id": 7, "date": 1}, ADMIN)
    await sent(api, 1, "editMessageText")
    api.say("/quenlai", STAFF, GROUP)

    (refusal,) = await sent(api, 1, chat=GROUP)

    assert rows(bot, "SELECT user_id FROM asked") == [(STAFF,)]
    assert refusal.parameters["text"] == VI.private_only


def everything(state):
    """An answer and a count, as of now."""
    state.store_answer(5, [], "ai ký?", FOUND)
    Usage(state).record(5, "private", "found", {})


def left(state):
    """How many answers and counts there are."""
    return [rows(state, f"SELECT count(*) FROM {table}")[0][0] for table in ("answers", "asked")]  # noqa: S608 - constants


def test_one_start_with_the_clock_ahead_deletes_nothing(state, now, caplog):
    """Nor do two within a day, though something is written by that clock in between; the log says why."""
    everything(state)
    Retention(state, days=90).expire()
    now.time += 401 * DAY

    Retention(state, days=90).expire()
    state.accept(9, "{}")
    Retention(state, days=90).expire()
    now.time -= 401 * DAY
    Retention(state, days=90).expire()

    assert left(state) == [1, 1]
    assert "see the clock of this machine" in caplog.text


def test_one_start_ahead_deletes_nothing_of_an_older_file(state, now):
    """It was never looked at before: its newest row is what the clock is compared with."""
    everything(state)
    now.time += 401 * DAY

    Retention(state, days=90).expire()

    assert left(state) == [1, 1]


def test_a_bot_that_stood_still_for_a_year_deletes_the_next_day(state, now):
    """The clock says the same on a second day."""
    everything(state)
    now.time += 401 * DAY
    retention = Retention(state, days=90)
    retention.expire()
    now.time += DAY

    retention.expire()

    assert left(state) == [0, 0]


def test_a_clock_that_jumps_twice_is_not_confirmed(state, now):
    """The first jump was put right in between."""
    everything(state)
    retention = Retention(state, days=90)
    retention.expire()
    for ahead in (401 * DAY, -401 * DAY, 402 * DAY):
        now.time += ahead
        retention.expire()

    assert left(state) == [1, 1]


def test_an_expired_invitation_goes_with_the_rest(state, now):
    """So that a clock that is set back does not make it good again."""
    code = state.invite("staff", ADMIN, 60)
    now.time += 61
    Retention(state, days=90).expire()
    now.time -= 61

    assert state.redeem(code, 701, "An", admins=[ADMIN]) is None


async def test_old_texts_go_at_the_start(api, config):
    """Nobody has to wait a day for it."""
    state = open_state(config.state, now=lambda: 1.0)
    state.store_answer(5, [], "cũ", FOUND)
    state.close()
    async with running(config) as state:
        await asyncio.to_thread(api.wait, lambda: api.sent("setMyCommands"))

        assert rows(state, "SELECT count(*) FROM answers") == [(0,)]


async def test_old_texts_go_while_the_bot_runs(state, now, monkeypatch):
    """Once a day, here every hundredth of a second; one failure does not end it."""
    monkeypatch.setattr("bot.storage.retention._DAY", 0.01)
    retention = Retention(state, days=1)
    failures = [StateUnavailableError("disk I/O error")]

    def expire():
        if failures:
            raise failures.pop()
        Retention.expire(retention)

    monkeypatch.setattr(retention, "expire", expire)
    state.store_answer(5, [], "ai ký?", FOUND)
    now.time += 2
    task = asyncio.create_task(retention.expire_daily())
    await soon(lambda: rows(state, "SELECT question FROM answers WHERE question IS NOT NULL") == [])
    task.cancel()

    assert failures == []


async def test_an_answered_question_leaves_the_files(state_file, tmp_path, monkeypatch):
    """Within a minute, here a hundredth of a second; while somebody else reads the file it is tried again."""
    monkeypatch.setattr("bot.storage.retention._MINUTE", 0.01)
    state_file.accept(9, f'{{"message": {{"text": "{WORD}"}}}}')
    reader = sqlite3.connect(tmp_path / "state.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM updates").fetchone()
    state_file.mark_answered(9)
    task = asyncio.create_task(Retention(state_file, days=90).scrub_minutely())
    await asyncio.sleep(0.1)
    while_read = bytes_of(tmp_path)
    reader.close()
    await soon(lambda: not state_file.needs_scrub)
    task.cancel()

    assert (WORD.encode() in while_read, WORD.encode() in bytes_of(tmp_path)) == (True, False)


async def test_the_running_bot_scrubs(api, config, monkeypatch, tmp_path):
    """Without being asked: nothing of a question that was answered is left in the files."""
    monkeypatch.setattr("bot.storage.retention._MINUTE", 0.01)
    async with running(config) as state:
        api.say(f"{QUESTION} {WORD}", STAFF)
        await sent(api)
        await soon(lambda: not state.pending() and not state.needs_scrub)
        left = bytes_of(tmp_path)

    assert WORD.encode() not in left


def test_no_log_line_holds_a_question(api, start, own_home):
    """Not found, found, rated, undeliverable, too long, or when the index fails and its traceback is logged."""
    process = start(index=str(own_home.index), keep_questions="true")
    api.wait(lambda: api.sent("setMyCommands"))
    api.fail("sendMessage", Fault(502, "Bad Gateway"), Fault(400, "Bad Request: chat not found"))
    for question in (f"{QUESTION} {WORD}", WORD, f"{WORD} " * 200, f"{QUESTION} {WORD}"):
        api.say(question, ADMIN)
    answer = api.wait_sent(4)[-1]  # after an apology, "nothing found" and "too long"
    down = answer.parameters["reply_markup"]["inline_keyboard"][-1][1]
    api.press(down["callback_data"], api.message_of(answer), ADMIN)
    api.wait_sent(1, "answerCallbackQuery")
    shutil.rmtree(own_home.index)
    api.say(f"{QUESTION} {WORD}", ADMIN)
    api.wait(lambda: "tạm thời không hoạt động" in "".join(c.parameters["text"] for c in api.sent()))
    process.end()

    log = process.log()
    assert log.count("incident") >= 2
    assert "Traceback" in log
    assert WORD not in log
    assert QUESTION not in log


async def test_a_colleagues_follow_up_keeps_nothing_that_the_first_person_typed(api, config):
    """Neither rows nor memory hold their words after /quenlai; the colleague's own words stay."""
    async with running(config.model_copy(update={"keep_questions": True})) as state:
        state.add(Person(78, "staff", "Bà Bình"), ADMIN)
        mention = {"type": "mention", "offset": 0, "length": len("@trichdan_test_bot")}
        api.say(f"@trichdan_test_bot {QUESTION}", STAFF, GROUP, entities=[mention])
        (first,) = await sent(api, 1, chat=GROUP)
        api.say("ở đâu?", 78, GROUP, reply_to_message=api.message_of(first))
        await sent(api, 2, chat=GROUP)
        api.say("/quenlai", STAFF)
        (prompt,) = await sent(api, 1, chat=STAFF)
        api.press("f:yes", api.message_of(prompt), STAFF)
        await sent(api, 1, "editMessageText")
        api.say("khi nào?", 78, GROUP, reply_to_message=api.message_of(api.sent(chat=GROUP)[1]))
        *_, third = await sent(api, 3, chat=GROUP)
        kept = rows(state, "SELECT user_id, question FROM answers WHERE question IS NOT NULL ORDER BY at")

    assert kept[0] == (78, "ở đâu?")
    assert not [question for _, question in kept if "Bệnh viện" in question]
    assert VI.follow_up not in third.parameters["text"]

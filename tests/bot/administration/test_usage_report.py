"""The usage report: its figures, its readers, its limits, and that drawing delays no answer."""

from __future__ import annotations

import csv
import struct
import threading
from collections import Counter
from datetime import date, datetime

import pytest

from bot.administration import usage_chart
from bot.administration.usage_report import report_text, unanswered_csv
from bot.messages.en import EN
from bot.messages.quote_html import utf16_length
from bot.messages.vi import VI
from bot.storage.ratings import RatingCounts, Ratings
from bot.storage.state import AnswerSummary
from bot.storage.usage import Period, Usage, UsageCounts
from tests.bot.conftest import ADMIN, GROUP, STAFF, Now, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.waiting import PATIENCE, soon

pytestmark = pytest.mark.slow

NOON = datetime(2026, 11, 22, 12).timestamp()  # noqa: DTZ001 - this machine's calendar is what the report goes by
DAY = 86_400.0


@pytest.fixture
def now():
    """Noon, so that the hours around it are of one day."""
    return Now(NOON)


def test_questions_are_counted_by_day_state_and_person(state, now):
    """Of today and the days before it, from midnight on."""
    usage = Usage(state)
    for days, hours, user, outcome in [
        (7, 0, 5, "found"),  # the day before the first
        (6, -11.5, 5, "found"),  # half an hour into the first
        (1, 0, 5, "weak"),
        (0, -1, 6, "none"),
        (0, 0, 6, "found"),
    ]:
        now.time = NOON - days * DAY + hours * 3600
        usage.record(user, "private", outcome, {"total": 12.34})
    now.time = NOON

    counts = usage.counts(usage.period(7))

    assert counts.people == 2
    assert counts.by_day == {
        date(2026, 11, 16): Counter(found=1),
        date(2026, 11, 21): Counter(weak=1),
        date(2026, 11, 22): Counter(none=1, found=1),
    }
    assert usage.period(7).days[0] == date(2026, 11, 16)


def test_what_was_not_found_is_listed_by_how_often(state):
    """Case, diacritics and the question mark are ignored; answered questions and lists are left out."""
    none, found = AnswerSummary("none", 0.1, 0), AnswerSummary("found", 0.9, 3)
    for question in ("Lịch nghỉ tết?", "ai là giám đốc", "lich  nghi tet"):
        state.store_answer(5, [], question, none)
    state.store_answer(5, [], "Báo cáo quý nộp khi nào?", found)
    state.store_answer(5, [])
    state.store_answer(5, [], None, none)

    listed = Usage(state).unanswered(Usage(state).period(7), 10)

    assert listed == [("lich  nghi tet", 2), ("ai là giám đốc", 1)]


def test_a_rating_counts_when_it_was_given(state, now):
    """An old answer may be rated today."""
    answer_id = state.store_answer(5, [], None, AnswerSummary("found", 0.9, 3))
    other = state.store_answer(5, [], None, AnswerSummary("found", 0.9, 3))
    Ratings(state).rate(other, 5, "up")
    now.time += 30 * DAY
    Ratings(state).rate(answer_id, 5, "down", "outdated")

    assert Ratings(state).counts(now.time - DAY) == RatingCounts(0, {"outdated": 1})


def test_a_repeated_rejection_keeps_its_reason(state):
    """Praise drops it."""
    answer_id = state.store_answer(5, [], None, AnswerSummary("found", 0.9, 3))
    ratings = Ratings(state)
    ratings.rate(answer_id, 5, "down", "passage")
    ratings.rate(answer_id, 5, "down")
    again = ratings.counts(0)
    ratings.rate(answer_id, 5, "up")
    ratings.rate(answer_id, 5, "down")

    assert (again.downs, ratings.counts(0).downs) == ({"passage": 1}, {None: 1})


def test_the_text_of_a_report():
    """Written out by hand from the counts."""
    period = Period((date(2026, 11, 21), date(2026, 11, 22)), 0.0)
    counts = UsageCounts(2, {date(2026, 11, 21): Counter(found=5), date(2026, 11, 22): Counter(weak=1, none=2)})

    text = report_text(period, counts, RatingCounts(4, {"passage": 1, None: 1}), [("ai ký?", 2)], VI)

    assert text == (
        "Báo cáo sử dụng từ 21/11/2026 đến 22/11/2026\n\n"
        "Số câu hỏi: 8 · Số người hỏi: 2\n"
        "• Tìm thấy: 5 (62%)\n"
        "• Chưa chắc chắn: 1 (12%)\n"
        "• Không tìm thấy: 2 (25%)\n"
        "Đánh giá: 4 hữu ích, 2 chưa hữu ích\n"
        "• Đoạn trích không phù hợp: 1\n"
        "• Không nêu lý do: 1\n\n"
        "Câu hỏi không tìm thấy câu trả lời, theo số lần hỏi:\n"
        "• ai ký? (2)"
    )


@pytest.mark.parametrize("words", [VI, EN], ids=["vi", "en"])
def test_a_report_fits_below_a_picture(words):
    """With large figures and long questions, some of which are cut and some left out."""
    period = Period((date(2026, 11, 22),), 0.0)
    counts = UsageCounts(99_999, {date(2026, 11, 22): Counter(found=10**6, weak=10**6, none=10**6)})
    ratings = RatingCounts(10**6, {"passage": 10**6, "incomplete": 10**6, "outdated": 10**6, None: 10**6})

    text = report_text(period, counts, ratings, [("𝔸" * 500, 10**6)] * 10, words)

    assert 900 < utf16_length(text) <= 1024


@pytest.mark.parametrize("words", [VI, EN], ids=["vi", "en"])
@pytest.mark.parametrize("days", [1, 7, 45, 400])
def test_a_chart_is_drawn_for_any_period(words, days):
    """A square PNG; a letter that the font does not have would be a warning, which is an error here."""
    period = Period(tuple(date.fromordinal(739_000 + day) for day in range(days)), 0.0)
    counts = UsageCounts(1, {period.days[-1]: Counter(found=3, none=1)})

    png = usage_chart.draw(period, counts, RatingCounts(0, {}), words)

    assert struct.unpack(">II", png[16:24]) == (1200, 1200)


def test_weeks_end_today():
    """Beyond 45 days a bar is a week; the first may be shorter, and no day is lost."""
    days = tuple(date.fromordinal(739_000 + day) for day in range(60))

    spans = usage_chart._spans(days)

    assert [len(span) for span in spans] == [4, *[7] * 8]
    assert [day for span in spans for day in span] == list(days)


async def test_an_administrator_gets_a_chart_and_its_figures(api, config):
    """Every answered question is counted, with the ratings; the questions without an answer where texts are kept."""
    async with running(config.model_copy(update={"keep_questions": True})) as state:
        api.say(QUESTION, STAFF)
        api.say("xyzzy plugh frobozz?", STAFF)
        api.say("/vidu", STAFF)  # in its turn, so after both questions were counted
        answer, *_ = await sent(api, 3, chat=STAFF)
        Ratings(state).rate(
            answer.parameters["reply_markup"]["inline_keyboard"][-1][0]["callback_data"][2:-3], 77, "up"
        )
        api.say("/baocao", ADMIN)

        (photo,) = await sent(api, 1, "sendPhoto")

    caption = photo.parameters["caption"].split("\n")
    assert photo.parameters["chat_id"] == ADMIN
    assert caption[2:7] == [
        "Số câu hỏi: 2 · Số người hỏi: 1",
        "• Tìm thấy: 1 (50%)",
        "• Chưa chắc chắn: 0 (0%)",
        "• Không tìm thấy: 1 (50%)",
        "Đánh giá: 1 hữu ích, 0 chưa hữu ích",
    ]
    assert caption[-1] == "• xyzzy plugh frobozz? (1)"


async def test_without_kept_questions_the_report_says_so(api, bot):
    """And names the setting."""
    api.say("xyzzy plugh frobozz", STAFF)
    api.say("/vidu", STAFF)  # in its turn, so after the question was counted
    await sent(api, 2, chat=STAFF)
    api.say("/baocao 30", ADMIN)

    (photo,) = await sent(api, 1, "sendPhoto")

    assert "TRICHDAN_KEEP_QUESTIONS" in photo.parameters["caption"]
    assert "xyzzy" not in photo.parameters["caption"]


async def test_the_milliseconds_of_a_question_are_kept(api, bot):
    """By stage, with time, user, kind of chat and state, but no text."""
    api.say(QUESTION, STAFF)
    await sent(api, 1, chat=STAFF)
    api.say("/start", STAFF)
    await sent(api, 2, chat=STAFF)

    with bot.transaction() as db:
        ((user, kind, outcome, total, encode),) = db.execute(
            "SELECT user_id, chat, state, json_extract(milliseconds, '$.total'), "
            "json_extract(milliseconds, '$.encode') FROM asked"
        )
    assert (user, kind, outcome) == (STAFF, "private", "found")
    assert 0 <= encode < total


@pytest.mark.parametrize("days", ["0", "401", "-7", "bảy", "٣", "1e2"])
async def test_a_period_that_cannot_be(api, bot, days):
    """Says which can."""
    api.say(f"/baocao {days}", ADMIN)

    (said,) = await sent(api, 1, chat=ADMIN)

    assert said.parameters["text"] == "Vui lòng nhập số ngày từ 1 đến 400, ví dụ: /baocao 30"


async def test_a_quiet_week_is_said(api, bot):
    """Without a picture of nothing."""
    api.say("/baocao", ADMIN)

    (said,) = await sent(api, 1, chat=ADMIN)

    assert "không có câu hỏi nào" in said.parameters["text"]


async def test_the_report_is_for_administrators_in_private(api, bot):
    """Others are refused, and in a group so is an administrator."""
    api.say("/baocao", STAFF)
    api.say("/baocao", ADMIN, GROUP)

    (staff,), (group,) = await sent(api, 1, chat=STAFF), await sent(api, 1, chat=GROUP)

    assert staff.parameters["text"] == VI.admins_only
    assert group.parameters["text"] == VI.private_only


async def test_drawing_keeps_nobody_waiting(api, bot, monkeypatch):
    """While a chart is drawn, another chat is answered."""
    quick, begun, may_end = usage_chart.draw, threading.Event(), threading.Event()

    def held(*args):
        begun.set()
        may_end.wait(PATIENCE)
        return quick(*args)

    monkeypatch.setattr("bot.administration.usage_chart.draw", held)
    Usage(bot).record(STAFF, "private", "found", {})
    api.say("/baocao", ADMIN)
    await soon(begun.is_set)
    api.say("/start", STAFF)
    await sent(api, 1, chat=STAFF)
    before = api.sent("sendPhoto")
    may_end.set()

    await sent(api, 1, "sendPhoto")

    assert before == []


def test_the_file_of_unanswered_questions_opens_in_a_spreadsheet():
    """With a byte order mark, so that Excel reads Vietnamese; a question is never a formula."""
    data = unanswered_csv([("Ai ký, ngày nào?", 3), ("=1+1", 1)], VI)

    rows = list(csv.reader(data.decode("utf-8-sig").splitlines()))
    assert data.startswith(b"\xef\xbb\xbf")
    assert rows == [["Câu hỏi", "Số lần hỏi"], ["Ai ký, ngày nào?", "3"], ["'=1+1", "1"]]


@pytest.mark.parametrize(("keep", "files"), [(True, 1), (False, 0)])
async def test_unanswered_questions_come_as_a_file(api, config, keep, files):
    """Only where the text of questions is stored."""
    async with running(config.model_copy(update={"keep_questions": keep})) as state:
        state.store_answer(STAFF, [], "Ai ký quy chế?" if keep else None, AnswerSummary("none", 0.1, 0))
        Usage(state).record(STAFF, "private", "none", {"total": 1.0})
        api.say("/baocao", ADMIN)
        await sent(api, 1, "sendPhoto")
        api.say("/help", ADMIN)
        await sent(api, 1, chat=ADMIN)

    documents = api.sent("sendDocument")
    assert len(documents) == files
    assert all("Ai ký quy chế?,1" in next(iter(call.files.values())).decode() for call in documents)

"""Ratings exported as a question set, which eval can measure."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import bot.command  # noqa: F401 - adds the command
from bot.storage.opening import open_state
from bot.storage.ratings import Ratings
from bot.storage.state import AnswerSummary, StoredPassage
from retrieval.evaluation.questions import read_question_file
from retrieval.terminal import cli
from tests.bot.conftest import STAFF, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.encoders import BagEncoder

FOUND = AnswerSummary("found", 0.9, 2)


@pytest.fixture
def state(tmp_path):
    state = open_state(tmp_path / "state.sqlite")
    yield state
    state.close()


def shown(text, passage_id, score=1.5):
    """A passage as an answer showed it."""
    from bot.search.search_service import digest

    return StoredPassage(passage_id, digest(text), 0, 0, score)


HOSPITAL = [
    shown("Bệnh viện dã chiến cấp 2 có 70 người.", "benh-vien.txt#1"),
    shown("Bệnh viện được triển khai ở Nam Sudan vào đầu năm 2018.", "benh-vien.txt#2", 0.5),
    shown("Bệnh viện tiếp nhận hơn 2.000 lượt bệnh nhân mỗi năm.", "benh-vien.txt#4", 0.25),
]


def export(tmp_path, home, *, code=0):
    """The lines of the command, and what it says on standard error."""
    told = CliRunner().invoke(
        cli.app, ["feedback", "export", "--state", str(tmp_path / "state.sqlite"), "--index", str(home.index)]
    )
    assert told.exit_code == code, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines()], told.stderr


def test_praise_becomes_a_question_with_its_first_paragraph(state, tmp_path, shared_home):
    """Under the answer's id; a short paragraph identifies itself as a whole."""
    answer_id = state.store_answer(5, HOSPITAL, QUESTION, FOUND)
    Ratings(state).rate(answer_id, 5, "up")

    lines, said = export(tmp_path, shared_home)

    gold = {"source": "benh-vien.txt", "contains": "Bệnh viện dã chiến cấp 2 có 70 người."}
    assert lines == [{"id": answer_id, "question": QUESTION, "gold": [gold], "kind": "feedback"}]
    assert said == ""


def test_rejection_carries_what_was_shown_and_why(state, tmp_path, shared_home):
    """Only the passages of the first message, with their scores; and no gold."""
    answer_id = state.store_answer(5, HOSPITAL, QUESTION, FOUND)
    Ratings(state).rate(answer_id, 5, "down", "passage")

    ((line,), _) = export(tmp_path, shared_home)

    assert "gold" not in line
    assert line["reasons"] == ["passage"]
    assert (line["state"], line["confidence"]) == ("found", 0.9)
    assert [(each["contains"], each["score"]) for each in line["rejected"]] == [
        ("Bệnh viện dã chiến cấp 2 có 70 người.", 1.5),
        ("Bệnh viện được triển khai ở Nam Sudan vào", 0.5),
    ]


def test_what_one_rejects_is_gold_for_nobody(state, tmp_path, shared_home):
    """However many praise it."""
    answer_id = state.store_answer(5, HOSPITAL, QUESTION, FOUND)
    for user, rating in ((5, "up"), (6, "up"), (7, "down")):
        Ratings(state).rate(answer_id, user, rating)

    ((line,), _) = export(tmp_path, shared_home)

    assert "rejected" in line


def test_the_same_question_praised_twice_is_one(state, tmp_path, shared_home):
    """It would count double otherwise."""
    for user in (5, 6):
        Ratings(state).rate(state.store_answer(user, HOSPITAL, QUESTION, FOUND), user, "up")

    lines, _ = export(tmp_path, shared_home)

    assert len(lines) == 1


def test_praise_of_nothing_found_says_that_there_is_no_answer(state, tmp_path, shared_home):
    """For eval, an empty gold means that there is no answer."""
    Ratings(state).rate(state.store_answer(5, [], "xyzzy?", AnswerSummary("none", 0.0, 0)), 5, "up")

    ((line,), _) = export(tmp_path, shared_home)

    assert line["gold"] == []


def test_ratings_without_a_question_are_counted_aloud(state, tmp_path, shared_home):
    """In one sentence that names the setting; nothing exported is exit code 1."""
    answer_id = state.store_answer(5, HOSPITAL, None, FOUND)
    for user in (5, 6):
        Ratings(state).rate(answer_id, user, "up")

    lines, said = export(tmp_path, shared_home, code=1)

    assert lines == []
    assert said.startswith("trichdan: ratings are exported with their question, 2 of 2 have no question text: ")
    assert "TRICHDAN_KEEP_QUESTIONS=true" in said


def test_a_paragraph_with_other_words_is_no_gold(state, tmp_path, shared_home):
    """If the paragraph has changed or gone, praise is not exported; a rejection keeps its question."""
    gone = [shown("Khác hẳn.", "benh-vien.txt#1"), shown("Không còn.", "cu.txt#1")]
    for passage in gone:
        Ratings(state).rate(state.store_answer(5, [passage], QUESTION, FOUND), 5, "up")
    Ratings(state).rate(state.store_answer(5, gone, QUESTION, FOUND), 5, "down", "outdated")

    ((line,), said) = export(tmp_path, shared_home)

    assert (line["rejected"], line["reasons"]) == ([], ["outdated"])
    assert "of 2 it has other words" in said


def test_a_missing_state_file_is_one_sentence_and_not_made(tmp_path, shared_home):
    """A mistyped path must not leave an empty file behind."""
    _, said = export(tmp_path, shared_home, code=2)

    assert "there is none at" in said
    assert not (tmp_path / "state.sqlite").exists()


async def test_eval_measures_what_staff_rated(api, config, shared_home, tmp_path, monkeypatch):
    """Rated in Telegram, exported and measured: praise is asked, rejection is neither asked nor counted."""
    async with running(config.model_copy(update={"keep_questions": True})) as state:
        api.say(QUESTION, STAFF)
        api.say("Báo cáo quý nộp trước ngày nào?", STAFF)
        answers = await sent(api, 2)
        for answer, label in zip(answers, ("👍", "👎"), strict=True):
            row = answer.parameters["reply_markup"]["inline_keyboard"][-1]
            data = next(button["callback_data"] for button in row if button["text"] == label)
            api.press(data, api.message_of(answer), STAFF)
        await sent(api, 2, "answerCallbackQuery")
        assert len(Ratings(state).answers()) == 2
    runner, path = CliRunner(), tmp_path / "feedback.jsonl"
    exported = runner.invoke(
        cli.app, ["feedback", "export", "--state", str(config.state), "--index", str(config.index)]
    )
    path.write_text(exported.stdout, encoding="utf-8")
    monkeypatch.setattr("retrieval.answering.query_encoder.load_encoder", lambda *_, **__: BagEncoder())

    measured = runner.invoke(cli.app, ["eval", str(path), "--index", str(config.index), "--json"])

    figures = json.loads(measured.stdout)
    assert len(exported.stdout.splitlines()) == 2
    assert [question.text for question in read_question_file(path)] == [QUESTION]
    assert (figures["queries"], figures["RR@10"]) == (1, 1.0)
    assert figures["states"]["unanswerable"] == {"found": 0.0, "weak": 0.0, "none": 0.0}

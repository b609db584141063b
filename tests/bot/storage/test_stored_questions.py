"""Texts of questions come back from either database as they went in, wherever they are stored."""

from __future__ import annotations

from bot.storage.broadcasts import Broadcasts
from bot.storage.chat_documents import ChatDocuments
from bot.storage.ratings import Ratings
from bot.storage.referrals import Referral, Referrals
from bot.storage.retention import Retention
from bot.storage.state import AnswerSummary, StoredPassage
from bot.storage.usage import Usage

FOUND, NONE = AnswerSummary("found", 0.9, 1), AnswerSummary("none", 0.1, 0)
PASSAGE = StoredPassage("a#1", "ab", 0, 0)


def test_a_rated_answer_has_its_question(state):
    """With all its ratings; a repeated down keeps its reason, an up takes it away."""
    answer_id, ratings = state.store_answer(5, [PASSAGE], "Ai ký?", FOUND), Ratings(state)
    ratings.rate(answer_id, 5, "down", "outdated")
    ratings.rate(answer_id, 5, "down")
    ratings.rate(answer_id, 6, "down", "incomplete")
    ratings.rate(answer_id, 6, "up")

    (rated,) = ratings.answers()

    assert (rated.question, rated.ups, rated.downs, rated.reasons) == ("Ai ký?", 1, 1, ("outdated",))
    assert ratings.counts(0.0).downs == {"outdated": 1}


def test_only_what_several_people_praise_and_nobody_rejects_is_suggested(state, now):
    """However it was spelt; the most praised first, in the words asked last."""
    ratings = Ratings(state)
    asked = {"Ở đâu?": (5, 6, 7), "Khi nào?": (5, 6), "một mình?": (5,), "bị chê?": (5, 6)}
    for question, people in asked.items():
        for person in people:
            now.time += 1
            answer_id = state.store_answer(person, [PASSAGE], question.upper() if person == 5 else question, FOUND)
            ratings.rate(answer_id, person, "up")
    ratings.rate(answer_id, 8, "down")

    assert ratings.well_rated(9) == [("Ở đâu?", PASSAGE), ("Khi nào?", PASSAGE)]
    assert ratings.well_rated(1) == [("Ở đâu?", PASSAGE)]


def test_what_was_not_found_is_counted_by_its_words(state, now):
    """Regardless of case and diacritics."""
    for question in ("Ai ký?", "ai ky", "Khi nào?"):
        now.time += 1
        state.store_answer(5, [], question, NONE)

    assert Usage(state).unanswered(Usage(state).period(1), 9) == [("ai ky", 2), ("Khi nào?", 1)]


def test_a_question_that_was_sent_on_comes_back_until_a_speaker_erases_it(state):
    """What a colleague sent on too, where it holds their words."""
    referrals = Referrals(state)
    referrals.store(9, 1, Referral("a", 5, 5, 7, "Ai ký?", frozenset({5, 6})))
    before = referrals.find(9, 1)

    Retention(state, days=90).erase(6)

    assert before.question == "Ai ký?"
    assert referrals.find(9, 1).question == ""
    assert [referrals.may_refer(5, "a"), referrals.may_refer(5, "b")] == [False, True]


def test_a_broadcast_is_confirmed_once(state):
    """By whichever process is told first."""
    broadcasts = Broadcasts(state)
    number = broadcasts.draft("Xin chào", 412)

    confirmed = [broadcasts.confirm(number, [5, 6]), broadcasts.confirm(number, [5, 6])]

    assert confirmed == [True, False]
    assert [(each.number, each.text) for each in broadcasts.unfinished()] == [(number, "Xin chào")]
    assert broadcasts.next_recipient(number) == 5


def test_a_renamed_document_takes_the_place_of_another(state):
    """There is one of a name in a folder."""
    documents = ChatDocuments(state)
    for name in ("a.txt", "b.txt"):
        documents.add("tai-len", name, 412)
    first = next(each for each in documents.listed() if each.name == "a.txt")

    documents.rename(first.number, "b.txt")

    assert [(each.number, each.name) for each in documents.listed()] == [(first.number, "b.txt")]

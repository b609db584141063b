"""
The latest questions in a state that several processes share, kept for a day.
"""

from __future__ import annotations

import json

from telegram import Message

from bot.conversation.answered_questions import AnsweredQuestion, AnsweredQuestions
from bot.storage.postgres.recent_questions import RecentQuestions
from bot.storage.state import BotState
from bot.transport.inbox import payload_of


class SharedQuestions(AnsweredQuestions):
    """The latest questions, whichever process answered them."""

    def __init__(self, state: BotState) -> None:
        super().__init__()
        self._stored = RecentQuestions(state)

    def remember(self, question: AnsweredQuestion) -> None:
        """Note a question and its answer: people reply to either."""
        asking, answer = question.asking, question.answer
        place = asking.chat.id, asking.message_id, answer.message_id
        self._stored.store(*place, question.speakers, _written(question))

    def of(self, chat_id: int, message_id: int) -> AnsweredQuestion | None:
        """The question that a message asked or answers, None if unknown."""
        return _read(self._stored.of_message(chat_id, message_id))

    def _latest_in(self, chat_id: int) -> AnsweredQuestion | None:
        found = _read(self._stored.latest(chat_id))
        return found if found and found.asking.chat.type == "private" else None

    def forget(self, user_id: int) -> None:
        """Drop every question that holds words of a user."""
        self._stored.forget(user_id)


def _written(question: AnsweredQuestion) -> str:
    """A question as it is stored; its answer, as far as an edit needs it."""
    asking, answer = json.loads(payload_of(question.asking)), json.loads(payload_of(question.answer))
    kept = {name: answer[name] for name in ("message_id", "date", "chat")}
    words = (question.typed, question.context, question.user_id, sorted(question.speakers))
    return json.dumps([*words, asking, kept], ensure_ascii=False)


def _read(stored: str | None) -> AnsweredQuestion | None:
    if stored is None:
        return None
    typed, context, user_id, speakers, asking, answer = json.loads(stored)
    messages = Message.de_json(asking, None), Message.de_json(answer, None)
    return AnsweredQuestion(typed, context, user_id, *messages, frozenset(speakers))

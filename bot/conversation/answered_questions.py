"""
The latest questions in memory, for replies, follow-ups, edits and presses that refer to them.

In memory only, since the text of a question is stored only where the operator says so: after a restart, a reply to an
old answer is a question by itself. `shared_questions` keeps them for a day where processes share a state.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from telegram import Message

_Place = TypeVar("_Place")
_REMEMBERED = 2_000
_FOLLOW_UP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """
    A question, and the messages that ask and answer it.

    `context`: the question as understood, which a follow-up may need; it holds words of all `speakers`.
    """

    typed: str
    context: str
    user_id: int
    asking: Message
    answer: Message
    speakers: frozenset[int]


class AnsweredQuestions:
    """The latest questions by the messages that asked and answered them."""

    def __init__(self, size: int = _REMEMBERED) -> None:
        self._by_message: OrderedDict[tuple[int, int], AnsweredQuestion] = OrderedDict()
        self._latest: OrderedDict[int, AnsweredQuestion] = OrderedDict()  # by private chat
        self._size = size

    def remember(self, question: AnsweredQuestion) -> None:
        """Note a question and its answer: people reply to either."""
        asking = question.asking
        for message in (asking, question.answer):
            self._by_message[message.chat.id, message.message_id] = question
        if asking.chat.type == "private":
            self._latest[asking.chat.id] = question
            self._latest.move_to_end(asking.chat.id)
        while len(self._by_message) > self._size:
            self._by_message.popitem(last=False)
        while len(self._latest) > self._size:
            self._latest.popitem(last=False)

    def of(self, chat_id: int, message_id: int) -> AnsweredQuestion | None:
        """The question that a message asked or answers, None if unknown."""
        return self._by_message.get((chat_id, message_id))

    def before(self, message: Message) -> str:
        """
        The context of the question that a message may follow up.

        The one that it replies to; in a private chat without a reply, the latest, for five minutes; else "".
        """
        found = self._before(message)
        return found.context if found else ""

    def speakers_before(self, message: Message) -> frozenset[int]:
        """Whose words the context of `before` holds, and whatever the message quotes."""
        found = self._before(message)
        return found.speakers if found else frozenset()

    def _before(self, message: Message) -> AnsweredQuestion | None:
        replied = message.reply_to_message
        if replied:
            found = self.of(message.chat.id, replied.message_id)
        else:
            found = self._latest_in(message.chat.id)
            if found and not timedelta(0) <= message.date - found.asking.date <= _FOLLOW_UP:
                found = None
        return found

    def _latest_in(self, chat_id: int) -> AnsweredQuestion | None:
        """The latest question of a private chat."""
        return self._latest.get(chat_id)

    def forget(self, user_id: int) -> None:
        """Drop every question that holds words of a user."""
        self._by_message = _without(user_id, self._by_message)
        self._latest = _without(user_id, self._latest)


def _without(user_id: int, kept: OrderedDict[_Place, AnsweredQuestion]) -> OrderedDict[_Place, AnsweredQuestion]:
    return OrderedDict((place, question) for place, question in kept.items() if user_id not in question.speakers)

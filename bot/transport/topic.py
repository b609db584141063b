"""
The forum topic of the update that is being handled, into which its answers go.

Without it Telegram puts a message into the group's topic "General". A context variable, since every task that
handles an update has its own.
"""

from __future__ import annotations

from contextvars import ContextVar

from telegram import Message, Update

_Topic = tuple[int, int]  # chat, message thread
_TOPIC: ContextVar[_Topic | None] = ContextVar("topic", default=None)


def enter_topic(update: Update) -> None:
    """Remember the topic of an update's message; called once, by the task that handles it."""
    message = update.effective_message
    topic = None
    if isinstance(message, Message) and message.is_topic_message and isinstance(message.message_thread_id, int):
        topic = message.chat.id, message.message_thread_id
    _TOPIC.set(topic)


def topic_in(chat_id: int) -> int | None:
    """The topic to send into, None in a chat without one."""
    topic = _TOPIC.get()
    return topic[1] if topic and topic[0] == chat_id else None

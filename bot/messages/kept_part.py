"""
The answering part of a message that was sent, as it stands in the chat.
"""

from __future__ import annotations

from datetime import UTC, datetime

from telegram import Chat, Message, MessageEntity


def answering_part(message: Message) -> str:
    """
    The HTML of what stands above the heading of further places.

    All of it if there is no heading. Taken from the message itself, so that a button leaves alone what the bot no
    longer knows after a restart.
    """
    entities = [entity for entity in message.entities if entity.type != MessageEntity.UNDERLINE]
    headings = [entity.offset for entity in message.entities if entity.type == MessageEntity.UNDERLINE]
    units = (message.text or "").encode("utf-16-le")
    text = units[: 2 * headings[-1]].decode("utf-16-le").rstrip() if headings else message.text or ""
    end = len(text.encode("utf-16-le")) // 2
    kept = [entity for entity in entities if entity.offset + entity.length <= end]
    # Bot API libraries turn entities into HTML for whole messages only.
    return Message(1, datetime.now(UTC), Chat(1, Chat.PRIVATE), text=text, entities=kept).text_html if text else ""

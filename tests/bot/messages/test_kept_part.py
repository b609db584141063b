"""The answering part of a message in the chat: the same text with the same markup, whatever it holds."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, Message

from bot.messages.kept_part import answering_part
from bot.messages.quote_html import escape
from tests.bot.messages.test_answer_message import HOSTILE
from tests.support.bot.markup import content, parse

WORDS = HOSTILE.map(lambda text: f"a{text}b")  # Telegram removes white space at the ends of a message
FORMS = ["{}", "<b>{}</b>", "<i>{}</i>", "<blockquote>{}</blockquote>", "<blockquote expandable>{}</blockquote>"]
PIECES = st.tuples(st.sampled_from(FORMS), WORDS)


def message_of(html):
    """A message as Telegram gives it back."""
    sent = {"message_id": 1, "date": int(datetime.now(UTC).timestamp()), "chat": {"id": 1, "type": "private"}}
    return Message.de_json({**sent, **content(html, html=True)}, Bot("1:a"))


@given(pieces=st.lists(PIECES, min_size=1, max_size=5), below=WORDS)
def test_what_stands_above_the_heading_is_kept(pieces, below):
    """Word for word and with its markup; the heading and what is below it are gone."""
    above = "\n".join(form.format(escape(words)) for form, words in pieces)

    kept = answering_part(message_of(f"{above}\n\n<u>Kết quả khác:</u>\n{escape(below)}"))

    assert parse(kept) == parse(above)


@given(words=WORDS)
def test_a_message_without_a_heading_is_kept_whole(words):
    """Nothing further is named in it."""
    html = f"<blockquote expandable>{escape(words)}</blockquote>\nđoạn 1/5"

    assert parse(answering_part(message_of(html))) == parse(html)


def test_a_message_of_further_places_has_no_answering_part():
    """It begins with their heading."""
    assert answering_part(message_of("<u>Kết quả khác:</u>\n2 · Báo cáo")) == ""

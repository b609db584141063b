"""A whole paragraph in several messages: every letter in exactly one, and divided where a reader would."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.long_paragraph import paragraph_messages, split_paragraph
from bot.messages.vi import VI
from retrieval.index.address import IndexAddress
from retrieval.retriever import Retriever
from tests.bot.conftest import STAFF, running
from tests.bot.conversation.test_questions import sent
from tests.bot.messages.test_answer_message import HOSTILE, LONG, units
from tests.support.bot.markup import parse
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

SENTENCE = "Bệnh viện được triển khai ở Nam Sudan vào đầu năm 2018. "
QUESTION = "Bệnh viện được triển khai ở Nam Sudan vào năm nào?"
LONG_TEXT = "Quy định chung. " + "Câu này nói về việc khác, dài vừa phải. " * 200 + "Hồ sơ được lưu mười năm."


@pytest.fixture(scope="session")
def quote(shared_home):
    """A real quote, into which each test puts its own words."""
    return Retriever(shared_home.index, BagEncoder()).ask("bệnh viện").hits[0].quote


@settings(max_examples=150)
@given(text=LONG | HOSTILE, limit=st.integers(2, 4000))
def test_the_parts_are_the_text(text, limit):
    """Joined they are what they were, none is empty, and each is within the limit."""
    parts = split_paragraph(text, limit)

    assert "".join(parts) == text
    assert all(parts)
    assert max(map(units, parts)) <= limit


@settings(max_examples=60)
@given(text=LONG, title=LONG)
def test_every_part_is_a_message_that_telegram_takes(quote, text, title):
    """It parses, is not too long, and its quotation is its part."""
    long = replace(quote, text=text, citation=replace(quote.citation, title=title, publisher=title))

    messages = [parse(html) for html in paragraph_messages(long)]

    assert max(units(message.text) for message in messages) <= 4096


def test_what_fits_no_dozen_messages_is_not_divided(quote, monkeypatch):
    """A paragraph of a million letters costs the event loop no more than counting them."""
    divisions = []
    monkeypatch.setattr("bot.messages.long_paragraph.split_paragraph", divisions.append)

    messages = paragraph_messages(replace(quote, text="Một câu. " * 120_000))

    assert (messages, divisions) == ([], [])


def test_it_is_divided_between_sentences():
    """Every part but the last ends with a sentence and the space behind it."""
    parts = split_paragraph(LONG_TEXT, 1000)

    assert len(parts) > 2
    assert all(part.endswith(". ") for part in parts[:-1])


def test_it_is_divided_at_white_space_where_no_sentence_ends():
    """Words stay whole."""
    parts = split_paragraph("từ ngữ " * 500, 100)

    assert all(part.endswith(" ") for part in parts)


def long_config(config, folder, times):
    """Settings for a document whose second paragraph repeats its one sentence so many times."""
    (folder / "corpus").mkdir()
    text = f"Bệnh viện dã chiến\n\nLời nói đầu.\n\n{(SENTENCE * times).strip()}\n\nĐoạn cuối ngắn.\n"
    (folder / "corpus" / "a.txt").write_text(text, encoding="utf-8")
    build_index(folder / "corpus", folder / "index", BagEncoder())
    return config.model_copy(update={"index": IndexAddress(folder / "index")})


def labelled(call, sign):
    """What the first button with a sign carries, and its label."""
    rows = call.parameters["reply_markup"]["inline_keyboard"]
    return next((each["callback_data"], each["text"]) for row in rows for each in row if sign in each["text"])


async def context_of_answer(api):
    """An answer's quote between its neighbours."""
    api.say(QUESTION, STAFF)
    (answer,) = await sent(api)
    api.press(labelled(answer, "⤢")[0], api.message_of(answer), STAFF)
    return (await sent(api, 2))[-1]


async def test_an_excerpt_has_a_button_for_the_whole(api, config, tmp_path):
    """Below its context; what it sends is the paragraph, word for word, with title and citation."""
    whole = (SENTENCE * 150).strip()
    async with running(long_config(config, tmp_path, 150)):
        context = await context_of_answer(api)
        data, label = labelled(context, "¶")
        api.press(data, api.message_of(context), STAFF)
        _, _, *parts = await sent(api, 2 + len(split_paragraph(whole)))

    seen = [parse(call.parameters["text"]) for call in parts]
    assert label == "¶ Trọn đoạn"
    assert max(map(len, parse(context.parameters["text"]).covered("ExpandableBlockQuote"))) < len(whole)
    assert len(seen) > 1
    assert "".join(message.covered("BlockQuote")[0] for message in seen) == whole
    assert seen[0].text.split("\n")[0] == f"Bệnh viện dã chiến (1/{len(seen)})"
    assert seen[-1].text.endswith("đoạn 2/3")


async def test_a_long_neighbour_has_one_too(api, config, tmp_path):
    """A paragraph that was turned to is sent whole as well."""
    async with running(long_config(config, tmp_path, 150)):
        context = await context_of_answer(api)
        data, _ = labelled(context, "¶")
        api.press(data.replace("e:", "s:", 1), api.message_of(context), STAFF)  # itself, as old messages turn back
        _, _, turned = await sent(api, 3)
        data, label = labelled(turned, "¶")
        api.press(data, api.message_of(turned), STAFF)
        _, _, _, first, *_ = await sent(api, 4)

    assert label == "¶ Trọn đoạn"
    assert first.parameters["text"].startswith("<b>Bệnh viện dã chiến</b> (1/")


async def test_a_paragraph_without_end_is_left_to_its_document(api, config, tmp_path):
    """A dozen messages at most: the press says where it can be read."""
    async with running(long_config(config, tmp_path, 900)):
        context = await context_of_answer(api)
        api.press(labelled(context, "¶")[0], api.message_of(context), STAFF)
        _, told = await sent(api, 2, "answerCallbackQuery")

    assert told.parameters["text"] == VI.administration.paragraph_too_long
    assert len(api.sent()) == 2

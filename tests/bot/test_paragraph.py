"""A whole paragraph in several messages: every letter in exactly one, and divided where a reader would."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages_vi import VI
from bot.paragraph import divided, paragraph_messages
from retrieval.retriever import Retriever
from tests.bot.conftest import STAFF, running
from tests.bot.markup import parse
from tests.bot.test_asking import sent
from tests.bot.test_page import HOSTILE, LONG, units
from tests.retrieval.conftest import BagEncoder, build_index

LONG_TEXT = "Quy định chung. " + "Câu này nói về việc khác, dài vừa phải. " * 200 + "Hồ sơ được lưu mười năm."


@pytest.fixture(scope="session")
def quote(shared_home):
    """A real quote, into which each test puts its own words."""
    return Retriever(shared_home.index, BagEncoder()).ask("bệnh viện").hits[0].quote


@settings(max_examples=150, deadline=None)
@given(text=LONG | HOSTILE, limit=st.integers(2, 4000))
def test_the_parts_are_the_text(text, limit):
    """Joined they are what they were, none is empty, and each is within the limit."""
    parts = divided(text, limit)

    assert "".join(parts) == text
    assert all(parts)
    assert max(map(units, parts)) <= limit


@settings(max_examples=60, deadline=None)
@given(text=LONG, title=LONG)
def test_every_part_is_a_message_that_telegram_takes(quote, text, title):
    """It parses, is not too long, and its quotation is its part."""
    long = replace(quote, text=text, citation=replace(quote.citation, title=title, publisher=title))

    messages = [parse(html) for html in paragraph_messages(long)]

    assert max(units(message.text) for message in messages) <= 4096


def test_it_is_divided_between_sentences():
    """Every part but the last ends with a sentence and the space behind it."""
    parts = divided(LONG_TEXT, 1000)

    assert len(parts) > 2
    assert all(part.endswith(". ") for part in parts[:-1])


def test_it_is_divided_at_white_space_where_no_sentence_ends():
    """Words stay whole."""
    parts = divided("từ ngữ " * 500, 100)

    assert all(part.endswith(" ") for part in parts)


@pytest.fixture
def long_config(config, tmp_path):
    """A document with one very long paragraph, and a short one before it."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text(f"Quy chế lưu trữ\n\nLời nói đầu ngắn.\n\n{LONG_TEXT}\n", encoding="utf-8")
    build_index(corpus, tmp_path / "index", BagEncoder())
    return config.model_copy(update={"index": tmp_path / "index"})


def labelled(call, sign):
    """What the buttons with a sign carry."""
    rows = call.parameters["reply_markup"]["inline_keyboard"]
    return {each["text"]: each["callback_data"] for row in rows for each in row if sign in each["text"]}


async def test_an_excerpt_has_a_button_for_the_whole(api, long_config):
    """Only that quote has one; what it sends is the paragraph, word for word, with title and citation."""
    async with running(long_config):
        api.say("Hồ sơ được lưu mấy năm?", STAFF)
        (answer,) = await sent(api)
        ((label, data),) = labelled(answer, "¶").items()
        shown = parse(answer.parameters["text"]).covered("ExpandableBlockQuote")[int(label[-1]) - 1]
        api.press(data, api.message_of(answer), STAFF)
        _, *parts = await sent(api, 1 + len(divided(LONG_TEXT)))

    seen = [parse(call.parameters["text"]) for call in parts]
    assert len(shown) < len(LONG_TEXT)
    # Telegram's parser leaves white space at the end of a message out; nothing else may be missing.
    assert "".join(message.covered("BlockQuote")[0] for message in seen) == LONG_TEXT
    assert seen[0].text.split("\n")[0] == f"Quy chế lưu trữ (1/{len(seen)})"
    assert seen[-1].text.endswith("đoạn 2/2")


async def test_a_long_neighbour_has_one_too(api, long_config):
    """A paragraph that was turned to is sent whole as well."""
    async with running(long_config):
        api.say("Lời nói đầu ngắn", STAFF)
        (answer,) = await sent(api)
        place = next(
            p
            for p, text in enumerate(parse(answer.parameters["text"]).covered("ExpandableBlockQuote"))
            if "Lời" in text
        )
        api.press(labelled(answer, f"{place + 1} ▶")[f"{place + 1} ▶"], api.message_of(answer), STAFF)
        _, neighbour = await sent(api, 2)
        ((_, data),) = labelled(neighbour, "¶").items()
        api.press(data, api.message_of(neighbour), STAFF)
        *_, last = await sent(api, 2 + len(divided(LONG_TEXT)))

    assert "Hồ sơ được lưu mười năm." in last.parameters["text"]


async def test_a_paragraph_without_end_is_left_to_its_document(api, long_config, tmp_path):
    """A dozen messages at most: the press says where it can be read."""
    (tmp_path / "corpus" / "a.txt").write_text(f"Quy chế\n\n{LONG_TEXT * 6}\n", encoding="utf-8")
    build_index(tmp_path / "corpus", tmp_path / "index", BagEncoder())
    async with running(long_config):
        api.say("Hồ sơ được lưu mấy năm?", STAFF)
        (answer,) = await sent(api)
        ((_, data),) = labelled(answer, "¶").items()
        api.press(data, api.message_of(answer), STAFF)
        (told,) = await sent(api, 1, "answerCallbackQuery")

    assert told.parameters["text"] == VI.upkeep.endless
    assert len(api.sent()) == 1

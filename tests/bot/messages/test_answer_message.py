"""One message of quotes, parsed by Telegram's own parser: the text is what was meant and within the limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.answer_message import answer_message, further_message
from bot.messages.en import EN
from bot.messages.quote_html import escape
from bot.messages.vi import VI
from bot.transport.delivery import strip_markup
from retrieval.answering.answer import Part
from retrieval.retriever import Retriever
from tests.bot.conversation.test_questions import QUESTION
from tests.support.bot.markup import parse
from tests.support.encoders import BagEncoder

LIMIT = 4096  # UTF-16 units after parsing: Bot API, sendMessage
HOSTILE = st.text(st.sampled_from("aể \n\t.<>&\"'/b=;🙂\u202e\u200b𝕏#0x") | st.characters(codec="utf-8"), min_size=1)
LONG = st.builds(lambda word, times: (word * times)[:9000], HOSTILE, st.integers(1, 1500))


@pytest.fixture(scope="session")
def answer(shared_home):
    """A real answer, whose quotes each test puts its own words into."""
    return Retriever(shared_home.index, BagEncoder()).ask(QUESTION, k=5)


def with_quote(hit, text, title, highlight=(0, 0), notes=()):
    citation = replace(hit.quote.citation, title=title)
    quote = replace(hit.quote, text=text, highlight=highlight, citation=citation)
    footnotes = tuple(replace(quote, text=note) for note in notes)
    return replace(hit, quote=quote, footnotes=footnotes)


def units(text):
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.slow
@settings(max_examples=150)
@given(texts=st.lists(st.tuples(LONG, HOSTILE, st.lists(LONG, max_size=4)), min_size=1, max_size=3), data=st.data())
def test_every_answer_is_a_message_that_telegram_takes(answer, texts, data):
    """Whatever the documents hold: it parses, is not too long, and shows at least one quote."""
    hits = []
    for hit, (text, title, notes) in zip(answer.hits, texts, strict=False):
        start = data.draw(st.integers(0, len(text)))
        hits.append(with_quote(hit, text, title, (start, data.draw(st.integers(start, len(text)))), notes))

    page = answer_message(replace(answer, hits=tuple(hits), state="weak"), VI)

    seen = parse(page.html)
    assert units(seen.text) <= LIMIT
    assert len(seen.entities) <= 100
    assert page.shown == tuple(range(len(page.shown)))
    assert 1 <= len(page.shown) <= 3


@settings(max_examples=100)
@given(text=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=1200))
def test_the_quotation_is_verbatim(answer, text):
    """What stands in the block quotation is the paragraph, letter by letter."""
    page = further_message([with_quote(answer.hits[0], text, "Báo cáo").quote], 3)

    assert parse(page.html).covered("ExpandableBlockQuote") == [text]
    assert page.shown == (3,)


@given(text=HOSTILE)
def test_plain_text_is_what_the_markup_shows(text):
    """The fallback loses nothing."""
    assert strip_markup(f"<b>{escape(text)}</b>") == text


@pytest.mark.parametrize("words", [VI, EN], ids=["vi", "en"])
def test_the_interface_parses(words):
    """Each text that is sent as HTML is HTML that Telegram takes, and says the same without its markup."""
    for html in (words.start_html, words.help_html, words.help_html + words.admin_help_html):
        assert parse(html).text == strip_markup(html)


@pytest.mark.parametrize("words", [VI, EN], ids=["vi", "en"])
def test_what_a_press_is_told_fits(words):
    """Telegram shows at most 200 characters above a chat."""
    told = [words.no_previous, words.no_next, words.old_button, words.changed, words.no_file]
    told += [words.down.format(code="A1B2C3"), words.stranger.format(user=10**12)]

    assert max(map(units, told)) <= 200


@pytest.mark.parametrize("words", [VI, EN], ids=["vi", "en"])
def test_commands_are_within_telegrams_limits(words):
    """1-32 lower-case letters, digits and underscores; a description of 1-256 characters."""
    for name, description in (*words.commands, *words.admin_commands):
        assert name.isascii()
        assert name.islower()
        assert 1 <= len(name) <= 32
        assert 1 <= len(description) <= 256


@pytest.mark.parametrize("state", ["found", "weak", "none"])
def test_a_name_that_no_quote_holds_is_said(answer, state):
    """In the reader's language, escaped, and not where the answer was found all the same."""
    page = answer_message(replace(answer, state=state, missing_names=("Bắc & Nam", "Lào")), EN)

    said = "The nearest paragraphs do not mention Bắc &amp; Nam, Lào." in page.html

    assert said is (state != "found")
    assert (page.shown == ()) is (state == "none")


def test_what_limits_an_answer_is_said(answer):
    """Words that no document has, the age of the document, and the parts of the question."""
    parts = (Part("Ai ký", "none", None), Part("Có <gì>", "weak", 1))
    limited = replace(answer, state="weak", unknown_words=("thỉnh giảng",), old=date(2019, 3, 9), parts=parts)

    seen = parse(answer_message(limited, VI).html).text

    assert "Không tài liệu nào có “thỉnh giảng”." in seen
    assert "Đoạn đầu tiên thuộc tài liệu ngày 09/03/2019" in seen
    assert "Tài liệu hiện có không trả lời phần: “Ai ký”." in seen
    assert "Trả lời phần: “Có <gì>”\n1 · " in seen


def test_three_short_quotes_stand_together(answer):
    """In their order, each under its number."""
    page = answer_message(answer, VI)

    seen = parse(page.html)
    assert [bold[:4] for bold in seen.covered("Bold") if " · " in bold] == ["1 · ", "2 · ", "3 · "]
    assert page.shown == (0, 1, 2)


def test_long_quotes_are_split_between_them(answer):
    """Two of 2,400 units do not fit into one message; the first stands whole, the others are held ready."""
    text = "Một câu dài. " * 184
    hits = tuple(with_quote(hit, text.strip(), "Báo cáo") for hit in answer.hits[:3])

    page = answer_message(replace(answer, hits=hits), VI)

    assert page.shown == (0,)
    assert parse(page.html).covered("ExpandableBlockQuote") == [text.strip()]


def test_footnotes_that_find_no_room_are_said(answer):
    """The quote matters more, and its reader learns that there is more."""
    hit = with_quote(answer.hits[0], "a " * 1200, "Báo cáo", notes=["chú thích dài " * 50] * 6)

    page = answer_message(replace(answer, hits=(hit,)), VI)

    assert VI.footnotes_omitted in parse(page.html).text

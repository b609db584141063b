"""One message of quotes, parsed by Telegram's own parser: the text is what was meant and within the limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.answer_message import answer_message, further_places, opened_place
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
    return replace(hit, quote=quote, footnotes=footnotes, span=None)


def near(answer):
    """The answer with quotes that are all as good as the first."""
    return replace(answer, hits=tuple(replace(hit, score=answer.hits[0].score) for hit in answer.hits))


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

    state = data.draw(st.sampled_from(["weak", "found"]))

    page = answer_message(replace(answer, hits=tuple(hits), state=state), VI)

    seen = parse(page.html)
    assert units(seen.text) <= LIMIT
    assert len(seen.entities) <= 100
    assert page.shown == (0,)
    assert len(seen.covered("Underline")) <= 1


@pytest.mark.slow
@settings(max_examples=100)
@given(above=LONG, texts=st.lists(st.tuples(LONG, HOSTILE), min_size=1, max_size=8), data=st.data())
def test_every_opened_place_is_a_message_that_telegram_takes(answer, above, texts, data):
    """Below whatever answers; or there is no room, which is never so in a message of its own."""
    opened = data.draw(st.integers(0, len(texts) - 1))
    quotes = {place: with_quote(answer.hits[0], *each).quote for place, each in enumerate(texts)}

    below, alone = (opened_place(each, quotes, opened, VI) for each in (escape(above[:4000]), ""))

    for html in filter(None, (below, alone)):
        seen = parse(html)
        assert units(seen.text) <= LIMIT
        assert len(seen.entities) <= 100
        assert seen.covered("Underline") == [VI.further_places]
    assert f"{opened + 1} · " in parse(alone).text


@settings(max_examples=100)
@given(text=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=1200))
def test_the_quotation_is_verbatim(answer, text):
    """What stands in the block quotation is the paragraph, letter by letter; a short one is not folded."""
    html = opened_place("", {3: with_quote(answer.hits[0], text, "Báo cáo").quote}, 3, VI)

    assert parse(html).covered("BlockQuote" if len(text) <= 108 else "ExpandableBlockQuote") == [text]


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
    assert "Trả lời phần: “Có <gì>”\nBệnh viện dã chiến cấp 2 có 70 người.\n1 · " in seen


def test_further_places_have_a_line_each(answer):
    """Of a phone's width, with title and place; only what answers is quoted."""
    page = answer_message(near(answer), VI)

    seen = parse(page.html)
    lines = seen.text.partition(f"{VI.further_places}\n")[2].split("\n")
    assert page.shown == (0,)
    assert lines == ["2 · Bệnh viện dã chiến – đoạn 5/5", "3 · Bệnh viện dã chiến – đoạn 4/5"]
    assert len(seen.covered("BlockQuote") + seen.covered("ExpandableBlockQuote")) == 1


def test_a_long_title_is_cut_to_the_line(answer):
    """The place is not."""
    quotes = {1: with_quote(answer.hits[0], "Đoạn.", "Quyết định về việc ban hành quy chế làm việc").quote}

    (html,) = further_places(quotes, VI, "found")

    line = parse(html).text.split("\n")[1]
    assert line == "2 · Quyết định về việc ban… – đoạn 1/5"
    assert len(line) == 38


@pytest.mark.parametrize(("below", "named"), [(7.9, 2), (8.1, 0)])
def test_what_is_far_below_the_first_is_not_named(answer, below, named):
    """Below a sure answer; below an unsure one the reader has to choose."""
    first, *others = answer.hits[:3]
    hits = (first, *(replace(hit, score=first.score - below) for hit in others))

    sure, unsure = (
        parse(answer_message(replace(answer, hits=hits, state=state), VI).html).text for state in ("found", "weak")
    )

    assert [f"{number} · " in sure for number in (2, 3)] == [bool(named)] * 2
    assert "2 · " in unsure
    assert "3 · " in unsure


def test_places_below_an_unsure_answer_show_their_sentences(answer):
    """Folded if they are long."""
    hits = tuple(
        with_quote(hit, f"Mở đầu. Câu trả lời {hit.rank}. Hết.", "Báo cáo", (8, 22)) for hit in answer.hits[:3]
    )

    seen = parse(answer_message(replace(answer, hits=hits, state="weak"), VI).html)

    assert seen.covered("ExpandableBlockQuote") == ["Câu trả lời 2.", "Câu trả lời 3."]


def test_each_part_of_a_question_has_its_answer(answer):
    """In sight, each under what it answers; the rest is named."""
    parts = (Part("Có ai", "found", 1), Part("Ở đâu", "found", 2))

    page = answer_message(replace(near(answer), parts=parts), VI)

    seen = parse(page.html)
    assert page.shown == (0, 1)
    assert seen.text.index("“Có ai”") < seen.text.index("1 · ") < seen.text.index("“Ở đâu”") < seen.text.index("2 · ")
    assert seen.text.index("2 · ") < seen.text.index(VI.further_places)


def test_the_items_of_a_list_stand_first(answer):
    """Their first sentences, word for word, in one quotation."""
    items = tuple(with_quote(answer.hits[0], f"{n}. Việc thứ {n}. Chi tiết.", "Báo cáo", (3, 14)).quote for n in (1, 2))
    hit = replace(answer.hits[0], span=None)

    seen = parse(answer_message(replace(answer, hits=(hit,), items=items), VI).html)

    assert seen.text.startswith("Danh sách gồm 2 mục:")
    assert seen.covered("BlockQuote")[0] == "Việc thứ 1.\nViệc thứ 2."


def test_a_long_quote_stands_whole(answer):
    """Folded, below its sentence."""
    text = ("Một câu dài. " * 184).strip()
    hits = tuple(with_quote(hit, text, "Báo cáo", (0, 12)) for hit in answer.hits[:3])

    page = answer_message(replace(answer, hits=hits), VI)

    seen = parse(page.html)
    assert page.shown == (0,)
    assert (seen.covered("BlockQuote"), seen.covered("ExpandableBlockQuote")) == (["Một câu dài."], [text])


def test_a_row_of_a_table_has_its_header(answer):
    """Above it, cell by cell: "0,5" alone says nothing."""
    row = with_quote(answer.hits[0], "Trưởng phòng | 0,5 | 900.000 đồng", "Quy chế")
    citation = replace(row.quote.citation, section="Phụ cấp › Chức vụ | Hệ số | Mức")
    hit = replace(row, quote=replace(row.quote, citation=citation))

    html = answer_message(replace(answer, hits=(hit,)), VI).html

    assert html.startswith(
        "<i>Chức vụ | Hệ số | Mức</i>\n<blockquote>Trưởng phòng | 0,5 | 900.000 đồng</blockquote>\n<b>1 · Quy chế</b>"
    )


def test_footnotes_are_folded_into_one_quotation(answer):
    """However many there are, they take three lines."""
    hit = with_quote(answer.hits[0], "Đoạn.", "Báo cáo", notes=["1 - Chú thích.", "2 - Chú thích <hai>."])

    seen = parse(answer_message(replace(answer, hits=(hit,)), VI).html)

    assert seen.covered("ExpandableBlockQuote") == ["1 - Chú thích.\n2 - Chú thích <hai>."]


def test_footnotes_that_find_no_room_are_said(answer):
    """The quote matters more, and its reader learns that there is more."""
    notes = ["chú thích dài " * 50] * 6
    hit = with_quote(answer.hits[0], "a " * 1200, "Báo cáo" * 50, (0, 2000), notes=notes)
    copies = tuple(replace(hit.quote, citation=replace(hit.quote.citation, title="Tên" * 80)) for _ in range(9))
    limited = replace(answer, hits=(replace(hit, duplicates=copies),), notices=("Tệp đã đổi. " * 30,) * 3)

    page = answer_message(limited, VI)

    assert VI.footnotes_omitted in parse(page.html).text

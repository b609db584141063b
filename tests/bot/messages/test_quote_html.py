"""The bot's messages: Telegram's HTML, within its limits, with the quotation verbatim in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.messages.answer_message import answer_message, opened_place
from bot.messages.vi import VI
from retrieval.answering.answer import NOT_FOUND, UNSURE, Answer, Hit
from retrieval.answering.quote import Citation, Quote
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

LIMIT = 4096  # UTF-16 units after entities parsing: Bot API, sendMessage
ALLOWED = {"b", "i", "u", "blockquote"}


class Visible(HTMLParser):
    """What a reader sees of a message, by a parser that is not ours; only tags that Telegram knows, well nested."""

    def __init__(self, message: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.quotations: list[str] = []  # that phones fold: the paragraphs
        self.sentences: list[str] = []  # that no phone folds
        self.bold: list[str] = []  # inside quotations
        self._open: list[str] = []
        self.feed(message)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        assert attrs in ([], [("expandable", None)])
        self._open.append(tag)
        if tag == "blockquote":
            self._quoted = self.quotations if attrs else self.sentences
            self._quoted.append("")
        elif tag == "b" and "blockquote" in self._open:
            self.bold.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "blockquote" in self._open:
            self._quoted[-1] += data
            if "b" in self._open:
                self.bold[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def units(text: str) -> int:
    """UTF-16 units, counted by the codec."""
    return len(text.encode("utf-16-le")) // 2


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """A real answer, whose quotes each test puts its own words into."""
    folder = tmp_path_factory.mktemp("render")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.txt").write_text("Báo cáo\n\nĐơn vị có 70 người.", encoding="utf-8")
    build_index(folder / "corpus", folder / "index", BagEncoder())
    return Retriever(folder / "index", BagEncoder()).ask("70 người")


def quote_of(text: str, highlight: tuple[int, int] = (0, 0), title: str = "Báo cáo", marker: str = "") -> Quote:
    kind = "footnote" if marker else "paragraph"
    citation = Citation("a.txt", title, "QPTD", "Tác giả", date(2023, 3, 9), kind, 1, 9, "", marker)
    return Quote("a.txt#1", "a.txt", 0, len(text), text, highlight, citation)


def answer_with(template: Answer, *quotes: Quote, notes: tuple[Quote, ...] = (), state: str = "found") -> Answer:
    hits = tuple(
        Hit(rank, 0.9, quote, notes, template.hits[0].scores, template.hits[0].ranks, {})
        for rank, quote in enumerate(quotes, 1)
    )
    return replace(template, state=state, hits=hits, notices=())


def html_of(answer: Answer) -> str:
    return answer_message(answer, VI).html


def all_messages(answer: Answer) -> list[str]:
    """The message for an answer, and each of its further places as it is opened in one of its own."""
    quotes = {place: hit.quote for place, hit in enumerate(answer.hits) if place}
    return [html_of(answer), *(opened_place("", quotes, place, VI) for place in quotes)]


def test_a_message_as_a_whole(template: Answer) -> None:
    """The paragraph with its answering sentence in bold, title, citation: each on its line, every < and & escaped."""
    text = "A < B & C > D. Câu hai."

    message = html_of(answer_with(template, quote_of(text, (0, 14), title="R&D <x>")))

    assert message.split("\n") == [
        "<blockquote><b>A &lt; B &amp; C &gt; D.</b> Câu hai.</blockquote>",
        "<b>1 · R&amp;D &lt;x&gt;</b>",
        "QPTD · 09/03/2023 · đoạn 1/9",
    ]


def test_a_paragraph_is_quoted_whole(template: Answer) -> None:
    """Up to 2,500 units nothing is left out, and the highlight stands where it stood."""
    text = "Câu đầu. " * 150 + "Câu trả lời. " + "Câu cuối. " * 90
    start = text.index("Câu trả lời.")

    message = html_of(answer_with(template, quote_of(text, (start, start + 12))))

    seen = Visible(message)
    assert (seen.quotations, seen.bold) == ([text], ["Câu trả lời."])
    assert "…<blockquote" not in message


def test_the_answering_sentence_stands_outside_the_fold(template: Answer) -> None:
    """
    Phones fold a quotation to three lines.

    Above it stand the answer itself and its sentence, word for word; of the second place only the title is named.
    """
    text = "Câu đầu không trả lời gì cả. " * 5 + "Đơn vị có <70> người. Câu cuối."
    start = text.index("Đơn vị")
    first, second = (quote_of(text, (start, start + 21)) for _ in range(2))
    answer = answer_with(template, first, second)
    span = (text.index("<70>"), text.index("<70>") + 10)

    message = html_of(replace(answer, hits=(replace(answer.hits[0], span=span), answer.hits[1])))

    assert message.split("\n")[:3] == [
        "<b>→ &lt;70&gt; người</b>",
        "<blockquote>Đơn vị có &lt;70&gt; người.</blockquote>",
        "<b>1 · Báo cáo</b>",
    ]
    assert Visible(message).sentences == ["Đơn vị có <70> người."]


def test_a_paragraph_that_is_hardly_longer_than_its_sentence_is_not_folded(template: Answer) -> None:
    """It stands once: its sentence and a fold would take more of the screen."""
    text = "Mở đầu. Đơn vị có 70 người. Kết thúc."

    seen = Visible(html_of(answer_with(template, quote_of(text, (8, 27)))))

    assert (seen.sentences, seen.quotations, seen.bold) == ([text], [], ["Đơn vị có 70 người."])


def test_below_a_sentence_that_fills_the_screen_there_is_no_fold(template: Answer) -> None:
    """Its paragraph is a button away, and no further place is named."""
    text = "Mở đầu. " * 30 + "từ " * 160 + "hết. " + "Phần sau. " * 30
    quote = quote_of(text, (240, 724))

    seen = Visible(html_of(answer_with(template, quote, quote)))

    assert (seen.sentences, seen.quotations) == ([text[240:724]], [])
    assert "2 · " not in seen.text


def test_a_very_long_sentence_is_cut_between_words(template: Answer) -> None:
    """The mark stands outside the quotation; the paragraph below holds the rest."""
    text = "Mở đầu. " * 15 + "từ " * 600

    message = html_of(answer_with(template, quote_of(text, (120, len(text)))))

    (sentence,) = Visible(message).sentences
    assert text[120:].startswith(sentence + " ")
    assert 200 < len(sentence) <= 700
    assert "</blockquote>…\n<b>1 ·" in message


def test_a_very_long_paragraph_is_shown_around_its_highlight(template: Answer) -> None:
    """The answering sentence is inside, whole words at both ends, and "…" outside the quotation on both sides."""
    text = "Câu đứng trước. " * 500 + "Câu trả lời ở đây. " + "Câu đứng sau. " * 500
    start = text.index("Câu trả lời")

    message = html_of(answer_with(template, quote_of(text, (start, start + 18))))

    seen = Visible(message)
    (quotation,) = seen.quotations
    assert quotation in text
    assert seen.bold == ["Câu trả lời ở đây."]
    assert f" {quotation} " in f" {text} "
    assert "…" not in quotation
    assert "\n…<blockquote expandable>" in message
    assert message.endswith("</blockquote>…")


@pytest.mark.parametrize("at", ["start", "end"])
def test_an_excerpt_at_an_end_has_one_mark(template: Answer, at: str) -> None:
    """Where the paragraph begins or ends nothing is left out, and nothing says so."""
    answer, rest = "Câu trả lời. ", "Câu khác hẳn. " * 600
    text = (answer + rest if at == "start" else rest + answer).strip()
    start = text.index("Câu trả lời.")

    message = html_of(answer_with(template, quote_of(text, (start, start + 12))))

    assert ("…<blockquote" in message, "</blockquote>…" in message) == (at == "end", at == "start")
    assert Visible(message).bold == ["Câu trả lời."]


def test_each_further_place_is_opened_whole(template: Answer) -> None:
    """Ten long paragraphs: one in the message, each other one when it is opened."""
    texts = [f"Đoạn số {i}. " + "Một câu dài vừa phải. " * 70 for i in range(10)]

    messages = all_messages(answer_with(template, *map(quote_of, texts)))

    seen = [Visible(message) for message in messages]
    assert [quotation for message in seen for quotation in message.quotations] == texts
    assert len(messages) == 10
    assert max(units(message.text) for message in seen) <= LIMIT


def test_footnotes_stand_below_their_quotation(template: Answer) -> None:
    """Folded, below the citation of what refers to them."""
    note = quote_of("2 - Năm 2022 < 2023.", marker="2")

    message = html_of(answer_with(template, quote_of("Đoạn2."), notes=(note,)))

    assert message.startswith("<blockquote>Đoạn2.</blockquote>\n")
    assert message.endswith("\n<blockquote expandable>2 - Năm 2022 &lt; 2023.</blockquote>")


def copies(*titles: str) -> tuple[Quote, ...]:
    return tuple(quote_of("Đoạn.", title=title) for title in titles)


def test_other_places_stand_below_the_citation(template: Answer) -> None:
    """The first on a line of its own, escaped, the others counted, before the footnotes; the quotation stands once."""
    note = quote_of("2 - Chú thích.", marker="2")
    answer = answer_with(template, quote_of("Đoạn."), notes=(note,))

    message = html_of(replace(answer, hits=(replace(answer.hits[0], duplicates=copies("A & B", "C")),)))

    assert message.split("\n") == [
        "<blockquote>Đoạn.</blockquote>",
        "<b>1 · Báo cáo</b>",
        "QPTD · 09/03/2023 · đoạn 1/9",
        "Cũng đăng ở: A &amp; B (QPTD, 09/03/2023), đoạn 1/9",
        "… và 1 nơi khác",
        "<blockquote expandable>2 - Chú thích.</blockquote>",
    ]


def test_many_other_places_fit(template: Answer) -> None:
    """One is named, the others counted; with the longest titles and quotation it is still one message."""
    answer = answer_with(template, quote_of("từ " * 2000, (10, 20), title="Tên rất dài " * 100))

    message = html_of(replace(answer, hits=(replace(answer.hits[0], duplicates=copies(*["Tên rất dài " * 100] * 30)),)))

    lines = message.split("\n")
    assert [line.startswith("Cũng đăng ở: Tên rất dài") for line in lines[-3:]] == [False, True, False]
    assert lines[-1] == "… và 29 nơi khác"
    assert units(Visible(message).text) <= LIMIT


def test_an_unsure_answer_says_so_first(template: Answer) -> None:
    """State "weak": the sentence of doubt, then the quotation."""
    message = html_of(answer_with(template, quote_of("Đoạn."), state="weak"))

    assert message.startswith(f"{UNSURE}\n\n<blockquote>Đoạn.</blockquote>\n<b>1 · Báo cáo</b>\n")


def test_no_answer_quotes_nothing(template: Answer) -> None:
    """State "none": the sentence, at most two different titles, escaped, and no quotation."""
    quotes = [quote_of("Đoạn.", title=title) for title in ("A & B", "A & B", "C", "D")]

    message = html_of(answer_with(template, *quotes, state="none"))

    assert message.startswith(NOT_FOUND)
    assert message.split("\n")[-2:] == ["1. A &amp; B", "2. C"]
    assert Visible(message).quotations == []


@pytest.mark.parametrize("state", ["weak", "none"])
def test_a_name_that_no_quote_holds_is_said(template: Answer, state: str) -> None:
    """Escaped, and not where the answer was found all the same."""
    quote = quote_of("Đoàn Nga đến thăm.")

    said = html_of(replace(answer_with(template, quote, state=state), missing_names=("Bắc & Nam",)))
    silent = html_of(replace(answer_with(template, quote), missing_names=("Bắc & Nam",)))

    assert "Các đoạn gần nhất không nhắc đến Bắc &amp; Nam." in said
    assert "nhắc đến" not in silent


def test_notices_come_first(template: Answer) -> None:
    """Whatever the state, a changed source is said before anything else."""
    found = replace(answer_with(template, quote_of("Đoạn.")), notices=("Tệp <a> đã đổi.",))

    first = [html_of(replace(found, state=state)) for state in ("found", "weak", "none")]

    assert [message.startswith("Tệp &lt;a&gt; đã đổi.\n") for message in first] == [True] * 3


WORDS = st.sampled_from(
    [
        "<",
        ">",
        "&",
        "&lt;",
        "&nbsp;",
        "<b>",
        "</blockquote>",
        "<!--",
        "]]>",
        '"',
        "🎉",
        "👩‍👩‍👧",
        "e\u0301",
        "đường",
        "…",
    ]
) | st.text(max_size=12)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, tuple[int, int]]:
    """A paragraph of up to some thousand words, and a span of it."""
    words = draw(st.lists(WORDS, min_size=1, max_size=12)) * draw(st.integers(1, 150))
    text = draw(st.sampled_from([" ", "  ", ". "])).join(words).strip() or "a"
    start = draw(st.integers(0, len(text) - 1))
    return text, (start, draw(st.integers(start + 1, len(text))))


@given(marked_texts())
@example(("🎉 " * 3000, (4000, 4001)))
@example(("& " * 3000, (10, 5000)))
def test_any_paragraph_is_quoted_verbatim(template: Answer, marked: tuple[str, tuple[int, int]]) -> None:
    """
    One message within the limit; the sentence in sight and the paragraph that phones fold are slices of the text.

    A paragraph without a fold stands in sight itself, or its sentence does, whole.
    """
    text, (start, end) = marked

    message = html_of(answer_with(template, quote_of(text, (start, end))))

    seen = Visible(message)
    (sentence,) = seen.sentences
    assert units(seen.text) <= LIMIT
    assert sentence == text or text[start:end].startswith(sentence)
    assert "".join(seen.bold) in text[start:end]
    assert all(quotation == text or units(text) > 2500 for quotation in seen.quotations)
    assert all(quotation in text for quotation in seen.quotations)
    assert seen.quotations or sentence in (text, text[start:end])


@settings(max_examples=40)
@given(st.lists(marked_texts(), min_size=1, max_size=6))
def test_any_answer_fits_its_messages(template: Answer, marked: list[tuple[str, tuple[int, int]]]) -> None:
    """Every message is within the limit, no quotation is divided, and each paragraph is in the one that opens it."""
    texts = [text for text, _ in marked]

    messages = all_messages(answer_with(template, *(quote_of(text, span) for text, span in marked)))

    seen = [Visible(message) for message in messages]
    assert max(units(message.text) for message in seen) <= LIMIT
    assert len(messages) == len(texts)
    for message, text in zip(seen, texts, strict=True):
        assert len(message.sentences) == 1
        assert all(quoted in text for quoted in message.sentences + message.quotations)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a" * 10_000, (8000, 8100)),  # one very long word, the highlight far inside
        ("dòng\n" * 3000, (12_000, 12_004)),  # a Markdown list or a poem: words apart by line feeds only
        ("🎉" * 5000, (4000, 4100)),
        ("từ " * 100 + "x" * 6000, (5000, 5100)),
        ("từ\u00a0" * 3000, (8000, 8002)),
    ],
    ids=["long word", "line feeds", "emoji", "long last word", "no-break spaces"],
)
def test_a_paragraph_without_spaces_fits(template, text, span):
    """One message within the limit, and the highlight is shown."""
    message = html_of(answer_with(template, quote_of(text, span)))

    seen = Visible(message)
    assert units(seen.text) <= LIMIT
    assert seen.quotations[0] in text
    assert "".join(seen.bold)


def test_a_long_highlight_at_a_long_word_is_shown(template):
    """The cut at the last space must not fall before the highlight."""
    text = "từ " * 1000 + "x" * 3000
    message = html_of(answer_with(template, quote_of(text, (3000, 6000))))

    assert "".join(Visible(message).bold)


def test_many_footnotes_fit(template):
    notes = tuple(quote_of(f"{i} - " + "chú thích dài " * 40, marker=str(i)) for i in range(1, 21))
    messages = all_messages(answer_with(template, quote_of("Đoạn."), notes=notes))

    assert max(units(Visible(m).text) for m in messages) <= LIMIT


def test_a_long_section_and_publisher_fit(template):
    quote = quote_of("từ " * 800)
    quote = replace(quote, citation=replace(quote.citation, section="phần rất dài " * 300, publisher="Bộ " * 300))
    messages = all_messages(answer_with(template, quote))

    assert max(units(Visible(m).text) for m in messages) <= LIMIT


def test_many_notices_fit(template):
    answer = replace(
        answer_with(template, state="none"), notices=tuple(f"Tài liệu {i} " + "x" * 200 for i in range(40))
    )
    messages = all_messages(answer)

    assert max(units(Visible(m).text) for m in messages) <= LIMIT

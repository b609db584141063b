"""What the copy button copies: within Telegram's limit, verbatim, and said where it is cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.messages.copy_text import copy_text
from tests.bot.messages.test_quote_html import marked_texts, quote_of


def test_the_sentence_and_its_citation_are_copied():
    """Not the rest of the paragraph."""
    quote = quote_of("Câu đầu. Đơn vị có 70 người. Câu cuối.", (9, 28), title="Quy chế")

    assert copy_text(quote) == "“Đơn vị có 70 người.” (Quy chế (QPTD, 09/03/2023), đoạn 1/9)"


def test_a_long_text_is_cut_where_a_sentence_ends():
    """And says so."""
    text = "Câu thứ nhất của đoạn này. " * 20

    copied = copy_text(quote_of(text.strip(), (0, len(text) - 1), title="Quy chế"))

    assert copied.startswith("“Câu thứ nhất của đoạn này. Câu thứ nhất")
    assert copied.endswith("của đoạn này. […]” (Quy chế (QPTD, 09/03/2023), đoạn 1/9)")
    assert 200 < len(copied) <= 256


def test_a_sentence_that_does_not_fit_is_not_copied():
    """Half a sentence may say the opposite."""
    text = "từ " * 200

    assert copy_text(quote_of(text, (0, len(text)))) == ""


@given(marked=marked_texts(), title=st.text(min_size=1, max_size=150))
def test_whatever_is_copied_is_verbatim_and_fits(marked, title):
    """Between the quotation marks stands a beginning of the sentence."""
    text, (start, end) = marked

    copied = copy_text(quote_of(text, (start, end), title=title))

    words = copied.removeprefix("“").rpartition("” (")[0] if title.count("” (") == 0 else ""
    assert len(copied) <= 256
    assert text[start:end].startswith(words.removesuffix(" […]"))

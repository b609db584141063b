"""Of a long paragraph the terminal shows what stands around the answering sentence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.terminal.output.excerpt import LONGEST, excerpt

SENTENCE = "Mật khẩu két là của phòng kế toán."
FILLER = "Tổ bảo vệ gửi báo cáo sau khi hết ca. "


def test_a_short_paragraph_is_whole() -> None:
    """Nothing is left out of a paragraph that a person can read."""
    text = FILLER * 10

    assert excerpt(text, (0, 20)) == (0, len(text))


def test_the_answering_sentence_stands_among_whole_sentences() -> None:
    """The excerpt begins and ends at sentences, and is short."""
    text = FILLER * 3000 + SENTENCE + " " + FILLER * 3000
    at = len(FILLER) * 3000

    start, end = excerpt(text, (at, at + len(SENTENCE)))

    assert SENTENCE in text[start:end]
    assert text[start:end].startswith("Tổ bảo vệ")
    assert text[start:end].endswith(".")
    assert end - start < LONGEST


@given(
    text=st.text(alphabet="ab. \n", min_size=LONGEST + 1, max_size=9000),
    place=st.integers(0, 3000),
    length=st.integers(0, 6000),
)
def test_an_excerpt_is_a_span_of_the_text(text: str, place: int, length: int) -> None:
    """Whatever the text: a span inside it that is not empty and no longer than what is shown whole."""
    start, end = excerpt(text, (place, min(len(text), place + length)))

    assert 0 <= start < end <= len(text)
    assert end - start <= LONGEST


def test_a_paragraph_just_too_long_keeps_its_answering_sentence_whole() -> None:
    """Sentences are never cut where they fit."""
    text = FILLER * 20 + SENTENCE + " " + FILLER * 10
    at = len(FILLER) * 20

    start, end = excerpt(text, (at, at + len(SENTENCE)))

    assert text[start:end].startswith("Tổ bảo vệ")
    assert SENTENCE in text[start:end]
    assert text[:start].endswith(". ")
    assert text[end - 1] == "."


def test_the_excerpt_of_an_endless_sentence_begins_with_the_highlight() -> None:
    """A table without stops is cut at words, where the answer begins."""
    text = "đơn vị báo cáo " * 400

    start, end = excerpt(text, (3000, 4500))

    assert start <= 3000 < end
    assert text[start - 1] == " "
    assert text[end] == " "

"""Windows: whole sentences, in order, short enough for the encoder."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.window import LONGEST, split_windows


def test_windows_overlap_by_half_and_end_with_the_whole() -> None:
    """Four sentences of four syllables, eight to a window: three overlapping windows, then all of it."""
    text = "Một hai ba bốn. Năm sáu bảy tám. Chín mười hai ba. Bốn năm sáu bảy."

    words = [text[w.start : w.end] for w in split_windows(text, syllables=8)]

    assert words == [
        "Một hai ba bốn. Năm sáu bảy tám.",
        "Năm sáu bảy tám. Chín mười hai ba.",
        "Chín mười hai ba. Bốn năm sáu bảy.",
        text,
    ]


def test_a_short_text_is_one_window() -> None:
    """What fits one window is not held twice."""
    windows = split_windows("Một câu. Hai câu.", syllables=8)

    assert [(w.start, w.end) for w in windows] == [(0, 17)]


def test_a_text_without_stops_is_cut_between_words() -> None:
    """A table without a full stop would be cut off by the encoder; here every word is in some window."""
    text = "ô " * (LONGEST * 2 + 10)

    windows = split_windows(text)

    assert max(w.length for w in windows[:-1]) == LONGEST
    assert sum(w.length for w in windows[:-1]) == LONGEST * 2 + 10


@given(st.text(st.sampled_from("aế .!?\n"), max_size=120), st.integers(1, 10))
def test_every_word_is_in_a_window(text: str, syllables: int) -> None:
    """Together the windows cover all words, whatever the limit."""
    windows = split_windows(text, syllables=syllables)
    covered = {i for w in windows for i in range(w.start, w.end)}

    assert {i for i, c in enumerate(text) if not c.isspace()} <= covered

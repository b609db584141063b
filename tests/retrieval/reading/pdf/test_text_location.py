"""Locating a paragraph's lines by its text, against brute force over every choice of lines."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.reading.pdf.lines import PdfLine
from retrieval.reading.pdf.text_location import locate_text

_HEIGHT = 800.0
_EDGE, _MIDDLE = 20.0, 400.0  # baselines of a line that may be a footer, and of one that may not


def line(text: str, *, edge: bool) -> PdfLine:
    return PdfLine(text, 1, 50, 500, _EDGE if edge else _MIDDLE, 11, bold=False, height=_HEIGHT)


LINES = st.lists(st.tuples(st.sampled_from(["a", "b", "ab", "a-", "ấ b", "-"]), st.booleans()), max_size=9)


@given(LINES, st.text("abấ -", min_size=1, max_size=6))
def test_only_the_only_way_counts(found: list[tuple[str, bool]], words: str) -> None:
    """
    Whatever lines there are: where exactly one choice of them is the words, and what it leaves out may be, and the
    words do not stand within lines as well.
    """
    lines = [line(text, edge=edge) for text, edge in found]
    bare = [text.replace(" ", "").replace("-", "") for text, _ in found]
    wanted = words.replace(" ", "").replace("-", "")
    choices = [
        choice
        for count in range(1, len(lines) + 1)
        for choice in combinations([place for place, text in enumerate(bare) if text], count)
        if "".join(bare[place] for place in choice) == wanted
        and all(found[place][1] or not bare[place] for place in range(choice[0], choice[-1]) if place not in choice)
    ]

    text = "".join(bare)
    once = sum(text.startswith(wanted, start) for start in range(len(text))) <= 1

    assert locate_text(words, lines) == (choices[0] if len(choices) == 1 and once else ())


def test_a_long_paragraph_is_found() -> None:
    """Thousands of lines do not exhaust anything."""
    lines = [line(f"dòng {number}", edge=False) for number in range(5000)]

    assert locate_text(" ".join(each.text for each in lines), lines) == tuple(range(5000))

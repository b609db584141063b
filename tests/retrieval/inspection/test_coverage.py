"""Every word of a page belongs to one paragraph, or to none: what the reader left out shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.inspection.coverage import Run, SearchText, runs_of_page
from retrieval.reading.layout.page_layout import LayoutWord, Rectangle


def line(words: str, top: float, left: float = 0.1) -> tuple[LayoutWord, ...]:
    """A line of words, each a twentieth of the page wide."""
    places = (Rectangle(left + 0.05 * place, top, left + 0.05 * place + 0.04, top + 0.01) for place in range(99))
    return tuple(LayoutWord(word, place) for word, place in zip(words.split(), places, strict=False))


def read(lines: list[tuple[LayoutWord, ...]], *paragraphs: str, headers: tuple[str, ...] = ()) -> list[Run]:
    """The runs of a page with these paragraphs."""
    return runs_of_page(lines, [SearchText.of(index, text) for index, text in enumerate(paragraphs)], headers)


def told(runs: list[Run]) -> list[tuple[str, int | None]]:
    return [(run.text, run.paragraph) for run in runs]


def test_lines_belong_to_the_paragraph_that_they_were_joined_to() -> None:
    """Across a hyphen at a line's end, which joining takes out."""
    lines = [line("Thông tư liên-", 0.1), line("quan đến lương.", 0.12), line("Hết.", 0.14)]

    runs = read(lines, "Thông tư liênquan đến lương.", "Hết.")

    assert told(runs) == [("Thông tư liên-", 0), ("quan đến lương.", 0), ("Hết.", 1)]


def test_what_no_paragraph_holds_is_left_out() -> None:
    """A whole line, and a word that the reader lost in the middle of one."""
    lines = [line("CÔNG BÁO", 0.02), line("Nghỉ lễ bốn ngày.", 0.1)]

    runs = read(lines, "Nghỉ lễ ngày.")

    assert told(runs) == [("CÔNG BÁO", None), ("Nghỉ lễ", 0), ("bốn", None), ("ngày.", 0)]


def test_a_letter_stands_for_one_place() -> None:
    """A page number is not found in the words of a paragraph, nor a line that stands twice but was read once."""
    lines = [line("Điều 5. Nghỉ lễ năm 2025", 0.1), line("Nghỉ lễ năm 2025", 0.12), line("5", 0.98)]

    runs = read(lines, "Điều 5. Nghỉ lễ năm 2025")

    assert told(runs) == [("Điều 5. Nghỉ lễ năm 2025", 0), ("Nghỉ lễ năm 2025", None), ("5", None)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_equal_cells_belong_to_their_own_rows(order: tuple[int, int]) -> None:
    """The same sum in two rows is told apart by what is beside it, however near the other row ends."""
    first = [line("1", 0.1), line("Dược", 0.1, 0.3), line("1.450", 0.1, 0.6)]
    second = [line("2", 0.13), line("Điều dưỡng và hộ sinh", 0.13, 0.3), line("1.450", 0.13, 0.6)]
    rows = (first, second)

    runs = read([cell for row in order for cell in rows[row]], "1 | Dược | 1.450", "2 | Điều dưỡng và hộ sinh | 1.450")

    assert [run.paragraph for run in runs] == [order[0]] * 3 + [order[1]] * 3


def test_names_of_columns_are_told_from_what_was_left_out() -> None:
    """They stand in the context of the rows."""
    (run,) = read([line("Học phí", 0.1)], "Dược | 1.450", headers=("Ngành | Học phí",))

    assert (run.paragraph, run.is_header) == (None, True)


@given(st.lists(st.lists(st.sampled_from("một hai ba bốn 1 12 a.".split()), min_size=1, max_size=6), max_size=8))
def test_every_word_is_in_one_run(words: list[list[str]]) -> None:
    """In its line's order, and no paragraph is given more letters than it has."""
    lines = [line(" ".join(row), place / 10) for place, row in enumerate(words)]
    texts = [SearchText.of(0, "một hai ba"), SearchText.of(1, "12 bốn bốn a.")]

    runs = runs_of_page(lines, texts, [])

    assert [word for run in runs for word in run.words] == [word for row in lines for word in row]
    assert sum(len(word.text) for run in runs if run.paragraph == 0 for word in run.words) <= len("mộthaiba")


@given(
    st.lists(st.lists(st.sampled_from(["quản lý", "lao động", "và"]), min_size=2, max_size=4), min_size=8, max_size=12)
)
def test_a_paragraph_that_repeats_itself_is_found_whole_on_each_of_its_pages(lines: list[list[str]]) -> None:
    """Lines of one page never take the place of words that stand on the next, where each has several."""
    rows = [line(" ".join(row), place / 20) for place, row in enumerate(lines)]
    text = SearchText.of(0, " ".join(word for row in lines for word in row))
    middle = len(rows) // 2

    runs = [*runs_of_page(rows[:middle], [text], []), *runs_of_page(rows[middle:], [text], [])]

    assert [run.paragraph for run in runs] == [0] * len(rows)
    assert all(text.used)

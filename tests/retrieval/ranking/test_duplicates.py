"""Duplicates: the same words are one paragraph, another number or name is another."""

from __future__ import annotations

import re
import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.candidate import Candidate, ChannelScores
from retrieval.passage import Passage
from retrieval.ranking.duplicates import group_duplicates, same_words, words_of
from retrieval.ranking.features import NAMES, Features
from retrieval.ranking.score import RankedCandidate

# 62 words, 58 shingles: a word put in takes 4 of them away, which leaves 0.93; two at different places leave 0.86.
TEXT = (
    "Hội nghị được tổ chức tại Hà Nội ngày 8/1 với 70 đại biểu của các đơn vị tham dự. "
    "Bộ trưởng yêu cầu các cơ quan phối hợp chặt chẽ, hoàn thành báo cáo trước ngày 15/2, không để chậm. "
    "Các đại biểu đã thảo luận sôi nổi về phương hướng hợp tác quốc phòng trong thời gian tới."
)
WORDS = TEXT.split()


def same(one: str, other: str) -> bool:
    return same_words(words_of(one), words_of(other))


@pytest.mark.parametrize(
    "other",
    [
        TEXT.upper(),
        TEXT.replace(". ", " – "),
        TEXT.replace("phối hợp chặt chẽ", "phối hợp"),
        TEXT.replace("thảo luận sôi nổi", "thảo luận"),
        f"Hà Nội, 9/1/2014 (TTXVN) - {TEXT}",
        f"(QPTD) – {TEXT}",
        f"Hà Nội: {TEXT}",
        TEXT.rpartition(" Các đại biểu")[0] + " Các đại biểu đã thảo luận sôi nổi.",
        f"{TEXT} Chủ tịch phát biểu chúc mừng hội nghị.",
        f"Sau đây là toàn văn. {TEXT}",
    ],
    ids=["case", "signs", "a pair less", "one less", "dateline", "outlet", "place", "cut", "one more", "one before"],
)
def test_small_additions_are_the_same(other: str) -> None:
    """Case, punctuation, a dateline, a sentence of no consequence at an end, a word or two put in or left out."""
    assert same(TEXT, other)


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("70", "71"),
        TEXT.replace("8/1", "8/2"),
        TEXT.replace("không để chậm", "để chậm"),
        TEXT.replace("Hà Nội", "Huế"),
        TEXT.replace("Bộ trưởng", "Thứ trưởng"),
        TEXT.replace("quốc phòng", "kinh tế"),
        TEXT.replace("yêu cầu", "không yêu cầu"),
        TEXT.replace("báo cáo", "tất cả báo cáo"),
        TEXT.replace("các đơn vị", "các đơn vị Quân khu"),
        TEXT.replace("thời gian tới.", "thời gian tới, trừ năm sau."),
        TEXT.replace("phối hợp chặt chẽ", "phối hợp").replace("thảo luận sôi nổi", "thảo luận"),
        f"{TEXT} Hạn cuối là ngày 20/2.",
        f"{TEXT} Quy định này không áp dụng.",
        f"{TEXT}\nc) Cơ quan đại diện ngoại giao",
        f"{TEXT} {TEXT}",
        TEXT[: len(TEXT) // 2],
    ],
)
def test_what_tells_makes_another_paragraph(other: str) -> None:
    """
    A number, date, denial, name, limit or word exchanged; small changes in two places; a point more in a list; much
    more, or half.
    """
    assert not same(TEXT, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Họp tại Hà Nội.", "họp tại Hà Nội"),
        ("Họp tại Hà Nội.", "Sáng nay họp tại Hà Nội."),
        ("Nguyễn Văn Hùng", "Nguyễn Văn Hưng"),
        ("***", "***"),
        ("***", "—"),
        ("***", "Họp."),
    ],
)
def test_short_texts_must_be_equal(one: str, other: str) -> None:
    """Below five words nothing is nearly the same, and marks that make another word count."""
    assert same(one, other) == (one.strip(".").lower() == other.lower())


@st.composite
def edited(draw: st.DrawFn) -> str:
    """The text with some words left out, put in, exchanged or moved."""
    words = list(WORDS)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(words) - 1))
        taken = words.pop(place)
        new = draw(st.sampled_from(["", "mới", "không", "12", "Huế", "-", "Xong.", taken]))
        words.insert(draw(st.sampled_from([place, 0, len(words)])), new)
    return " ".join(words)


@given(edited(), edited())
def test_it_does_not_matter_which_is_compared_with_which(one: str, other: str) -> None:
    """Symmetric, and every text is its own duplicate."""
    assert same(one, other) == same(other, one)
    assert same(one, one)


@given(edited(), st.integers(1, 9), st.data())
def test_a_changed_number_is_never_the_same(text: str, more: int, data: st.DataObject) -> None:
    """Whichever digit becomes whichever other, with or without a dateline in front."""
    place = data.draw(st.sampled_from([match.start() for match in re.finditer(r"\d", text)]))
    changed = f"{text[:place]}{(int(text[place]) + more) % 10}{text[place + 1 :]}"
    dateline = data.draw(st.sampled_from(["", "(TTXVN) - ", "Hà Nội, 3/4: "]))

    assert not same(text, dateline + changed)


@given(edited(), st.sampled_from(["không", "chưa", "cấm", "trừ"]), st.data())
def test_a_denial_more_is_never_the_same(text: str, denial: str, data: st.DataObject) -> None:
    """Wherever it is put in."""
    words = text.split()
    place = data.draw(st.integers(0, len(words)))

    assert not same(text, " ".join([*words[:place], denial, *words[place:]]))


@given(edited(), st.sampled_from(["NFC", "NFD"]), st.booleans())
def test_spellings_of_one_text_are_the_same(text: str, form: str, misplaced: bool) -> None:
    """Composed or not, the mark on the right letter or beside it: what the eye takes for the same word."""
    respelled = (
        text.replace("hoàn", "hòan").replace("tướng", "tứơng").replace("trưởng", "trửơng") if misplaced else text
    )

    assert same(text, unicodedata.normalize(form, respelled))


def place(name: str, score: float, text: str = TEXT) -> RankedCandidate:
    passage = Passage(f"{name}#1", name, "paragraph", 1, 1, 0, len(text), text)
    return RankedCandidate(
        Candidate(passage, ChannelScores((), 0.0, 0.0, 0.0)), score, Features(*[0.0] * len(NAMES)), {}
    )


def names(groups: list[tuple[RankedCandidate, ...]]) -> list[list[str]]:
    return [[place.candidate.passage.doc_id for place in group] for group in groups]


DATES = {"a": None, "b": date(2023, 3, 9), "c": date(2022, 1, 1), "d": None}


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([place("a", 3), place("b", 2), place("c", 1)], [["a", "b", "c"]]),
        ([place("a", 3), place("b", 3), place("c", 3)], [["c", "a", "b"]]),
        ([place("a", 3), place("b", 3.00001), place("d", 3)], [["b", "a", "d"]]),
        ([place("a", 3), place("b", 2, "Nghỉ lễ."), place("c", 1)], [["a", "c"], ["b"]]),
        ([place("a", 3), place("b", 2, f"{TEXT} Mời xem ảnh.")], [["b", "a"]]),
    ],
    ids=["better ranked", "earliest", "dated", "another between", "fuller"],
)
def test_which_copy_is_shown(places: list[RankedCandidate], expected: list[list[str]]) -> None:
    """The fuller one, then the better ranked, then the dated and earliest; the others follow by rank."""
    assert names(group_duplicates(places, DATES.__getitem__)) == expected


def test_a_group_stands_where_its_best_stood() -> None:
    """The fuller copy takes the better one's place and score, so that scores still fall."""
    places = [place("a", 3), place("b", 2, "Nghỉ lễ."), place("c", 1, f"{TEXT} Mời xem ảnh.")]

    groups = group_duplicates(places, DATES.__getitem__)

    assert [(group[0].candidate.passage.doc_id, group[0].score) for group in groups] == [("c", 3), ("b", 2)]


def test_dates_are_asked_for_copies_only() -> None:
    """Without duplicates the places stay as they are, and nothing is looked up."""
    places = [place("a", 3), place("b", 2, "Nghỉ lễ.")]

    assert group_duplicates(places, {}.__getitem__) == [(places[0],), (places[1],)]


@pytest.mark.parametrize("words", [4_000, 20_000])
def test_long_paragraphs_that_are_nearly_equal_are_compared_quickly(words: int) -> None:
    """Thirty of them, of one word: twenty seconds are ten times what a question may take."""
    texts = ["có " * (words + words // 100 * number) for number in range(30)]
    begun = time.process_time()

    groups = group_duplicates([place(str(number), 1.0, text) for number, text in enumerate(texts)], lambda _: None)

    assert time.process_time() - begun < 20
    assert len(groups) == 30


def test_many_dots_before_another_line_are_read_once() -> None:
    """Dots and line breaks between two words are no sentence's end, found out in a few steps."""
    dots = "." * 80_000 + "\n"
    begun = time.process_time()

    found = same(f"{TEXT}{dots}x", TEXT)

    assert time.process_time() - begun < 5
    assert found

"""The stretch that a cross-encoder reads: sentences side by side, verbatim, that hold most of the question."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.analyzer import WORD
from tests.benchmarks.cross_encoder.stretch import LONGEST, best_stretch

FILLER = "Câu này không nói gì cả và dài đúng mười hai âm tiết."  # twelve


def test_a_short_passage_is_read_whole() -> None:
    """Nothing of it is lost to the judge."""
    text = f"{FILLER} {FILLER}"

    assert best_stretch(text, {"khong": 1.0}) == text


def test_the_sentence_that_holds_the_question_is_among_those_read() -> None:
    """Wherever it stands in a long passage."""
    asked = "Trạm bơm có công suất lớn."
    sentences = [FILLER] * 20
    sentences[13] = asked

    found = best_stretch(" ".join(sentences), {"tram_bom": 3.0, "cong_suat": 2.0})

    assert asked in found


def test_a_rare_word_outweighs_common_ones() -> None:
    """Weights are added, each term once."""
    rare, common = "Cá tra được nuôi ở đây.", "Ở đây có và ở đây cũng có."
    text = " ".join([common, *[FILLER] * 15, rare])

    found = best_stretch(text, {"ca_tra": 6.0, "day": 1.0, "co": 1.0, "o": 1.0})

    assert rare in found


def test_a_sentence_without_an_end_is_cut() -> None:
    """A table's row, or a list that nobody ended."""
    words = [f"từ{number}" for number in range(400)]

    found = best_stretch(" ".join(words), {"tu250": 1.0})

    assert "từ250" in found.split()
    assert len(found.split()) <= LONGEST


def test_equal_stretches_give_the_first() -> None:
    """A question none of whose words are there is judged by the beginning."""
    text = " ".join(f"{FILLER[:-1]} số {number}." for number in range(20))

    assert best_stretch(text, {"vang": 1.0}).startswith(FILLER[:-1] + " số 0")


@given(st.text(alphabet="aăâ đ.;!?\n0,“", max_size=600), st.dictionaries(st.sampled_from("ađ0"), st.floats(0.1, 9)))
def test_a_stretch_is_a_part_of_its_text(text: str, weights: dict[str, float]) -> None:
    """Verbatim, of any text, also one without a word."""
    found = best_stretch(text, weights)

    assert found in text
    assert len(WORD.findall(found)) <= LONGEST

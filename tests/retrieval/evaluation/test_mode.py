"""How questions are typed: in full, half or bare."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.mode import MODES, half_typed, strip_diacritics, typed_as
from retrieval.language.analyzer import WORD
from retrieval.language.spelling import nfc

ASKED = "Việt Nam có quan hệ quốc phòng với bao nhiêu quốc gia?"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Điện Biên", "Dien Bien"),
        ("ĐƯỜNG đường", "DUONG duong"),
        ("Ha\u0300 No\u0323\u0302i", "Ha Noi"),
        ("ý ỹ ự ở ẫ", "y y u o a"),
        ("B52, 30/4!", "B52, 30/4!"),
    ],
)
def test_without_marks_keeps_everything_else(text: str, bare: str) -> None:
    """Letter case, digits and punctuation stay; NFD input too."""
    assert strip_diacritics(text) == bare


def test_each_mode_types_the_question_its_own_way() -> None:
    """In full as it stands, bare without any mark, half between the two."""
    full, half, bare = (typed_as(ASKED, mode) for mode in MODES)

    assert (full, bare) == (ASKED, strip_diacritics(ASKED))
    assert half not in {full, bare}


@given(st.text(st.sampled_from("quốế phòngđĐ ?.,123ABC\u0301"), max_size=60))
def test_every_word_is_bare_or_as_it_stands(text: str) -> None:
    """Whatever the text, nothing but marks is lost, and no word only a part of them."""
    half = half_typed(text)

    words = zip(WORD.findall(half), WORD.findall(nfc(text)), strict=True)
    assert all(word in {full, strip_diacritics(full)} for word, full in words)
    assert strip_diacritics(half) == strip_diacritics(nfc(text))


def test_half_of_many_words_is_bare() -> None:
    """Of 10,000 words 5,000, give or take four standard deviations of 50."""
    words = half_typed(" ".join(["ổ"] * 10_000)).split()

    assert abs(words.count("o") - 5_000) <= 200


def test_a_question_is_always_typed_alike() -> None:
    """In another process too, whatever seeds its hashes, and whichever form its letters are in."""
    code = f"from retrieval.evaluation.mode import half_typed\nprint(ascii(half_typed({ASKED!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    assert done.stdout.strip() == ascii(half_typed(ASKED))
    assert half_typed(unicodedata.normalize("NFD", ASKED)) == half_typed(ASKED)

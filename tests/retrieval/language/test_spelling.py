"""Keys of syllables: what they forgive, and what they must not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.spelling import exact_key, fold, folded_key, is_bare, nfc

VIETNAMESE = st.text(
    st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"),
    max_size=8,
)


def test_folding_removes_every_mark_and_the_stroke_of_d() -> None:
    """Folding leaves ASCII letters, đ included, which NFD alone would not."""
    folded = fold("Điện Biên Phủ, Nguyễn")

    assert folded == "dien bien phu, nguyen"


@given(st.text())
def test_folding_is_by_character(text: str) -> None:
    """Whatever the script: combining marks go, đ and its look-alikes become d, the rest becomes lower case."""
    strokes = str.maketrans({"đ": "d", "Đ": "D", "Ð": "D", "ð": "d", "Ɖ": "D", "ɖ": "d"})
    decomposed = unicodedata.normalize("NFD", text.translate(strokes))

    assert fold(text) == "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("thuỷ", "thủy"),
        ("toán", "tóan"),
        ("nước", "nứơc"),
        ("sỹ", "sĩ"),
        ("được", "đuợc"),
        ("quý", "quí"),
    ],
)
def test_accepted_and_mistyped_spellings_share_a_key(one: str, other: str) -> None:
    """The place of a tone mark, y for i at the end, and a forgotten horn do not make another word."""
    keys = exact_key(one), exact_key(other)

    assert keys[0] == keys[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("đường", "dương"),
        ("hoàn", "hoán"),
        ("thúy", "thúi"),
        ("thuở", "thủa"),
        ("ma", "mà"),
        ("mua", "mưa"),
        ("suýt", "suít"),
    ],
)
def test_different_words_keep_different_keys(one: str, other: str) -> None:
    """What only looks alike stays apart."""
    keys = exact_key(one), exact_key(other)

    assert keys[0] != keys[1]


def test_eth_counts_as_d_with_stroke() -> None:
    """The Icelandic letter that looks like Đ is one."""
    keys = exact_key("Ðảng"), folded_key("ðảng")

    assert keys == (exact_key("Đảng"), "dang")


@given(VIETNAMESE)
def test_keys_do_not_depend_on_composition(word: str) -> None:
    """NFC and NFD of one word have one key each."""
    decomposed = unicodedata.normalize("NFD", word)

    assert (exact_key(decomposed), folded_key(decomposed)) == (exact_key(nfc(word)), folded_key(nfc(word)))


@given(VIETNAMESE)
def test_folding_is_final(word: str) -> None:
    """Folding what is folded changes nothing, and what is folded is bare."""
    folded = fold(word)

    assert fold(folded) == folded
    assert is_bare(folded)

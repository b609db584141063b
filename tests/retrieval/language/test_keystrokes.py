"""Telex and VNI leftovers, decoded only into known syllables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.keystrokes import decode
from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable

_KNOWN = frozenset(
    """người được việt quốc phòng tổ chức hòa toán quý thuở giữ giá nghiệp đợi điện chưa quăng hoặc lưu thủy khỏe
    tiếng giờ quyết đến ngày là có đường ứng yêu mưa tô lan quỳ cáp hợp tác giúp khuỷu huỳnh cả nước ý""".split()
)


def _decode(token):
    return decode(token, _KNOWN.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nguwowif", "người"),
        ("nguoiwf", "người"),
        ("nguoi72", "người"),
        ("dduwowcj", "được"),
        ("duocwdj", "được"),
        ("d9uoc75", "được"),
        ("d9u7o7c5", "được"),
        ("d9uo7c5", "được"),
        ("vieetj", "việt"),
        ("vietej", "việt"),
        ("vie6t5", "việt"),
        ("Vieejt", "Việt"),
        ("DDieenj", "Điện"),
        ("quoocs", "quốc"),
        ("phofng", "phòng"),
        ("phong2", "phòng"),
        ("to63", "tổ"),
        ("chuc71", "chức"),
        ("hoaf", "hòa"),
        ("toans", "toán"),
        ("quys", "quý"),
        ("thuowr", "thuở"),
        ("chuaw", "chưa"),
        ("quangw", "quăng"),
        ("hoawcj", "hoặc"),
        ("luuw", "lưu"),
        ("khuyur", "khuỷu"),
        ("huynhf", "huỳnh"),
        ("ddược", "được"),
        ("ddeens", "đến"),
    ],
)
def test_leftovers_are_decoded(typed, meant):
    """
    Tones and marks count wherever after their vowel they were typed.
    """
    expected = meant if meant[0].isupper() or meant in _KNOWN else None
    knows = {*_KNOWN, "Việt", "Điện"}

    decoded = decode(typed, lambda word: word.lower() in knows)

    assert decoded == expected


@pytest.mark.parametrize(
    "token",
    [
        "2022",
        "100",
        "A4",
        "a4",
        "T54",
        "COVID19",
        "NQ35",
        "hong",  # a syllable as typed
        "phòng",
        "quy2",  # quý 2, not quỳ
        "cap1",  # cấp 1, not cáp
        "list",
        "port",
        "bqp",
        "dd",
        "hoafs",  # two tones
        "capf",  # a stopped syllable has no falling tone
        "laww",
        "tin8h",  # no letter that takes a breve
        "",
        "x",
    ],
)
def test_everything_else_is_left_alone(token):
    """
    Numbers, codes, syllables, English and impossible syllables are not leftovers, whatever is known.
    """
    assert decode(token, lambda _: True) is None


def test_the_vocabulary_decides():
    """
    A well-formed result that no document uses is not accepted.
    """
    assert _decode("xoangf") is None


@given(st.text(alphabet="abcdeghiknopqrstuvxywfjz0123456789đươêôâă", max_size=8))
def test_what_comes_out_is_a_known_syllable(token):
    """
    The result always has the shape of a syllable and was accepted by the vocabulary.
    """
    asked = []

    decoded = decode(token, lambda word: asked.append(word) is None)

    assert decoded is None or (decoded in asked and is_syllable(fold(decoded)))


@given(st.sampled_from(sorted(_KNOWN)))
def test_syllables_are_never_touched(word):
    """
    What is already Vietnamese stays as typed.
    """
    assert decode(word, lambda _: True) is None

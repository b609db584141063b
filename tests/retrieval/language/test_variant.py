"""Other names of countries and bodies."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.variant import VariantList, load_variants


@pytest.fixture(scope="module")
def names():
    return VariantList(load_variants())


def _found(names, text):
    return [variant.typed for variant in names.variants(text)]


@pytest.mark.parametrize(
    ("text", "typed", "other"),
    [
        ("bệnh viện ở Nam Sudan", "Nam Sudan", "Nam Xu-đăng"),
        ("benh vien o nam xu dang", "nam xu dang", "South Sudan"),
        ("quan hệ với Campuchia", "Campuchia", "Cam-pu-chia"),
        ("quan hệ với mỹ", "mỹ", "Hoa Kỳ"),
        ("quan he voi My", "My", "Hoa Kỳ"),
        ("quan he voi nuoc phap", "phap", "France"),
        ("Liên Hiệp Quốc họp", "Liên Hiệp Quốc", "Liên hợp quốc"),
        ("visit to australia", "australia", "Úc"),
        ("thăm Liên bang Nga", "Liên bang Nga", "Russia"),
        ("tham Ai Cap", "Ai Cap", "Egypt"),
        ("Nga", "Nga", "Russia"),
    ],
)
def test_names_find_their_other_names(names, text, typed, other):
    """
    A name in any spelling, accented or bare, finds the others.
    """
    (variant,) = names.variants(text)

    assert (variant.typed, text[variant.start : variant.end]) == (typed, typed)
    assert other in variant.others


@pytest.mark.parametrize(
    "text",
    [
        "Pháp luật quy định thế nào",
        "biện pháp bảo đảm",
        "ý kiến của ai",
        "Ý kiến của ai",
        "Anh hùng lực lượng vũ trang",
        "lao dong nu",
        "Lao dong nu",
        "ĐẠO ĐỨC CÁCH MẠNG",
        "ai cap giay phep",  # ai cấp, not Ai Cập
        "thong nhat ban hanh",  # thống nhất ban hành, not Nhật Bản
        "tap trung quoc phong",  # tập trung quốc phòng, not Trung Quốc
        "hop ba lan mot nam",  # ba lần, not Ba Lan
        "tỉnh Lào Cai",
        "úa, trung, quốc",
        "nhất ban",
        "Thoi Han Nop Ho So",  # capitals everywhere say nothing: thời hạn, not Hàn
        "LUẬT PHÁP",
        "thoi han quoc hoi thong qua",  # thời hạn Quốc hội, not Hàn Quốc
        "may trieu tien thuong",  # triệu tiền, not Triều Tiên
        "ban ghi nho",  # bản ghi nhớ, not Ban-ghi
    ],
)
def test_everyday_words_are_no_names(names, text):
    """
    A word that only shares its letters with a country is left alone.
    """
    assert _found(names, text) == []


def test_listed_names_keep_their_capitals(names):
    """
    In "Việt Nam - Nga" every capital is that of a name.
    """
    assert _found(names, "Việt Nam - Nga") == ["Việt Nam", "Nga"]


def test_the_longest_name_wins(names):
    """
    "South Sudan" is not Sudan, and Sudan beside it is.
    """
    found = _found(names, "South Sudan and Sudan")

    assert found == ["South Sudan", "Sudan"]


def test_the_typed_spelling_is_not_among_the_others(names):
    """
    "Xu-đăng" and "Xu đăng" are one to the index, so neither is offered for the other.
    """
    (variant,) = names.variants("Nam Xu đăng")

    assert variant.others == ("Nam Sudan", "South Sudan")


@given(st.lists(st.sampled_from("Nam Xu-đăng Sudan Mỹ my, nước Pháp luật QUÂN . NGA".split()), max_size=8))
def test_spans_are_what_was_typed(names, words):
    """
    Whatever is typed, each span holds its name and begins after the one before it.
    """
    text = " ".join(words)

    variants = names.variants(text)

    assert all(text[variant.start : variant.end] == variant.typed for variant in variants)
    assert all(a.end <= b.start for a, b in pairwise(variants))

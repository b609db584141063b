"""Everyday words and the official ones for them."""

from __future__ import annotations

import pytest

from retrieval.language.spelling import nfc
from retrieval.language.synonym import SynonymData, SynonymList, load_synonyms, synonym_list


def found(text: str) -> list[str]:
    return [synonym.typed for synonym in synonym_list().synonyms(text)]


@pytest.mark.parametrize(
    ("text", "typed", "written"),
    [
        ("Nghỉ đẻ được mấy tháng?", "Nghỉ đẻ", "nghỉ thai sản"),
        ("nghi de duoc may thang", "nghi de", "nghỉ thai sản"),
        ("xin sếp cho nghỉ", "sếp", "thủ trưởng"),
        ("xe máy đi ngược chiều", "xe máy", "mô tô"),
        ("giấy tờ cần nộp", "giấy tờ", "hồ sơ"),
        ("mất sổ đỏ", "sổ đỏ", "giấy chứng nhận quyền sử dụng đất"),
    ],
)
def test_everyday_words_find_the_official_ones(text: str, typed: str, written: str) -> None:
    """With their marks or without, in any case; the longest first."""
    (first, *_) = synonym_list().synonyms(text)

    assert (first.typed, written in first.official) == (typed, True)


@pytest.mark.parametrize(
    "text",
    [
        "dự trữ lương thực",  # not "lương"
        "chat luong cong tac",  # one bare syllable may be any of three
        "nghị đề",  # marks that were typed count
        "nghỉ thai sản",  # what is written does not find what is said
    ],
)
def test_other_words_are_left_alone(text: str) -> None:
    """Neither parts of longer words, nor other accents, nor official words."""
    assert found(text) == []


def test_what_is_found_anyway_is_no_synonym() -> None:
    """Who types "lương" finds "tiền lương" by its letters, and who types "nộp tiền phạt" finds "nộp tiền"."""
    synonyms = SynonymList(SynonymData({"lương": ("tiền lương", "thu nhập"), "nộp tiền phạt": ("nộp tiền",)}, ()))

    assert [s.official for s in synonyms.synonyms("lương và nộp tiền phạt")] == [("thu nhập",)]


def test_the_list_is_composed_and_each_trap_holds_something_said() -> None:
    """Otherwise an entry would never be met, and a trap would guard nothing."""
    data = load_synonyms()
    every = [*data.official, *data.traps, *(official for words in data.official.values() for official in words)]

    assert [words for words in every if words != nfc(words) or words != words.strip()] == []
    assert [t for t in data.traps if not any(f" {said} " in f" {t} " for said in data.official)] == []

"""The vocabulary: a corpus's own words, and the phrases that questions are made of everywhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.index.local.storage import vocabulary
from retrieval.index.local.storage.vocabulary import Vocabulary
from retrieval.index.records.spelling_counts import phrase_counts
from retrieval.language.diacritic_restoration import restore

CORPUS = "Ông Dương họ Dương ở Dương Xá.\nCán cân thương mại.\nBệnh viện có cần cẩu."


@pytest.fixture
def small(tmp_path: Path) -> Vocabulary:
    """Of a corpus of a few lines."""
    Vocabulary.write(tmp_path, [("", CORPUS)])
    return Vocabulary(tmp_path / vocabulary.FILE)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("chuc mung nam moi", "chúc mừng năm mới"),
        ("thu tuc dang ky ket hon can giay to gi", "thủ tục đăng ký kết hôn cần giấy tờ gì"),
        ("nghi phep nam nay duoc bao nhieu ngay", "nghỉ phép năm nay được bao nhiêu ngày"),
        ("cong ty nao lon nhat the gioi", "công ty nào lớn nhất thế giới"),
        ("con nam ngoai thi sao", "còn năm ngoái thì sao"),
        ("toi muon hoi ve bao hiem that nghiep", "tôi muốn hỏi về bảo hiểm thất nghiệp"),
    ],
)
def test_common_words_are_restored_though_the_corpus_lacks_them(small: Vocabulary, typed: str, understood: str) -> None:
    """Everyday and administrative questions over three lines that share hardly a word with them."""
    assert restore(typed, small).text == understood


@pytest.mark.parametrize(
    ("typed", "understood"), [("ho duong", "họ dương"), ("can can thuong mai", "cán cân thương mại")]
)
def test_words_of_the_corpus_outrank_the_phrases(small: Vocabulary, typed: str, understood: str) -> None:
    """ "đường" and "cần" are more common, but not beside these neighbours."""
    assert restore(typed, small).text == understood


def test_counts_are_of_both(small: Vocabulary) -> None:
    """Three in the corpus and those of the phrases; the total is the sum of all."""
    phrases = phrase_counts()

    assert small.of("duong")["dương"] == 3 + phrases.syllables["dương"]
    assert small.of_pair("ho", "duong") == {("họ", "dương"): 1}
    assert small.total == 16 + phrases.total


@pytest.mark.parametrize("most", [1, 5, 1000])
def test_counting_in_parts_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """However few pairs fit in memory: written whole, and changed by what came and went."""
    lines = [(f"phòng {n % 2}", line) for n, line in enumerate([*CORPUS.splitlines(), "Cán cân ở Dương Xá."])]
    whole, parts, changed = (tmp_path / name for name in ("whole", "parts", "changed"))
    for folder in (whole, parts, changed):
        folder.mkdir()
    Vocabulary.write(whole, lines)
    monkeypatch.setattr(vocabulary, "_PAIRS_AT_ONCE", most)

    Vocabulary.write(parts, lines)
    Vocabulary.write_changed(changed, parts, lines[:2], [*lines[:2], *lines[:1]])

    assert rows(parts) == rows(whole)
    Vocabulary.write(whole.parent, [*lines, lines[0]])
    assert rows(changed) == rows(whole.parent)


def rows(folder: Path) -> list[tuple[object, ...]]:
    """All counts of a vocabulary."""
    with closing(sqlite3.connect(folder / vocabulary.FILE)) as db:
        return [*db.execute("SELECT * FROM syllables"), *db.execute("SELECT * FROM pairs")]

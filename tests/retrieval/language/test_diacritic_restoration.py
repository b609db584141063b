"""Diacritics put back: what the neighbours decide, and what must be left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.analyzer import WORD
from retrieval.language.diacritic_restoration import looks_foreign, restore
from retrieval.language.spelling import fold

CORPUS = """
quan hệ quốc phòng với các quốc gia
bộ quốc phòng và bộ ngoại giao
đường sắt bắc nam đường bộ
ông dương họ dương
gìn giữ hòa bình ở nam sudan
một phần hai của kỳ họp
"""


class Counted:
    """Spellings counted from a text, in memory."""

    def __init__(self, text: str) -> None:
        lines = [WORD.findall(line.lower()) for line in text.splitlines()]
        self._one = Counter(word for line in lines for word in line)
        self._two = Counter(pair for line in lines for pair in pairwise(line))
        self.total = self._one.total()

    def prefetch(self, texts: Iterable[str]) -> None:
        """All is in memory."""

    def of(self, folded: str) -> dict[str, int]:
        return {word: n for word, n in self._one.items() if fold(word) == folded}

    def of_pair(self, first: str, second: str) -> dict[tuple[str, str], int]:
        return {pair: n for pair, n in self._two.items() if (fold(pair[0]), fold(pair[1])) == (first, second)}


SPELLINGS = Counted(CORPUS)
LINES = CORPUS.strip().splitlines()
KNOWN_WELL = Counted(f"{CORPUS}giữ gìn\nhọp ở đâu\n" * 20)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("quan he quoc phong", "quan hệ quốc phòng"),
        ("duong sat", "đường sắt"),
        ("ho duong", "họ dương"),
        ("Quan He Quoc Phong", "Quan Hệ Quốc Phòng"),
        ("bo Quốc phòng", "bộ Quốc phòng"),
        ("đường bo", "đường bộ"),
        ("gin giu hoa binh o nam sudan", "gìn giữ hòa bình ở nam sudan"),
    ],
)
def test_neighbours_decide_between_spellings(typed: str, understood: str) -> None:
    """The same bare syllable becomes another word beside another neighbour, in the case that was typed."""
    restored = restore(typed, SPELLINGS)

    assert restored.text == understood


@pytest.mark.parametrize(
    "typed",
    ["Hoa Kỳ họp", "đường nha", "quan hệ quốc phòng", "BQP họp", "Which bank has the best loan?", "2022", "xyz"],
)
def test_what_may_be_meant_as_typed_is_left_alone(typed: str) -> None:
    """Accents typed elsewhere, words that the corpus lacks, capitals and other languages change nothing."""
    restored = restore(typed, SPELLINGS)

    assert (restored.text, restored.changes) == (typed, ())


@pytest.mark.parametrize("typed", ["Hội nghị İa phương họp ở đâu?", "Hội nghị İA phương họp ở đâu?"])
def test_a_letter_that_lower_case_takes_apart_is_put_together(typed: str) -> None:
    """The dot of "İ" is a mark of its own in lower case; found by fuzzing."""
    restored = restore(typed, SPELLINGS)

    assert restored.text == typed
    assert restored.changes == ()


def test_changes_are_told() -> None:
    """Each changed token, as typed and as understood."""
    restored = restore("bo quốc phòng", SPELLINGS)

    assert restored.changes == (("bo", "bộ"),)


@given(st.sampled_from(LINES), st.data())
def test_whichever_words_are_typed_without_marks(line: str, data: st.DataObject) -> None:
    """All, some or none of a sentence that the corpus knows: it is understood as it stands there."""
    words = [fold(word) if data.draw(st.booleans()) else word for word in line.split()]

    restored = restore(" ".join(words), KNOWN_WELL)

    assert restored.text == line


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("bo Quốc phòng hop o đâu", "bộ Quốc phòng họp ở đâu"),
        ("giu gìn hoa bình", "giữ gìn hòa bình"),
        ("một phan hai cua ky họp", "một phần hai của kỳ họp"),
    ],
)
def test_whoever_leaves_out_some_marks_may_leave_out_any(typed: str, understood: str) -> None:
    """Words that the corpus never has beside these neighbours too, once the others show how they are typed."""
    restored = restore(typed, KNOWN_WELL)

    assert restored.text == understood


@pytest.mark.parametrize(
    "typed",
    ["Hoa Kỳ họp ở đâu", "Bộ Quốc phòng và Hoa Kỳ", "các Duong sự đường bộ", "quan hệ ngoại giao hai bộ quốc gia"],
)
def test_one_bare_word_shows_no_careless_typist(typed: str) -> None:
    """A name that the corpus knows only as another word stays, however often it has that, in an accented question."""
    restored = restore(typed, KNOWN_WELL)

    assert (restored.text, restored.changes) == (typed, ())


def test_a_bare_word_is_meant_where_its_company_has_it() -> None:
    """ "nam" is mostly năm, but behind Việt it is Nam, whatever else was typed without marks."""
    spellings = Counted("năm 2022\n" * 50 + "việt nam có quan hệ với các quốc gia\n" * 5)

    restored = restore("Việt nam co quan hệ voi các quốc gia nam 2022", spellings)

    assert restored.text == "Việt nam có quan hệ với các quốc gia năm 2022"


@given(st.text(st.sampled_from("quaneăộ phòngđ ?.,123ABC"), max_size=40))
def test_only_marks_are_added(typed: str) -> None:
    """Whatever is typed, folding what was understood gives the folded question, and typed accents stay."""
    restored = restore(typed, SPELLINGS)

    assert fold(restored.text) == fold(typed)


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("Which UN mission was deployed?", True),
        ("How many countries does Vietnam have defence relations with?", True),
        ("bo quoc phong", False),
        ("BQP hop o dau", False),
        ("Việt Nam tham gia UNMISS", False),
        ("2022", False),
    ],
)
def test_other_languages_are_told_from_bare_vietnamese(text: str, foreign: bool) -> None:
    """By the share of tokens that no Vietnamese syllable is; abbreviations do not count."""
    assert looks_foreign(text) == foreign

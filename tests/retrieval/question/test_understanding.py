"""The Query: each step is recorded, and none hides what was typed."""

from __future__ import annotations

import unicodedata

import pytest

from retrieval.errors import QuestionError
from retrieval.question.query import Query
from retrieval.question.question_words import without_asking_words
from retrieval.question.understanding import MAX_QUESTION_LENGTH, understand
from tests.retrieval.language.test_diacritic_restoration import Counted

SPELLINGS = Counted(
    """
    bộ quốc phòng tổ chức hội nghị hội nhập quốc tế
    gìn giữ hòa bình lhq tại nam xu đăng
    người và nhiệm vụ của các nước asean
    được tổ chức tại hà nội
    """
)


def steps(query: Query) -> list[tuple[str, str]]:
    return [(step.kind, step.typed) for step in query.steps]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("BQP họp khi nào?", "Bộ Quốc phòng họp khi nào?"),
        ("hoi nghi to chuc o ha noi", "hội nghị tổ chức o hà nội"),
        ("nhiệm vụ của nguwowif", "nhiệm vụ của người"),
        ("hooij nghij toor chuwcs owr ddaau", "hội nghị tổ chức ở đâu"),
        ("ho65i nghi5 to63 chu71c ngay2 na2o", "hội nghị tổ chức ngày nào"),
        ("Hội nghị dc tổ chức ko?", "Hội nghị được tổ chức không?"),
        ("Hội nghị ở đâu?", ""),
        ("  Hội   nghị ở đâu? ", ""),
    ],
)
def test_what_was_searched_for_is_shown_when_it_differs(typed: str, shown: str) -> None:
    """Abbreviations, bare words, Telex leftovers and shorthand are written out; white space is no difference."""
    query = understand(typed, SPELLINGS)

    assert query.searched_text == shown


def test_an_abbreviation_that_the_documents_use_is_kept_first() -> None:
    """ "ASEAN" is what they say: the written-out form is only a second reading."""
    query = understand("Hợp tác với các nước ASEAN", SPELLINGS)

    assert query.readings[0] == "Hợp tác với các nước ASEAN"
    assert len(query.readings) == 2


def test_another_name_is_searched_only_if_the_documents_use_it() -> None:
    """Nam Sudan is written Nam Xu-đăng here; no other of its names is."""
    query = understand("Bệnh viện ở Nam Sudan", SPELLINGS)

    names = [step.understood for step in query.steps if step.kind == "name"]
    assert names == [("Nam Xu-đăng",)]


def test_typed_bare_words_stay_searchable() -> None:
    """What was typed is kept beside what was restored: it may be a name without marks."""
    query = understand("hoi nghi", SPELLINGS)

    assert {"hoi", "hôi5", "nghi", "nghi5"} <= set(query.terms.exact)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("ko dc to chuc hoi nghi", "không được tổ chức hội nghị"),
        ("nhiem vu cua nguwowif", "nhiệm vụ của người"),
    ],
)
def test_marks_that_were_not_typed_show_no_careful_typist(typed: str, understood: str) -> None:
    """Shorthand and raw keystrokes are written out with marks; the rest is as bare as it was."""
    query = understand(typed, SPELLINGS)

    assert query.text == understood


def test_a_foreign_question_is_not_respelled() -> None:
    """English words are no bare Vietnamese, but the field's terms are also asked for in Vietnamese."""
    query = understand("How many people are in the peacekeeping mission?", SPELLINGS)

    assert (query.foreign, query.text) == (True, "How many people are in the peacekeeping mission?")
    assert ("english", "peacekeeping mission") in steps(query)


@pytest.mark.parametrize("question", ["", "   ", "?!", "a" * (MAX_QUESTION_LENGTH + 1), "b\udce0ng"])
def test_what_is_no_question_is_refused(question: str) -> None:
    """Nothing to search for, too much, or no text at all: one sentence with the remedy."""
    with pytest.raises(QuestionError, match=": "):
        understand(question, SPELLINGS)


@pytest.mark.parametrize(
    ("question", "telling"),
    [
        ("Việt Nam có bao nhiêu tỉnh?", "Việt Nam có tỉnh?"),
        ("ai la bo truong", "la bo truong"),
        ("Ái quốc là gì", "Ái quốc"),
        ("gì?", "?"),
    ],
)
def test_asking_words_are_not_searched_for(question: str, telling: str) -> None:
    """ "ai" asks, "Ái" is a name: accents that were typed count."""
    assert without_asking_words(question) == telling


def test_everyday_words_are_searched_for_in_official_ones_too() -> None:
    """Recorded as a step and read once more in official words, but not shown to staff; what was typed stays first."""
    spellings = Counted("thủ trưởng đơn vị cho nghỉ thai sản")

    query = understand("Sếp cho nghỉ đẻ mấy tháng?", spellings)

    assert steps(query) == [("synonym", "Sếp"), ("synonym", "nghỉ đẻ")]
    assert query.official_text == "thủ trưởng cho nghỉ thai sản mấy tháng?"
    assert [synonym[0].folded for synonym in query.synonyms] == [("sep",), ("nghi", "de", "nghi_de")]
    assert (query.readings, query.searched_text) == (("Sếp cho nghỉ đẻ mấy tháng?",), "")


def test_official_words_that_the_documents_lack_are_no_synonyms() -> None:
    """They could only be missed."""
    query = understand("Sếp cho nghỉ đẻ mấy tháng?", SPELLINGS)

    assert (steps(query), query.synonyms, query.official_text) == ([], (), "")


def test_the_words_that_ask_are_none_of_what_is_said() -> None:
    """ "phạt bao nhiêu" is said for "mức phạt", but "bao nhiêu" is looked for in no document."""
    query = understand("phạt bao nhiêu?", Counted("mức phạt tiền"))

    assert query.synonyms[0][0].folded == ("phat",)


def test_a_letter_with_an_accent_that_no_letter_has_is_no_shorthand() -> None:
    """Found by fuzzing: "k" before loose accents was written out as "không", and the accents stood on its "g"."""
    query = understand("Hội nghị k\u0302\u0301t thúc khi nào?", SPELLINGS)

    assert query.text == "Hội nghị kt thúc khi nào?"
    assert unicodedata.is_normalized("NFC", query.text)

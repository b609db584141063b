"""
Courtesies around a question change nothing.
"""

from __future__ import annotations

import pytest

from retrieval.question.courtesy import without_courtesies
from retrieval.question.understanding import understand
from tests.retrieval.language.test_diacritic_restoration import Counted


@pytest.mark.parametrize(
    ("polite", "question"),
    [
        ("Chào bot, cho em hỏi đơn vị có bao nhiêu người ạ?", "đơn vị có bao nhiêu người?"),
        ("chao ad cho minh hoi don vi co bao nhieu nguoi a", "don vi co bao nhieu nguoi"),
        ("Dạ em chào anh ạ. Em muốn hỏi về chế độ thai sản?", "chế độ thai sản?"),
        ("Xin chào, em là Lan, cho em hỏi hồ sơ gồm những gì ạ", "hồ sơ gồm những gì"),
        ("Anh chị cho hỏi hạn nộp là ngày nào vậy ạ, xin cảm ơn", "hạn nộp là ngày nào"),
        ("Nhờ ad giải đáp giúp em thời gian thử việc tối đa ạ", "thời gian thử việc tối đa"),
        ("Hãy cho tôi biết ai ký quyết định. Cảm ơn bạn nhiều nhé!", "ai ký quyết định"),
        ("Could you please tell me who signed it? Thanks!", "who signed it?"),
    ],
)
def test_courtesies_are_taken_away(polite: str, question: str) -> None:
    """Greetings, requests, self-introductions, particles and thanks, also typed without diacritics."""
    assert without_courtesies(polite) == question


@pytest.mark.parametrize(
    "question",
    [
        "Chào hàng cạnh tranh là gì?",
        "hỏi cung bị can là gì",
        "góp phần nâng cao vị thế",
        "bang lai nao la hang a",
        "Ai cho biết tin?",
        "Bác Hồ sinh năm nào?",
        "Con nuôi có được thừa kế không?",
        "xin chào",
        "Em là Lan, học sinh lớp 5",
    ],
)
def test_words_of_the_question_itself_stay(question: str) -> None:
    """What looks like a courtesy may be what is asked about; nothing but courtesies is left as it is."""
    assert without_courtesies(question) == question


def test_a_polite_question_is_understood_as_the_plain_one() -> None:
    """The same text, readings and terms; nothing to show as changed."""
    spellings = Counted("đơn vị có bao nhiêu người")

    polite = understand("Chào bot, cho em hỏi đơn vị có bao nhiêu người ạ?", spellings)

    plain = understand("đơn vị có bao nhiêu người?", spellings)
    assert (polite.text, polite.readings, polite.terms) == (plain.text, plain.readings, plain.terms)
    assert not polite.searched_text


@pytest.mark.parametrize("part", ["anh chị ", "ạ ", ", ", "xin cảm ơn rất ", "chào ", "bao nhieu a "])
def test_a_row_of_courtesies_is_read_in_time_that_grows_with_its_length(part: str) -> None:
    """2,000 characters of them end, where going back over all ways to read them would not."""
    assert without_courtesies("chào " + part * (1990 // len(part)) + "x").endswith("x")

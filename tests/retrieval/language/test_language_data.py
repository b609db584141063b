"""The form of the word lists: composed, without duplicates, spelt as the rules that use them expect."""

import unicodedata

import pytest

from retrieval.language import datafile
from retrieval.language.abbreviation import load_curated, spells
from retrieval.language.analyzer import WORD
from retrieval.language.errors import LanguageDataError
from retrieval.language.shorthand import load_shorthand
from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable
from retrieval.language.variant import english_key, load_variants

# Short forms that are not made of initials of their long form: other languages, words left out, codes.
_NOT_INITIALS = frozenset(
    """TTg PTTg TT-BQP NQ/QUTW BVDC2 TTr BKHĐT BGDĐT BKHCN BTTTT BTNMT BNNPTNT GDĐT GD&ĐT KHCN KH&CN TT&TT
    TN&MT NN&PTNT GDQPAN GDQP&AN BLĐTBXH LĐTBXH CNVQP PCCC NĐ-CP NQ-CP QĐ-TTg CT-TTg QĐ-UBND NQ/TW
    NQ-TW ASEAN ADMM ADMM+ AMM ARF EAS APEC EU UN UNSC UNPKO UNMISS UNISFA MINUSCA UNCLOS COC DOC
    NATO WTO WHO WB IMF ADB FTA ODA FDI GDP BVHTTDL VHTTDL KCB""".split()
)


@pytest.mark.parametrize("name", ["abbreviations.toml", "variants.toml", "shorthand.toml", "phrases.txt"])
def test_files_are_composed_text(name):
    """
    Every list is in NFC, as all text inside the program.
    """
    assert unicodedata.is_normalized("NFC", datafile.read_text(name))


def test_no_abbreviation_stands_twice():
    """
    A short form has one entry.
    """
    shorts = [entry.short for entry in load_curated()]

    assert sorted(set(shorts)) == sorted(shorts)


def test_initials_agree():
    """
    The letters of a Vietnamese short form are the initials of each of its readings.
    """
    wrong = [
        (entry.short, long)
        for entry in load_curated()
        for long in entry.longs
        if entry.short not in _NOT_INITIALS and not spells(entry.short, WORD.findall(long))
    ]

    assert wrong == []


def test_exceptions_are_needed():
    """
    The list of short forms that are no initials holds nothing else.
    """
    needed = {e.short for e in load_curated() if not all(spells(e.short, WORD.findall(x)) for x in e.longs)}

    assert sorted(_NOT_INITIALS - needed) == []


def test_groups_have_names_that_differ():
    """
    Each group of equal names offers at least one spelling that the index tells apart.
    """
    groups = load_variants().groups

    assert [group for group in groups if len({fold(name) for name in group}) < 2] == []


def test_a_name_stands_in_one_group():
    """
    No spelling belongs to two groups.
    """
    names = [name for group in load_variants().groups for name in group]

    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_doubtful_names_are_names():
    """
    The lists that guard everyday words name only what the groups hold.
    """
    data = load_variants()
    names = {name for group in data.groups for name in group}

    assert sorted((data.capital | data.capital_when_bare) - names) == []


def test_terms_are_not_bare_vietnamese():
    """
    No English term could be a question typed without diacritics.
    """
    terms = [english for english, _ in load_variants().terms]

    assert [term for term in terms if all(map(is_syllable, WORD.findall(fold(term))))] == []


def test_no_term_stands_twice():
    """
    A term has one entry, whatever its number and spelling.
    """
    keys = [tuple(map(english_key, WORD.findall(english))) for english, _ in load_variants().terms]

    assert sorted(set(keys)) == sorted(keys)


def test_shorthand_is_no_syllable():
    """
    What is also a Vietnamese word is never read as shorthand.
    """
    assert [typed for typed in load_shorthand() if is_syllable(fold(typed)) or not typed.islower()] == []


def test_phrases_are_accented_lower_case_syllables():
    """
    Every word is counted as a Vietnamese syllable, so the file holds no comment, and no line stands twice.
    """
    lines = [line for line in datafile.read_text("phrases.txt").splitlines() if line]

    assert [word for line in lines for word in line.split() if not is_syllable(fold(word))] == []
    assert [line for line in lines if line != line.lower()] == []
    assert sorted(set(lines)) == sorted(lines)


def test_a_missing_list_is_reported():
    """
    The error names the file.
    """
    with pytest.raises(LanguageDataError, match=r"none\.toml"):
        datafile.read_toml("none.toml")


@pytest.mark.parametrize("content", [{"term": "x"}, {"term": ["x"]}])
def test_a_wrong_list_is_reported(content):
    """
    Entries that are no tables are refused with the form they should have.
    """
    with pytest.raises(LanguageDataError, match=r"\[\[term\]\]"):
        datafile.tables(content, "term", source="variants.toml")

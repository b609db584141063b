"""The form of the word lists: composed, without duplicates, spelt as the rules that use them expect."""

import unicodedata

import pytest

from retrieval.language import data_file
from retrieval.language.abbreviation import load_curated, spells
from retrieval.language.analyzer import WORD
from retrieval.language.errors import LanguageDataError
from retrieval.language.glossary import english_key, load_glossary
from retrieval.language.shorthand import load_shorthand
from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable
from retrieval.language.variant import load_variants

# Short forms that are not made of initials of their long form: other languages, words left out, codes.
_NOT_INITIALS = frozenset(
    """TTg PTTg TT-BQP NQ/QUTW BVDC2 TTr BKHĐT BGDĐT BKHCN BTTTT BTNMT BNNPTNT GDĐT GD&ĐT KHCN KH&CN TT&TT
    TN&MT NN&PTNT GDQPAN GDQP&AN BLĐTBXH LĐTBXH CNVQP PCCC NĐ-CP NQ-CP QĐ-TTg CT-TTg QĐ-UBND NQ/TW
    NQ-TW ASEAN ADMM ADMM+ AMM ARF EAS APEC EU UN UNSC UNPKO UNMISS UNISFA MINUSCA UNCLOS COC DOC
    NATO WTO WHO WB IMF ADB FTA ODA FDI GDP BVHTTDL VHTTDL KCB""".split()
)


@pytest.mark.parametrize(
    "name", ["abbreviations.toml", "variants.toml", "english.toml", "shorthand.toml", "phrases.txt"]
)
def test_files_are_composed_text(name):
    """
    Every list is in NFC, as all text inside the program.
    """
    assert unicodedata.is_normalized("NFC", data_file.read_text(name))


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


def test_english_terms_are_lower_case_and_said_in_vietnamese():
    """
    Each is spelt as it is looked for, and at least one of its wordings is not the same words again.
    """
    terms = [(english, words) for table in load_glossary().terms.values() for english, words in table.items()]

    assert [english for english, _ in terms if english != english.lower() or not WORD.search(english)] == []
    assert [english for english, words in terms if len(set(words)) < len(words) or set(words) <= {english}] == []


def test_an_irregular_form_is_not_found_by_its_verb():
    """
    A line for "held" is needed, one for "signs" beside "sign" would not be: only meanings of their own may share a key.
    """
    own = {"annually", "goods", "parties"}
    verbs = load_glossary().terms["verbs"]

    assert [
        verb for verb in verbs if verb not in own and verb != english_key(verb) and english_key(verb) in verbs
    ] == []


def test_no_term_is_silent():
    """
    A word that says nothing of what is asked for has no Vietnamese wording, unless it is the word that asks.
    """
    data = load_glossary()
    terms = {english for kind, table in data.terms.items() if kind != "asking" for english in table}

    assert sorted(terms & set(data.silent)) == []


def test_shorthand_is_no_syllable():
    """
    What is also a Vietnamese word is never read as shorthand.
    """
    assert [typed for typed in load_shorthand() if is_syllable(fold(typed)) or not typed.islower()] == []


def test_phrases_are_accented_lower_case_syllables():
    """
    Every word is counted as a Vietnamese syllable, so the file holds no comment, and no line stands twice.
    """
    lines = [line for line in data_file.read_text("phrases.txt").splitlines() if line]

    assert [word for line in lines for word in line.split() if not is_syllable(fold(word))] == []
    assert [line for line in lines if line != line.lower()] == []
    assert sorted(set(lines)) == sorted(lines)


def test_a_missing_list_is_reported():
    """
    The error names the file.
    """
    with pytest.raises(LanguageDataError, match=r"none\.toml"):
        data_file.read_toml("none.toml")


@pytest.mark.parametrize("content", [{"term": "x"}, {"term": ["x"]}])
def test_a_wrong_list_is_reported(content):
    """
    Entries that are no tables are refused with the form they should have.
    """
    with pytest.raises(LanguageDataError, match=r"\[\[term\]\]"):
        data_file.tables(content, "term", source="variants.toml")

"""
The glossary: English terms of administration, army, diplomacy and office, with Vietnamese wordings.

Unlike the names in `variant`, an English term counts only in an English question, may be inflected, and is searched for
in Vietnamese only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

from retrieval.language import data_file
from retrieval.language.analyzer import WORD
from retrieval.language.diacritic_restoration import looks_foreign
from retrieval.language.errors import LanguageDataError
from retrieval.language.mention import Mention, MentionFinder
from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable

_SOURCE = "english.toml"

# "asking" words are not searched; neighbouring "words" are reversed in Vietnamese, the rest keep their order.
TermKind = Literal["asking", "verbs", "words", "others"]
KINDS: tuple[TermKind, ...] = ("asking", "words", "verbs", "others")

# One spelling for British and American English. "defense" -> "defence", "organization" -> "organisation"
_BRITISH = (("defens", "defenc"), ("iz", "is"), ("center", "centre"), ("labor", "labour"), ("programme", "program"))
_ENDINGS = ("ing", "ed")
_ENGLISH = 0.34  # a question is English from this share of known English words among its words that are not names
# Marks of an English and of a Vietnamese question, whatever names surround them.
_ASKING = frozenset("what which who whom whose when where why how did does is are was were".split())
_VIETNAMESE = re.compile(r"\b(?:khi nao|la gi|o dau|cua|ai la)\b")


@dataclass(frozen=True, slots=True)
class Term:
    """An English term in the question and its Vietnamese wordings, the likeliest first."""

    start: int
    end: int
    typed: str
    vietnamese: tuple[str, ...]
    kind: TermKind


@dataclass(frozen=True, slots=True)
class GlossaryData:
    """The content of data/english.toml."""

    silent: tuple[str, ...]
    """Stop words."""
    terms: Mapping[TermKind, Mapping[str, tuple[str, ...]]]
    """Vietnamese wordings by English term."""


def load_glossary() -> GlossaryData:
    """The content of data/english.toml."""
    content = data_file.read_toml(_SOURCE)
    return GlossaryData(
        data_file.words(content, "silent", source=_SOURCE), {kind: _terms(content, kind) for kind in KINDS}
    )


def _terms(content: data_file.Table, kind: TermKind) -> dict[str, tuple[str, ...]]:
    """The wordings in one table of the file, in NFC."""
    table = content.get(kind)
    if not isinstance(table, dict):
        raise LanguageDataError(f"{_SOURCE} has a table [{kind}], found {table!r:.80}: add it")
    return {english: data_file.words(table, english, source=_SOURCE) for english in table}


class Glossary:
    """
    The terms of the data file, ready to be found in English questions.

    The file is read at the first word that cannot be Vietnamese: most questions have none, and reading it takes an
    eighth of a new process's time to its first answer.
    """

    @cached_property
    def _data(self) -> GlossaryData:
        return load_glossary()

    @cached_property
    def _silent(self) -> frozenset[str]:
        return frozenset(self._data.silent)

    @cached_property
    def _entries(self) -> dict[str, list[tuple[TermKind, tuple[str, ...]]]]:
        entries = defaultdict(list)
        for kind in KINDS:
            for english, vietnamese in self._data.terms[kind].items():
                entries[english].append((kind, vietnamese))
        return entries

    @cached_property
    def _finder(self) -> MentionFinder:
        return MentionFinder(self._entries, key=english_stem, fits=lambda *_: True)

    def terms(self, text: str) -> list[Term]:
        """
        The English terms in a text with their Vietnamese wordings; longer terms take precedence.

        Example: "Peacekeeping Forces" -> "Peacekeeping Forces": "lực lượng gìn giữ hòa bình"
        """
        return [self._term(mention) for mention in self._finder.find(text)]

    def is_silent(self, word: str) -> bool:
        """Whether a word is a stop word: "the", "does"."""
        return fold(word) in self._silent

    def is_english(self, text: str) -> bool:
        """
        Whether a question is in English, not Vietnamese with foreign names.

        Its names may have diacritics.
        """
        words = WORD.findall(text)
        if words and words[0].lower() in _ASKING and (text.isupper() or not words[0].isupper()):  # "WHO là gì?"
            return True
        if _VIETNAMESE.search(" ".join(map(fold, words))):
            return False
        plain = _beside_names(words) or words
        known = [word for word in plain if not is_syllable(fold(word)) and (self.is_silent(word) or self.terms(word))]
        return bool(known) and (looks_foreign(" ".join(plain)) or len(known) / len(plain) >= _ENGLISH)

    def _term(self, mention: Mention) -> Term:
        """The entry spelled most like what was typed: "parties" before "party", "meeting" before "meet"."""
        typed = mention.typed.lower()
        english = min(mention.names, key=lambda name: (name != typed, _number_key(name) != _number_key(typed)))
        # An inflected form of a noun that is also a verb is the verb: "issued", not "issue".
        inflected = typed.endswith(_ENDINGS) and not english.endswith(_ENDINGS)
        entries = sorted(self._entries[english], key=lambda entry: inflected and entry[0] != "verbs")
        kind: TermKind = "verbs" if inflected else entries[0][0]
        wordings = tuple(dict.fromkeys(words for _, vietnamese in entries for words in vietnamese))
        return Term(mention.start, mention.end, mention.typed, wordings, kind)


@cache
def glossary() -> Glossary:
    """The shipped glossary, read at most once."""
    return Glossary()


def _beside_names(words: list[str]) -> list[str]:
    """
    The uncapitalised words, and the first if only its position capitalises it.

    Example: ["Quy", "định"] -> ["Quy", "định"], ["Phan", "Văn"] -> []
    """
    begins = words[1:2] and words[1].islower()
    return [*(words[:1] if begins and not words[0].islower() else ()), *(word for word in words if word.islower())]


def _number_key(text: str) -> tuple[str, ...]:
    return tuple(english_key(word) for word in WORD.findall(text))


def english_key(word: str) -> str:
    """
    One key for an English word's singular and plural, and British and American spelling.

    Example: "Policies" -> "policy", "defense" -> "defence"
    """
    key = fold(word)
    for american, british in _BRITISH:
        key = key.replace(american, british)
    if key.endswith("ies") and len(key) > 4:
        return f"{key[:-3]}y"
    return key[:-1] if len(key) > 3 and key.endswith("s") and not key.endswith("ss") else key


def english_stem(word: str) -> str:
    """
    A key that also merges the forms of a regular verb.

    Entries that collide are told apart by spelling.

    Example: "regulates", "regulated", "regulating" -> "regulat"; "planned" -> "plan"; "carried" -> "carry"
    """
    key = english_key(word)
    ending = next((ending for ending in _ENDINGS if key.endswith(ending) and len(key) - len(ending) >= 3), "e")
    if len(key) > 3:
        key = key.removesuffix(ending)
    if key.endswith("i"):
        return f"{key[:-1]}y"
    return key[:-1] if len(key) > 3 and key[-1] == key[-2] else key

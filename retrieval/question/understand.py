"""
From what was typed to a Query: one step after another, each recorded, none of them hiding what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice, pairwise, product
from typing import Protocol

from retrieval.errors import QuestionError
from retrieval.language.abbreviation import AbbreviationList, load_curated
from retrieval.language.analyzer import WORD, Terms, analyze
from retrieval.language.keystrokes import decode
from retrieval.language.restore import Spellings, looks_foreign, restore
from retrieval.language.shorthand import expand_shorthand
from retrieval.language.spelling import fold, nfc
from retrieval.language.variant import VariantList, load_variants
from retrieval.question.asking import without_asking_words
from retrieval.question.query import Query, Step

LONGEST = 2_000  # characters; beyond it a text is a document pasted by mistake
_READINGS = 3  # of one question: each costs the encoder's time
_SPACE = re.compile(r"\s+")


class Replacing(Protocol):
    """A stretch of the text and what else it may be."""

    @property
    def start(self) -> int:
        """Offset of its first character."""

    @property
    def end(self) -> int:
        """Offset after its last character."""


def understand(question: str, spellings: Spellings) -> Query:
    """
    The Query in a question; `spellings` are those of the corpus.

    Raises:
        QuestionError: the question has no word, or is too long to be one.
    """
    plain = _accepted(question)
    foreign = looks_foreign(plain)
    text, steps = (plain, []) if foreign else _respelled(plain, spellings)
    readings, also, more = _other_words(text, spellings)
    if foreign:
        translated, terms = _translated(text)
        also, more = [*also, *terms], [*more, *translated]
    return Query(question, text, readings, _terms(plain, text, also), (*steps, *more))


def _accepted(question: str) -> str:
    try:
        question.encode()
    except UnicodeEncodeError:
        raise QuestionError("a question is text in UTF-8, this one is not: set the terminal to UTF-8") from None
    text = _SPACE.sub(" ", nfc(question)).strip()
    if not WORD.search(text):
        raise QuestionError("a question needs at least one word, this one has none: type what you want to know")
    if len(text) > LONGEST:
        raise QuestionError(
            f"a question has at most {LONGEST:,} characters, this one has {len(text):,}: ask about one thing at a time"
        )
    return text


def _respelled(text: str, spellings: Spellings) -> tuple[str, list[Step]]:
    """The same words as they should have been typed."""
    text, replaced = expand_shorthand(text)
    steps = [Step("shorthand", change.typed, (change.understood,)) for change in replaced]
    pieces, position = [], 0
    for word in WORD.finditer(text):
        meant = decode(word[0], lambda syllable: syllable.lower() in spellings.of(fold(syllable)))
        if meant is not None:
            pieces += [text[position : word.start()], meant]
            position = word.end()
            steps.append(Step("keystrokes", word[0], (meant,)))
    restored = restore("".join([*pieces, text[position:]]), spellings)
    steps += [Step("diacritics", typed, (meant,)) for typed, meant in restored.changes]
    return restored.text, steps


def _other_words(text: str, spellings: Spellings) -> tuple[tuple[str, ...], list[str], list[Step]]:
    """The readings of the text with abbreviations written out, other words for its names, and the steps."""
    long = _abbreviations().expansions(text)
    short = _abbreviations().contractions(text)
    names = _names().variants(text)
    steps = [Step("abbreviation", e.short, e.longs) for e in long]
    also = [form for e in long for form in e.longs]
    # A name or a short form is another word for the same thing only where the documents use it.
    for kind, typed, others in (
        *(("short form", text[c.start : c.end], (c.short,)) for c in short),
        *(("name", name.typed, name.others) for name in names),
    ):
        used = tuple(other for other in others if _is_used(other, spellings))
        if used:
            steps.append(Step(kind, typed, used))  # type: ignore[arg-type]  # two literals
            also += used
    return _readings(text, [(e.start, e.end, e.longs) for e in long]), also, steps


def _readings(text: str, places: Sequence[tuple[int, int, tuple[str, ...]]]) -> tuple[str, ...]:
    """The text with each of its abbreviations written out, in the likeliest few combinations."""
    readings = []
    for choice in islice(product(*(longs for _, _, longs in places)), _READINGS):
        pieces, position = [], 0
        for (start, end, _), long in zip(places, choice, strict=True):
            pieces += [text[position:start], long]
            position = end
        readings.append("".join([*pieces, text[position:]]))
    return tuple(dict.fromkeys(readings))


def _translated(text: str) -> tuple[list[Step], list[str]]:
    """Vietnamese words for the English terms of the field, for the lexical channel."""
    found = _names().english_terms(text)
    return [Step("english", term.typed, term.others) for term in found], [o for term in found for o in term.others]


def _terms(typed: str, understood: str, also: Iterable[str]) -> Terms:
    """
    The terms of what was understood and of every other word for it; exact ones also of what was typed, since a
    bare token may be a name that has no marks.
    """
    telling = without_asking_words(understood)
    main = analyze(telling if WORD.search(telling) else understood)
    others = [analyze(words) for words in also]
    exact = [*main.exact, *(t for o in others for t in o.exact), *analyze(without_asking_words(typed)).exact]
    folded = [*main.folded, *(t for o in others for t in o.folded)]
    return Terms(tuple(dict.fromkeys(exact)), tuple(dict.fromkeys(folded)))


def _is_used(words: str, spellings: Spellings) -> bool:
    """Whether the corpus has every syllable of the words, and every two neighbours side by side."""
    keys = [fold(word) for word in WORD.findall(words)]
    pairs = pairwise(keys)
    return all(spellings.of(key) for key in keys) and all(spellings.of_pair(a, b) for a, b in pairs)


@cache
def _abbreviations() -> AbbreviationList:
    return AbbreviationList(load_curated())


@cache
def _names() -> VariantList:
    return VariantList(load_variants())

"""
English questions: their Vietnamese search terms, and a Vietnamese rendering, the gloss.

Word for word, not a translation: terms and names in Vietnamese, stop words dropped, unknown words as typed. The gloss
gives Vietnamese words to the encoder, whose cosines across languages are nearly flat, and to everything that compares
terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.language.analyzer import WORD, Terms, analyze
from retrieval.language.diacritic_restoration import Spellings, restore
from retrieval.language.english_date import english_dates
from retrieval.language.glossary import TermKind, glossary
from retrieval.language.span import without_overlaps
from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable
from retrieval.question.query import Concept
from retrieval.question.wording import Wording, is_used

# The separators inside a noun phrase: "defence policy", "Vietnam's policy", "ministers' meeting".
_ADJACENT = re.compile(r"[\s'’-]+(?:s\s+)?")
# Inside a sentence "when" and "who" are conjunctions: an asking word opens it, or follows a comma, "…, when?".
_OPENING = re.compile(r"(?:^|[^\w\s'’]|\band)\W*(?:\w+\W+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GlossedQuestion:
    """An English question: its wordings, lexical terms and concepts, and its gloss."""

    wordings: tuple[Wording, ...]
    terms: Terms
    concepts: tuple[Concept, ...]
    gloss: str


@dataclass(frozen=True, slots=True)
class _GlossPart:
    """A wording, its part of speech, and its rendering in the gloss."""

    wording: Wording
    kind: TermKind
    gloss: str

    @property
    def start(self) -> int:
        """Where the wording begins."""
        return self.wording.start

    @property
    def end(self) -> int:
        """Where the wording ends."""
        return self.wording.end


def gloss_question(text: str, names: Sequence[Wording], spellings: Spellings) -> GlossedQuestion:
    """
    Render an English question in Vietnamese; `names`: the names and abbreviations found in it.

    Example: "Which decree regulates defence diplomacy?" -> gloss "nghị định quy định đối ngoại quốc phòng"
    """
    parts = _longest([*_names(text, names, spellings), *_dates(text), *_terms(text, spellings)])
    kept = _stretches(text, [part.wording for part in parts])
    found = [analyze(text[start:end]) for start, end in kept]
    return GlossedQuestion(
        wordings=tuple(part.wording for part in parts),
        terms=Terms(
            *(tuple(term for terms in found for term in getattr(terms, field)) for field in ("exact", "folded"))
        ),
        concepts=tuple(_concept(part.wording, spellings) for part in parts if part.kind != "asking"),
        gloss=_gloss(text, [*parts, *_kept(text, kept, spellings)]),
    )


def _names(text: str, names: Iterable[Wording], spellings: Spellings) -> list[_GlossPart]:
    """
    Names as the documents write them.

    The end of an official number ("22/2016/NĐ-CP") is not a name.
    """
    return [
        _GlossPart(name, "words", name.typed if is_used(name.typed, spellings) else name.others[0])
        for name in names
        if not text[: name.start].endswith("/")
    ]


def _dates(text: str) -> list[_GlossPart]:
    """Dates in English words."""
    dates = english_dates(text)
    return [
        _GlossPart(Wording("english", d.start, d.end, d.typed, d.vietnamese), "verbs", d.vietnamese[0]) for d in dates
    ]


def _terms(text: str, spellings: Spellings) -> list[_GlossPart]:
    """Terms with the wordings that the documents use, or with all if they use none."""
    parts = []
    for term in glossary().terms(text):
        if term.kind == "asking" and not opens_clause(text, term.start):
            continue
        used = tuple(words for words in term.vietnamese if is_used(words, spellings)) or term.vietnamese
        parts.append(_GlossPart(Wording("english", term.start, term.end, term.typed, used), term.kind, used[0]))
    return parts


def opens_clause(text: str, start: int) -> bool:
    """Whether a word at `start` opens a clause, perhaps after another word."""
    return _OPENING.search(text, _two_words_before(text, start), start) is not None


def _two_words_before(text: str, start: int) -> int:
    """
    Where the last word but one before `start` begins.

    The opening is looked for no further back: searched from the start of the text, the pattern takes cubic time.
    """
    for _ in range(2):
        while start and not _is_word(text[start - 1]):
            start -= 1
        while start and _is_word(text[start - 1]):
            start -= 1
    return start


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _longest(parts: Iterable[_GlossPart]) -> list[_GlossPart]:
    """The longest of overlapping parts, the first of equally long ones; in text order."""
    longest_first = sorted(parts, key=lambda part: part.start - part.end)
    return sorted(without_overlaps(longest_first), key=lambda part: part.start)


def _concept(wording: Wording, spellings: Spellings) -> Concept:
    """The wordings as terms; the English one only if the documents use it."""
    typed = (analyze(wording.typed),) if wording.kind != "english" or is_used(wording.typed, spellings) else ()
    return (*typed, *map(analyze, wording.others))


def _stretches(text: str, wordings: Sequence[Wording]) -> list[tuple[int, int]]:
    """The spans of content words without a wording, neighbours joined: names, numbers, unknown words."""
    stretches: list[tuple[int, int]] = []
    broken = True
    for word in WORD.finditer(text):
        start, end = word.span()
        if any(w.start < end and start < w.end for w in wordings) or glossary().is_silent(word[0]):
            broken = True
        elif broken:
            stretches.append((start, end))
            broken = False
        else:
            stretches[-1] = (stretches[-1][0], end)
    return stretches


def _kept(text: str, stretches: Iterable[tuple[int, int]], spellings: Spellings) -> list[_GlossPart]:
    """
    The spans as parts, with the diacritics of Vietnamese names.

    Example: "Pham Binh Minh" -> "Phạm Bình Minh"
    """
    parts = []
    for start, end in stretches:
        typed = text[start:end]
        words = WORD.findall(typed)
        is_name = len(words) >= 2 and all(word[0].isupper() and is_syllable(fold(word)) for word in words)
        written = restore(typed, spellings).text if is_name else typed
        parts.append(_GlossPart(Wording("name", start, end, typed, ()), "verbs", written))
    return parts


def _gloss(text: str, parts: Iterable[_GlossPart]) -> str:
    """Join the parts in Vietnamese order: noun phrases are reversed."""
    phrases: list[list[_GlossPart]] = []
    for part in sorted(parts, key=lambda part: part.wording.start):
        if phrases and _of_one_phrase(text, phrases[-1][-1], part):
            phrases[-1].append(part)
        else:
            phrases.append([part])
    return " ".join(part.gloss for phrase in phrases for part in reversed(phrase))


def _of_one_phrase(text: str, before: _GlossPart, part: _GlossPart) -> bool:
    nouns = before.kind == part.kind == "words"
    return nouns and _ADJACENT.fullmatch(text[before.wording.end : part.wording.start]) is not None

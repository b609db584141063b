"""
Abbreviations: curated in an operator's list, and mined from definitions in the corpus.

Official texts define them in brackets: "gìn giữ hòa bình (GGHB)". Only queries are expanded, in both directions;
documents are indexed as written.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from retrieval.language import data_file
from retrieval.language.analyzer import WORD
from retrieval.language.errors import LanguageDataError
from retrieval.language.mention import Mention, MentionFinder, is_shouted, joined
from retrieval.language.spelling import fold, is_bare, nfc
from retrieval.language.syllable import is_syllable

_SOURCE = "abbreviations.toml"
_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_LOOKALIKES = str.maketrans("ÐƉ", "ĐĐ")

_SHORT = r"[A-ZĐƯÂÔƠÊĂ][A-ZĐƯÂÔƠÊĂ0-9]*(?:[-/&][A-ZĐƯÂÔƠÊĂ0-9]+)*"
_CALLED = r"(?i:(?:sau đây )?(?:được )?(?:viết|gọi) (?:(?:tắt|chung) )?(?:là)?\s*:?\s*|(?:viết|gọi) tắt:\s*)?"
_DEFINED = re.compile(rf"\(\s*{_CALLED}[\"“']?({_SHORT})[\"”']?\s*\)")
_EXPLAINED = re.compile(rf"(?<![\w/-])({_SHORT})\s?\(([^()\n]{{3,120}})\)")


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and its readings, the likeliest first."""

    short: str
    longs: tuple[str, ...]
    origin: Literal["curated", "corpus"]
    lower: bool | None = None
    """In lower case: always recognised, never, or (None) unless it is short or looks like a syllable."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """A span of the question that is, or has, a short form."""

    start: int
    end: int
    short: str
    longs: tuple[str, ...]


def load_curated() -> tuple[Abbreviation, ...]:
    """The entries of data/abbreviations.toml, in its order."""
    entries = data_file.tables(data_file.read_toml(_SOURCE), "abbreviation", source=_SOURCE)
    return tuple(_entry(entry) for entry in entries)


def _entry(entry: data_file.Table) -> Abbreviation:
    """One checked entry of the list."""
    short = data_file.word(entry, "short", source=_SOURCE)
    longs = data_file.words(entry, "long", source=_SOURCE)
    data_file.check(len(short) > 1, f"a single letter is no abbreviation, {_SOURCE} has {short!r}: remove it")
    lower = entry.get("lower")
    if lower is not None and not isinstance(lower, bool):
        raise LanguageDataError(f"lower is true or false, {_SOURCE} has {lower!r} for {short}: correct it")
    return Abbreviation(short, longs, "curated", lower)


def mine(texts: Iterable[str]) -> tuple[Abbreviation, ...]:
    """
    Mine the abbreviations that NFC texts define in brackets.

    They have one initial for each syllable, in order.

    Example: "lực lượng gìn giữ hòa bình (GGHB)" -> GGHB: "gìn giữ hòa bình"
    """
    readings: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for text in texts:
        for short, long in set(_definitions(text.translate(_LOOKALIKES))):
            readings[short][_reading_key(long)][long] += 1
    kept = ((short, _reliable(short, readings[short].values())) for short in sorted(readings))
    return tuple(Abbreviation(short, longs, "corpus", _lower_case(longs)) for short, longs in kept if longs)


def defines(text: str) -> bool:
    """Whether a text defines an abbreviation."""
    return next(_definitions(text.translate(_LOOKALIKES)), None) is not None


def _reliable(short: str, spellings: Iterable[Counter[str]]) -> tuple[str, ...]:
    """The readings that enough texts define, each in its most frequent spelling, most frequent first."""
    # Two letters match two initials by chance; in an interview, those of the speaker.
    least = 2 if len(_letters(short)) == 2 else 1
    found = [counted for counted in spellings if counted.total() >= least]
    found.sort(key=lambda counted: (-counted.total(), min(counted)))
    return tuple(min(counted, key=lambda long: (-counted[long], long)) for counted in found)


def _lower_case(longs: Iterable[str]) -> Literal[False] | None:
    """Forms of foreign names are often words in lower case ("add", "met"): then capitals only."""
    vietnamese = (all(is_syllable(fold(word)) for word in WORD.findall(long)) for long in longs)
    return None if any(vietnamese) else False


def _definitions(text: str) -> Iterator[tuple[str, str]]:
    """(short, long) of every definition in a text."""
    for match in _DEFINED.finditer(text):
        if long := _long_form_before(text[max(0, match.start() - 200) : match.start()], match[1]):
            yield match[1], long
    for match in _EXPLAINED.finditer(text):
        words = list(WORD.finditer(match[2]))
        if spells(match[1], [word[0] for word in words]) and joined(match[2], words):
            yield match[1], " ".join(match[2][words[0].start() : words[-1].end()].split())


def _long_form_before(text: str, short: str) -> str | None:
    """The words at the end of a text, if they spell the short form."""
    words = list(WORD.finditer(text))[-len(_letters(short)) :]
    if not spells(short, [word[0] for word in words]) or not joined(text, words):
        return None
    if text[words[-1].end() :].strip("\"”' \u00a0"):
        return None
    return " ".join(text[words[0].start() : words[-1].end()].split())


def _reading_key(long: str) -> str:
    """A key shared by all spellings of one reading: its folded words."""
    return " ".join(map(fold, WORD.findall(long)))


def _letters(short: str) -> str:
    """The letters of a short form; digits and separators stand for no syllable."""
    return "".join(char for char in short.lower() if char.isalpha())


def spells(short: str, words: Sequence[str]) -> bool:
    """
    Whether a short form's letters, at least two, are the initials of all words.

    Example: "QUTW" and "Quân ủy Trung ương" -> True, "BQP" and "Bộ trưởng Quốc phòng" -> False
    """
    letters = _letters(short)
    if not 2 <= len(short) <= 10 or not 2 <= len(letters) == len(words):
        return False
    return all(_begins(word, letter) for letter, word in zip(letters, words, strict=True))


def _begins(word: str, letter: str) -> bool:
    """
    Whether a letter stands for the initial of a word.

    D for đ and W for ư are accepted, Đ for d is not.
    """
    decomposed = unicodedata.normalize("NFD", word[:1].lower())
    initial = nfc("".join(char for char in decomposed if char not in _TONE_MARKS))
    return letter in {initial, fold(initial)} or (letter == "w" and initial == "ư")


class AbbreviationList:
    """Every known abbreviation, the corpus's own readings first."""

    def __init__(self, curated: Iterable[Abbreviation], mined: Iterable[Abbreviation] = ()) -> None:
        self._entries = _merged((*mined, *curated))
        self._by_form: dict[str, list[Abbreviation]] = defaultdict(list)
        self._by_long: dict[str, list[Abbreviation]] = defaultdict(list)
        for entry in self._entries:
            self._by_form[_form(entry.short)].append(entry)
            for long in entry.longs if _is_telling(entry) else ():
                self._by_long[long].append(entry)
        self._shorts = MentionFinder((e.short for e in self._entries), key=fold, fits=lambda *_: True)
        self._longs = MentionFinder(self._by_long)

    def expansions(self, text: str) -> list[Expansion]:
        """
        The abbreviations in a text, as whole words, with every reading; longer ones take precedence.

        Example: "bqp" -> BQP: "Bộ Quốc phòng"; "TT" -> TT: "thông tư", "Thủ tướng", "trung tâm"
        """
        mentions = self._shorts.find(text, accept=lambda mention: bool(self._readings(text, mention)))
        return [self._expansion(text, mention) for mention in mentions]

    def contractions(self, text: str) -> list[Expansion]:
        """
        The long forms in a text, accented or bare, with the short form of each.

        Example: "gin giu hoa binh" -> GGHB: "gìn giữ hòa bình"
        """
        return [
            Expansion(mention.start, mention.end, entry.short, (long,))
            for mention in self._longs.find(text)
            for long in mention.names
            for entry in self._by_long[long]
        ]

    def _expansion(self, text: str, mention: Mention) -> Expansion:
        """The expansion of an accepted mention, including a plus sign after it."""
        entries = self._readings(text, mention)
        end = mention.end + entries[0].short.endswith("+")
        longs = _unique((long for entry in entries for long in entry.longs), key=_reading_key)
        return Expansion(mention.start, end, entries[0].short, longs)

    def _readings(self, text: str, mention: Mention) -> list[Abbreviation]:
        """
        The entries that a mention may stand for.

        Tries "ADMM+" before "ADMM", and the exact form before others.
        """
        if mention.typed.islower() and text[max(0, mention.start - 1) : mention.start] in {".", "@"}:
            return []  # the end of an address, as in mod.gov.vn
        plus = text[mention.end : mention.end + 1] == "+"
        for typed in (f"{mention.typed}+", mention.typed)[not plus :]:
            if read := _matching_entries(self._by_form.get(_form(typed), ()), typed, shouted=is_shouted(text)):
                return read
        return []


@cache
def curated_list() -> AbbreviationList:
    """The curated abbreviations alone, read once."""
    return AbbreviationList(load_curated())


def _matching_entries(entries: Sequence[Abbreviation], typed: str, *, shouted: bool) -> list[Abbreviation]:
    """The entries spelled exactly as typed, else those that the typed form may mean."""
    words = WORD.findall(typed)
    bare = [fold(word) for word in words]
    plain = all(map(is_syllable, bare))
    if not (shouted and plain):
        exact = [e for e in entries if words in (WORD.findall(e.short), WORD.findall(e.short.upper()))]
        if exact:
            return exact
    long_enough = sum(map(len, bare)) >= 3 or typed.isupper()
    return [
        e
        for e in entries
        if (is_bare(typed) or _lower_words(e.short) == _lower_words(typed))
        and (e.lower or (e.lower is None and long_enough and not plain))
    ]


def _form(short: str) -> str:
    """A key shared by all ways to type an abbreviation: "TP.HCM", "tp hcm", "TP-HCM"."""
    return " ".join(map(fold, WORD.findall(short))) + ("+" if short.endswith("+") else "")


def _lower_words(short: str) -> list[str]:
    """The words of a short form in lower case."""
    return WORD.findall(short.translate(_LOOKALIKES).lower())


def _is_telling(entry: Abbreviation) -> bool:
    """Whether the short form in a document identifies its reading."""
    if entry.origin == "corpus":  # one text's own short form, which may be anything in another
        return len(_letters(entry.short)) >= 3 and not is_syllable(fold(entry.short))
    return len(entry.longs) == 1 or len(entry.short) >= 3


def _merged(entries: Iterable[Abbreviation]) -> tuple[Abbreviation, ...]:
    """Merge entries by short form, keeping the order of readings; curated `lower` outranks mined."""
    merged: dict[str, Abbreviation] = {}
    for entry in entries:
        known = merged.get(entry.short, entry)
        lower = entry.lower if known.lower is None or known.origin == "corpus" else known.lower
        merged[entry.short] = replace(entry, longs=_unique((*known.longs, *entry.longs)), lower=lower)
    return tuple(merged.values())


def _unique(longs: Iterable[str], key: Callable[[str], str] = str.lower) -> tuple[str, ...]:
    """The readings in order, the first of those with equal keys."""
    kept: dict[str, str] = {}
    for long in longs:
        kept.setdefault(key(long), long)
    return tuple(kept.values())

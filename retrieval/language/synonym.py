"""
Everyday words in a question and the official ones that documents have for them: "nghỉ đẻ", "nghỉ thai sản".

Apart from `variant`, whose names mean the same and count alike in both directions: these words mean nearly the same, so
only what is said finds what is written, and a match counts for less than one of what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from retrieval.language import data_file
from retrieval.language.analyzer import WORD
from retrieval.language.mention import Mention, MentionFinder
from retrieval.language.spelling import exact_key, fold, nfc

SYNONYM_WEIGHT = 0.7  # of a match in official words against one of what was typed
_SOURCE = "synonyms.toml"
_TRAPS = "traps"


@dataclass(frozen=True, slots=True)
class Synonym:
    """Everyday words typed in the question and the official ones for them, the likeliest first."""

    start: int
    end: int
    typed: str
    official: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SynonymData:
    """What data/synonyms.toml holds."""

    official: Mapping[str, tuple[str, ...]]
    """Official words by everyday ones."""
    traps: tuple[str, ...]
    """Longer words in which everyday ones are something else, such as "lương thực"."""


def load_synonyms() -> SynonymData:
    """The content of data/synonyms.toml."""
    content = data_file.read_toml(_SOURCE)
    official: dict[str, tuple[str, ...]] = {}
    for domain in content.keys() - {_TRAPS}:
        (entries,) = data_file.tables({domain: [content[domain]]}, domain, source=_SOURCE)
        for said in entries:
            words = tuple(map(nfc, data_file.words(entries, said, source=_SOURCE)))
            for one in map(nfc, said.split("|")):
                key = one.strip()
                data_file.check(
                    bool(WORD.search(key)), f'{_SOURCE} has words around each "|", found {said!r}: correct it'
                )
                data_file.check(
                    key not in official, f"{_SOURCE} has each word once, found {key!r} twice: join the entries"
                )
                official[key] = words
    return SynonymData(official, tuple(map(nfc, data_file.words(content, _TRAPS, source=_SOURCE))))


class SynonymList:
    """The words of the data file, ready to be found in questions."""

    def __init__(self, data: SynonymData) -> None:
        self._written = data.official
        self._finder = MentionFinder((*data.official, *data.traps))

    def synonyms(self, text: str) -> list[Synonym]:
        """
        The everyday words in a text with the official ones, the longest first.
        Example: "Nghỉ đẻ mấy tháng?" -> "Nghỉ đẻ": "nghỉ thai sản", "thai sản", "chế độ thai sản"
        """
        mentions = self._finder.find(text, accept=_is_sure)
        return [found for mention in mentions if (found := self._synonym(mention)).official]

    def _synonym(self, mention: Mention) -> Synonym:
        """The official words, without those that hold what was typed or are part of it: it finds them by itself."""
        typed = _comparison_key(mention.typed)
        words = dict.fromkeys(official for said in mention.names for official in self._written.get(said, ()))
        others = tuple(official for official in words if not _overlap(_comparison_key(official), typed))
        return Synonym(mention.start, mention.end, mention.typed, others)


def _is_sure(mention: Mention) -> bool:
    """Whether it cannot as well be another word: one bare syllable may be any of three on average."""
    return " " in mention.typed.strip() or any(exact_key(mention.typed) == exact_key(name) for name in mention.names)


def _overlap(one: str, other: str) -> bool:
    return f" {one} " in f" {other} " or f" {other} " in f" {one} "


def _comparison_key(words: str) -> str:
    return " ".join(map(fold, WORD.findall(words)))


@cache
def synonym_list() -> SynonymList:
    """The shipped synonyms, read once."""
    return SynonymList(load_synonyms())

"""
Synonyms: everyday words in a question and their official equivalents in documents.

"nghỉ đẻ" finds "nghỉ thai sản". Unlike the names in `variant` they mean only nearly the same, so the official words do
not find the everyday ones, and a match counts for less than one with the typed words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from retrieval.language import data_file
from retrieval.language.analyzer import WORD
from retrieval.language.mention import Mention, MentionFinder
from retrieval.language.spelling import exact_key, fold, nfc

SYNONYM_WEIGHT = 0.7  # of a match with official words, against one with the typed words
_SOURCE = "synonyms.toml"
_TRAPS = "traps"


@dataclass(frozen=True, slots=True)
class Synonym:
    """Everyday words in the question and their official equivalents, the likeliest first."""

    start: int
    end: int
    typed: str
    official: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SynonymData:
    """The content of data/synonyms.toml."""

    official: Mapping[str, tuple[str, ...]]
    """Official words by everyday words."""
    traps: tuple[str, ...]
    """Longer words that contain everyday ones with another meaning, such as "lương thực"."""


def load_synonyms() -> SynonymData:
    """The content of data/synonyms.toml."""
    content = data_file.read_toml(_SOURCE)
    official: dict[str, tuple[str, ...]] = {}
    for domain in content.keys() - {_TRAPS}:
        entries = data_file.table(content, domain, source=_SOURCE)
        for everyday in entries:
            words = data_file.words(entries, everyday, source=_SOURCE)
            for one in map(nfc, everyday.split("|")):
                key = one.strip()
                data_file.check(
                    bool(WORD.search(key)), f'{_SOURCE} has words around each "|", found {everyday!r}: correct it'
                )
                data_file.check(
                    key not in official, f"{_SOURCE} has each word once, found {key!r} twice: join the entries"
                )
                official[key] = words
    return SynonymData(official, data_file.words(content, _TRAPS, source=_SOURCE))


class SynonymList:
    """The words of the data file, ready to be found in questions."""

    def __init__(self, data: SynonymData) -> None:
        self._written = data.official
        self._finder = MentionFinder((*data.official, *data.traps))

    def synonyms(self, text: str) -> list[Synonym]:
        """
        The everyday words in a text with their official equivalents; longer ones take precedence.

        Example: "Nghỉ đẻ mấy tháng?" -> "Nghỉ đẻ": "nghỉ thai sản", "thai sản", "chế độ thai sản"
        """
        mentions = self._finder.find(text, accept=_is_sure)
        return [found for mention in mentions if (found := self._synonym(mention)).official]

    def _synonym(self, mention: Mention) -> Synonym:
        """The official words, without those that contain what was typed or are contained in it."""
        typed = _comparison_key(mention.typed)
        words = dict.fromkeys(official for said in mention.names for official in self._written.get(said, ()))
        others = tuple(official for official in words if not _overlap(_comparison_key(official), typed))
        return Synonym(mention.start, mention.end, mention.typed, others)


def _is_sure(mention: Mention) -> bool:
    """Whether it cannot be another word: one bare syllable has three spellings on average."""
    return " " in mention.typed.strip() or any(exact_key(mention.typed) == exact_key(name) for name in mention.names)


def _overlap(one: str, other: str) -> bool:
    return f" {one} " in f" {other} " or f" {other} " in f" {one} "


def _comparison_key(words: str) -> str:
    return " ".join(map(fold, WORD.findall(words)))


@cache
def synonym_list() -> SynonymList:
    """The shipped synonyms, read once."""
    return SynonymList(load_synonyms())

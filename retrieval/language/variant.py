"""
Variants: other names of states, places and bodies.

Applied to queries only, and shown to the user. Short country names are also everyday words (Ý, Áo, Pháp), so they count
only when typed as names.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from retrieval.language import data_file
from retrieval.language.analyzer import WORD
from retrieval.language.mention import Mention, MentionFinder, is_shouted
from retrieval.language.spelling import fold, is_bare
from retrieval.language.syllable import is_syllable

_SOURCE = "variants.toml"
_COUNTRY = re.compile(r"\bn(?:ướ|uo)c\s$", re.IGNORECASE)

# In "Việt Nam - Nga", a list of names, the capitals are meaningful.
_LISTED = re.compile(r"[-–,]")


@dataclass(frozen=True, slots=True)
class Variant:
    """A name in the question and the other names of the same thing."""

    start: int
    end: int
    typed: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VariantData:
    """The content of data/variants.toml."""

    groups: tuple[tuple[str, ...], ...]
    capital: frozenset[str]
    """Names that are also everyday words: names only when capitalised or after "nước"."""
    capital_when_bare: frozenset[str]
    """Names that are everyday words once bare; names of one syllable always are."""
    traps: tuple[str, ...]
    """Longer words that contain a name but are not one, such as "Pháp luật"."""
    home: frozenset[str]
    """Names that documents leave out as understood."""
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the name of a place or body: those within it."""


def load_variants() -> VariantData:
    """The content of data/variants.toml."""
    content = data_file.read_toml(_SOURCE)
    return VariantData(
        groups=tuple(
            data_file.words(entry, "names", source=_SOURCE)
            for entry in data_file.tables(content, "variant", source=_SOURCE)
        ),
        capital=frozenset(data_file.words(content, "capital", source=_SOURCE)),
        capital_when_bare=frozenset(data_file.words(content, "capital_when_bare", source=_SOURCE)),
        traps=data_file.words(content, "traps", source=_SOURCE),
        home=frozenset(data_file.words(content, "home", source=_SOURCE)),
        parts={
            data_file.word(entry, "name", source=_SOURCE): data_file.words(entry, "parts", source=_SOURCE)
            for entry in data_file.tables(content, "whole", source=_SOURCE)
        },
    )


class VariantList:
    """The names of the data file, ready to be found in questions."""

    def __init__(self, data: VariantData) -> None:
        self._data = data
        self._groups: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for group in data.groups:
            for name in group:
                self._groups[name].append(group)
        self._parts = {_comparison_key(whole): parts for whole, parts in data.parts.items()}
        self._names = MentionFinder((*self._groups, *data.traps))

    def variants(self, text: str) -> list[Variant]:
        """
        The names in a text with their other names; longer names take precedence.

        Example: "o Nam Sudan" -> "Nam Sudan": "Nam Xu-đăng", "South Sudan"
        """
        mentions = self._names.find(text, accept=lambda mention: self._is_name(text, mention))
        return [found for mention in mentions if (found := self._variant(mention)).others]

    def is_home(self, variant: Variant) -> bool:
        """Whether documents leave the name out as understood."""
        names = {_comparison_key(name) for name in (variant.typed, *variant.others)}
        return any(_comparison_key(name) in names for name in self._data.home)

    def parts(self, variant: Variant) -> tuple[str, ...]:
        """
        The names of what lies within the named place or body, and within that.

        Example: "châu Phi" -> "Nam Xu-đăng", "Nam Sudan", "South Sudan", "Gia-ba", …
        """
        found: dict[str, None] = {}
        waiting = [variant.typed, *variant.others]
        while waiting:
            for part in self._parts.get(_comparison_key(waiting.pop()), ()):
                names = [name for group in self._groups.get(part, [(part,)]) for name in group]
                waiting += [name for name in names if name not in found]
                found.update(dict.fromkeys(names))
        return tuple(found)

    def _variant(self, mention: Mention) -> Variant:
        """The other names, without those that fold to the typed one."""
        typed = _comparison_key(mention.typed)
        names = {name: None for key in mention.names for group in self._groups[key] for name in group}
        others = tuple(name for name in names if _comparison_key(name) != typed)
        return Variant(mention.start, mention.end, mention.typed, others)

    def _is_name(self, text: str, mention: Mention) -> bool:
        """
        Whether a mention is a name and not an everyday word.

        A trap is always accepted.
        """
        if _COUNTRY.search(text[: mention.start]):
            return True
        capital = _is_capitalised(mention.typed) and _capitals_tell(text)
        return any(
            self._stands_small(name, mention.typed) or (capital and not _only_opens(text, mention, name))
            for name in mention.names
        )

    def _stands_small(self, name: str, typed: str) -> bool:
        """Whether a name is recognised in lower case."""
        if name in self._data.capital:
            return False
        doubtful = is_syllable(fold(name)) or name in self._data.capital_when_bare
        return not (doubtful and is_bare(typed))


@cache
def variant_list() -> VariantList:
    """The shipped variants, read once."""
    return VariantList(load_variants())


def _is_capitalised(text: str) -> bool:
    """Whether every word begins with a capital."""
    return all(word[0].isupper() for word in WORD.findall(text))


def _capitals_tell(text: str) -> bool:
    """Whether capitals are meaningful: not in a question IN CAPITALS or In Title Case."""
    heading = _is_capitalised(text) and len(WORD.findall(text)) >= 2 and not _LISTED.search(text)
    return not (heading or is_shouted(text))


def _only_opens(text: str, mention: Mention, name: str) -> bool:
    """Whether a bare syllable may be capitalised only as the sentence's first word: "Lao dong"."""
    opens = not WORD.search(text[: mention.start]) and is_syllable(fold(name))
    return opens and is_bare(mention.typed) and not is_bare(name)


def _comparison_key(name: str) -> tuple[str, ...]:
    """The folded words of a name."""
    return tuple(map(fold, WORD.findall(name)))

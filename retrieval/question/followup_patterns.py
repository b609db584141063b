"""
Match a question's words against the follow-up patterns of data/followups.toml.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from retrieval.language import data_file
from retrieval.language.analyzer import WORD
from retrieval.language.spelling import exact_key, folded_key, is_bare

_SOURCE = "followups.toml"
_LONGEST_END = 8  # words: more than any closing particles or "thì như thế nào"
_SLOT = re.compile(r"\{(\w+)\}")
# Lists composed of others: words that name nothing; asked of a thing; definable.
_JOINT = {
    "closed": ("asks", "acts", "filler", "named"),
    "light": ("asks", "filler", "named"),
    "asked_of": ("whose", "what"),
    "about": ("what", "filler", "named"),
}

Phrase = tuple[str, ...]  # the keys of its words


class WordLists:
    """
    The word lists of one language, and the forms matched with them.

    A form is a sequence of list names, each matching any entry, with "*" for any number and "?" for at most one; "."
    matches any word.
    Example: "filler* asks" fits "do ai" and "bao nhiêu người"
    """

    def __init__(self, language: str, *, bare: bool) -> None:
        self.language = language
        self.bare = bare
        self._key: Callable[[str], str] = folded_key if bare else exact_key
        lists = _with_joint_lists(_read(language), bare=bare)
        self._by_first = {name: _by_first(self._phrases(lists, name)) for name in lists}

    def fits(self, forms: str, words: Sequence[str]) -> bool:
        """Whether all the words match one of the forms, which are separated by "|"."""
        keys = self._keys(words)
        return any(len(keys) in self._ends(form, keys) for form in forms.split("|"))

    def opening(self, form: str, words: Sequence[str]) -> int:
        """How many of the first words match a form."""
        return max(self._ends(form, self._keys(words)), default=0)

    def closing(self, form: str, words: Sequence[str]) -> int:
        """How many of the last words match a form."""
        keys = self._keys(words)
        return next((n for n in range(min(len(keys), _LONGEST_END), 0, -1) if n in self._ends(form, keys[-n:])), 0)

    def _keys(self, words: Sequence[str]) -> Phrase:
        return tuple(map(self._key, words))

    def _ends(self, form: str, keys: Phrase) -> set[int]:
        """The numbers of words after which a form starting at the first may end."""
        ends = {0}
        for step in form.split():
            reached = self._after(step.rstrip("*?"), ends, keys)
            if step.endswith("*"):
                while not reached <= ends:
                    ends |= reached
                    reached = self._after(step[:-1], reached, keys)
            else:
                ends = ends | reached if step.endswith("?") else reached
        return ends

    def _after(self, name: str, starts: set[int], keys: Phrase) -> set[int]:
        """Where entries of a list end that begin at one of the starts."""
        if name == ".":
            return {start + 1 for start in starts if start < len(keys)}
        entries = self._by_first.get(name, {})
        return {
            start + len(entry)
            for start in starts
            if start < len(keys)
            for entry in entries.get(keys[start], ())
            if keys[start : start + len(entry)] == entry
        }

    def _phrases(self, lists: Mapping[str, Sequence[str]], name: str) -> set[Phrase]:
        """The entries of a list, with their slots filled in every way."""
        found = set()
        for entry in lists[name]:
            slots = dict.fromkeys(_SLOT.findall(entry))
            for filling in product(*(lists[slot] for slot in slots)):
                filled = entry.format(**dict(zip(slots, filling, strict=True)))
                found.add(self._keys(filled.split()))
        return found


@dataclass(frozen=True, slots=True)
class Parse:
    """One parse of a question: all or some words, and its language's lists."""

    words: tuple[re.Match[str], ...]
    lists: WordLists
    joined: bool  # preceded by a joint such as "thế" or "and"
    ending: str  # "?" or ""

    @property
    def phrase(self) -> str:
        """The words as they were typed."""
        return self.words[0].string[self.words[0].start() : self.words[-1].end()]

    @property
    def text(self) -> str:
        """The words as written inside a sentence, with the question mark."""
        phrase = self.phrase
        shouted = phrase.isupper() and len(self.words) > 1
        return f"{phrase if shouted else phrase[0].lower() + phrase[1:]}{self.ending}"

    def without(self, first: int = 0, last: int = 0) -> Parse:
        """Drop some of the first and last words; at least one must remain."""
        return replace(self, words=self.words[first : len(self.words) - last])

    def fits(self, forms: str) -> bool:
        """Whether all words match one of the forms."""
        return self.lists.fits(forms, self._typed)

    def opening(self, form: str) -> int:
        """How many of the first words match a form; never all of them."""
        n = self.lists.opening(form, self._typed)
        return n if n < len(self.words) else 0

    def closing(self, form: str) -> int:
        """How many of the last words match a form; never all of them."""
        return self.lists.closing(form, self._typed[1:])

    @property
    def _typed(self) -> tuple[str, ...]:
        return tuple(word[0] for word in self.words)


def parses(question: str) -> Iterator[Parse]:
    """
    The parses of a question in each possible language, the shortest core first.

    Whoever types diacritics types them all: only in a question without any does "con" stand for "còn", and only such
    a question may be English.
    """
    words = tuple(WORD.finditer(question))
    if not words:
        return
    bare = all(is_bare(word[0]) for word in words)
    ending = "?" if question.rstrip().endswith("?") else ""
    for lists in (word_lists(bare=True), word_lists("english")) if bare else (word_lists(),):
        whole = Parse(words, lists, joined=False, ending=ending)
        before, after = whole.opening("before*"), whole.closing("after*")
        for first, last in dict.fromkeys(((before, after), (before, 0), (0, after), (0, 0))):
            if first + last < len(words):
                yield replace(whole.without(first, last), joined=first > 0)


@cache
def word_lists(language: str = "vietnamese", *, bare: bool = False) -> WordLists:
    """The lists of a language; `bare`: for comparing with words without diacritics."""
    return WordLists(language, bare=bare)


def _with_joint_lists(lists: Mapping[str, Sequence[str]], *, bare: bool) -> Mapping[str, Sequence[str]]:
    """The lists, and those composed of several."""
    sure = [phrase for phrase in lists["pointing"] if phrase not in lists.get("doubtful", ())]
    full = {**lists, "sure": sure, "named": sure if bare else lists["pointing"]}
    return {**full, **{joint: [phrase for name in names for phrase in full[name]] for joint, names in _JOINT.items()}}


def _read(language: str) -> dict[str, tuple[str, ...]]:
    table = data_file.table(data_file.read_toml(_SOURCE), language, source=_SOURCE)
    return {name: data_file.words(table, name, source=_SOURCE) for name in table}


def _by_first(phrases: Iterable[Phrase]) -> dict[str, list[Phrase]]:
    """Phrases by their first words."""
    found: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        found[phrase[0]].append(phrase)
    return found

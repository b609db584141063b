"""
The texts whose spellings a question will need, fetched at once.

More than are needed, since what is needed second depends on what was found first. A spelling that is not among them is
looked up by itself, and the answer is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval.language.analyzer import WORD
from retrieval.language.glossary import glossary
from retrieval.language.keystrokes import decode
from retrieval.language.shorthand import expand_shorthand
from retrieval.language.span import replace_spans
from retrieval.language.synonym import Synonym
from retrieval.question.wording import Wording


def possible_texts(typed: str, previous: str) -> Iterator[str]:
    """The texts that a question may mean: as typed, and decoded from raw keystrokes."""
    yield previous
    for text in (typed, expand_shorthand(typed)[0]):
        meant: list[tuple[int, int, str]] = []
        for word in WORD.finditer(text):
            decoded = _decodings(word[0])
            yield from decoded
            meant += [(*word.span(), each) for each in decoded[:1]]
        yield text
        yield replace_spans(text, meant)


def listed_words(text: str, named: Sequence[Wording], everyday: Sequence[Synonym], *, english: bool) -> Iterator[str]:
    """The words of the shipped lists that count only where the documents use them."""
    for wording in named:
        yield from (wording.typed, *wording.others)
    for synonym in everyday:
        yield from synonym.official
    for term in glossary().terms(text) if english else ():
        yield from (term.typed, *term.vietnamese)


def _decodings(word: str) -> list[str]:
    """The syllables that a word may be if it is raw keystrokes."""
    tried: list[str] = []

    def note(syllable: str) -> bool:
        tried.append(syllable)
        return False

    decode(word, note)
    return tried

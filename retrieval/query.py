"""
The Query: what was typed, what was understood, and what is searched for.

Apart from the channels because the reader is told what was understood, and because every rule about questions
lives here and none about documents does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.errors import QuestionError
from retrieval.language.analyzer import WORD, Terms, analyze
from retrieval.language.restore import Restored, Spellings, restore
from retrieval.language.spelling import exact_key, folded_key, is_bare, nfc

LONGEST = 2_000  # characters; beyond it a text is a document pasted by mistake
_SPACE = re.compile(r"\s+")

# The words that make a sentence a question say nothing about its answer, and in a small corpus they are rare,
# so BM25 would take them for the most telling ones. Longest first.
_ASKING = tuple(
    tuple(phrase.split())
    for phrase in (
        "như thế nào",
        "đúng hay sai",
        "là bao nhiêu",
        "bao nhiêu",
        "thế nào",
        "ra sao",
        "tại sao",
        "vì sao",
        "ở đâu",
        "khi nào",
        "bao giờ",
        "những gì",
        "là gì",
        "về gì",
        "là ai",
        "hay không",
        "phải không",
        "gì",
        "nào",
        "ai",
    )
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question, ready to be searched."""

    typed: str
    text: str  # NFC, white space collapsed
    restored: Restored  # with the diacritics that were left out
    terms: Terms  # what the lexical channel is given: folded ones from `text`, exact ones from both

    @property
    def readings(self) -> tuple[str, ...]:
        """What the encoder is given; the best reading of a passage counts."""
        return (self.restored.text,)

    def understood(self) -> dict[str, object]:
        """What JSON output shows: what was searched for, what was changed to get there, and the terms."""
        return {
            "text": self.restored.text,
            "restored": [list(change) for change in self.restored.changes],
            "terms": list(self.terms.folded),
        }


def understand(question: str, spellings: Spellings) -> Query:
    """
    The Query in a question, its missing diacritics restored from `spellings`.

    Raises:
        QuestionError: the question has no word, or is too long to be one.
    """
    text = _SPACE.sub(" ", nfc(question)).strip()
    if not WORD.search(text):
        raise QuestionError("a question needs at least one word, this one has none: type what you want to know")
    if len(text) > LONGEST:
        raise QuestionError(
            f"a question has at most {LONGEST:,} characters, this one has {len(text):,}: ask about one thing at a time"
        )
    restored = restore(text, spellings)
    typed, understood = _searched(text), _searched(restored.text)
    # What was typed is kept beside what was restored: a bare token may be a name that has no marks.
    extra = tuple(term for term in typed.exact if term not in understood.exact) if restored.changes else ()
    return Query(question, text, restored, Terms(exact=understood.exact + extra, folded=understood.folded))


def _searched(text: str) -> Terms:
    """The terms of the text without its asking words, or of all of it when nothing else is there."""
    telling = without_asking_words(text)
    return analyze(telling if WORD.search(telling) else text)


def without_asking_words(text: str) -> str:
    """
    The text without the words that only ask; bare words count as any of their spellings, accented ones as typed.
    Example: "Việt Nam có bao nhiêu tỉnh?" -> "Việt Nam có tỉnh?"
    """
    words = list(WORD.finditer(text))
    kept: list[str] = []
    position = i = 0
    while i < len(words):
        length = _asking_length([word[0] for word in words[i : i + 3]])
        if length:
            kept.append(text[position : words[i].start()].rstrip())
            position = words[i + length - 1].end()
        i += length or 1
    return "".join([*kept, text[position:]]).strip()


def _asking_length(words: list[str]) -> int:
    """How many of the first words are a phrase of _ASKING, 0 when none are."""
    for phrase in _ASKING:
        pairs = list(zip(words, phrase, strict=False))
        if len(pairs) == len(phrase) and all(_same(word, asking) for word, asking in pairs):
            return len(phrase)
    return 0


def _same(word: str, asking: str) -> bool:
    return exact_key(word) == exact_key(asking) or (is_bare(word) and folded_key(word) == folded_key(asking))

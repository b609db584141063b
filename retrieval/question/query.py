"""
The Query: what was typed, what was understood and why, and what is searched for.

Apart from `understand`, which makes it, because everything after it needs the noun and not the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retrieval.language.analyzer import Terms, analyze

StepKind = Literal[
    "shorthand", "keystrokes", "diacritics", "abbreviation", "short form", "name", "synonym", "english", "follow-up"
]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was understood: `typed` may also mean each of `understood`."""

    kind: StepKind
    typed: str
    understood: tuple[str, ...]


Concept = tuple[Terms, ...]  # the wordings of one thing, the one that was typed first


@dataclass(frozen=True, slots=True)
class Query:
    """A question, ready to be searched."""

    typed: str
    text: str  # what was understood: NFC, white space collapsed, diacritics restored, shorthand written out
    readings: tuple[str, ...]  # what the encoder is given; the best reading of a passage counts
    terms: Terms  # what the lexical channel is given
    concepts: tuple[Concept, ...]  # and what it is given in several wordings, of which the best one counts
    steps: tuple[Step, ...]
    foreign: bool = False  # not in Vietnamese: its words are not those of the documents
    gloss: str = ""  # the reading in Vietnamese words, of a question in English
    synonyms: tuple[Concept, ...] = ()  # everyday words, then the official ones for them, whose matches count for less
    official_text: str = ""  # the text in the official words, if there are any
    names: tuple[tuple[str, ...], ...] = ()  # states, places, bodies that an answer must name: each one's wordings

    @property
    def match_terms(self) -> tuple[str, ...]:
        """Every folded term, of every wording but synonyms: what a passage is compared with."""
        return (*self.terms.folded, *(term for concept in self.concepts for w in concept for term in w.folded))

    @property
    def highlight_terms(self) -> Terms:
        """What an answering sentence is looked for by: of synonyms what was typed and the likeliest official words."""
        if self.gloss:
            return analyze(self.gloss)
        likely = [wording for synonym in self.synonyms for wording in synonym[:2]]
        return Terms(
            (*self.terms.exact, *(term for wording in likely for term in wording.exact)),
            (*self.terms.folded, *(term for wording in likely for term in wording.folded)),
        )

    @property
    def context(self) -> str:
        """
        What to give as `previous` with the next question: this one in full, so that a chain of follow-ups carries its
        context on, and with its marks, since those of a bare question are not told apart beside an accented one.
        """
        return self.text

    @property
    def is_follow_up(self) -> bool:
        """Whether it was understood by the question before it."""
        return any(step.kind == "follow-up" for step in self.steps)

    @property
    def searched_text(self) -> str:
        """What was searched for, when that differs from what was typed; else ""."""
        first = self.gloss or self.readings[0]
        return "" if first == " ".join(self.typed.split()) else first

    def understood(self) -> dict[str, object]:
        """What JSON output and `:explain` show."""
        return {
            "text": self.text,
            "readings": list(self.readings),
            "steps": [{"kind": s.kind, "typed": s.typed, "understood": list(s.understood)} for s in self.steps],
            "terms": list(self.terms.folded),
            "concepts": [[" ".join(wording.folded) for wording in concept] for concept in self.concepts],
            "synonyms": [[" ".join(wording.folded) for wording in concept] for concept in self.synonyms],
            "official": self.official_text,
        }

"""
The query: a question as understood, with the steps that led there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retrieval.language.analyzer import Terms, analyze
from retrieval.question.courtesy import without_courtesies

StepKind = Literal[
    "shorthand", "keystrokes", "diacritics", "abbreviation", "short form", "name", "synonym", "english", "follow-up"
]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that query understanding did: `typed` may mean any of `understood`."""

    kind: StepKind
    typed: str
    understood: tuple[str, ...]


Concept = tuple[Terms, ...]  # the wordings of one thing, the typed one first


@dataclass(frozen=True, slots=True)
class Query:
    """A question, ready to be searched."""

    typed: str
    text: str  # as understood: NFC, white space collapsed, diacritics restored, shorthand expanded
    readings: tuple[str, ...]  # the encoder's wordings; the best reading of a passage counts
    terms: Terms  # for the lexical channel
    concepts: tuple[Concept, ...]  # likewise, in several wordings, the best of which counts
    steps: tuple[Step, ...]
    foreign: bool = False  # not in Vietnamese, so its words are not the documents'
    gloss: str = ""  # the Vietnamese rendering of an English question
    synonyms: tuple[Concept, ...] = ()  # everyday words, then their official synonyms, which count for less
    official_text: str = ""  # the text with official synonyms, if it has any
    names: tuple[tuple[str, ...], ...] = ()  # the wordings of each state, place or body that an answer must name

    @property
    def match_terms(self) -> tuple[str, ...]:
        """The folded terms of all wordings but synonyms, for comparing with passages."""
        return (*self.terms.folded, *(term for concept in self.concepts for w in concept for term in w.folded))

    @property
    def highlight_terms(self) -> Terms:
        """The terms for finding the answering sentence: with the typed and the likeliest official synonyms."""
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
        The `previous` argument for the next question.

        The full text, so that a chain of follow-ups keeps its context; with diacritics, so that they are not restored
        anew.
        """
        return self.text

    @property
    def is_follow_up(self) -> bool:
        """Whether it was understood through the previous question."""
        return any(step.kind == "follow-up" for step in self.steps)

    @property
    def searched_text(self) -> str:
        """The searched text if it differs from the typed one in more than courtesies."""
        first = self.gloss or self.readings[0]
        typed = " ".join(self.typed.split())
        return "" if first in (typed, without_courtesies(typed)) else first

    def understood(self) -> dict[str, object]:
        """The understanding as shown by JSON output and `:explain`."""
        return {
            "text": self.text,
            "readings": list(self.readings),
            "steps": [{"kind": s.kind, "typed": s.typed, "understood": list(s.understood)} for s in self.steps],
            "terms": list(self.terms.folded),
            "concepts": [[" ".join(wording.folded) for wording in concept] for concept in self.concepts],
            "synonyms": [[" ".join(wording.folded) for wording in concept] for concept in self.synonyms],
            "official": self.official_text,
        }

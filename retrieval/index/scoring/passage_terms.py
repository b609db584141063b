"""
The terms of a passage, by which it is found and scored.
"""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.language.analyzer import analyze


@dataclass(frozen=True, slots=True)
class PassageTerms:
    """The terms of a passage as stored: one string a field, separated by spaces."""

    exact: str
    folded: str
    title: str  # folded terms of the document's title and the passage's section

    @classmethod
    def of(cls, text: str, title: str) -> PassageTerms:
        """The terms of a passage's text and title."""
        terms = analyze(text)
        return cls(" ".join(terms.exact), " ".join(terms.folded), " ".join(analyze(title).folded))

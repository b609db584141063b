"""
The analysis of a document, done once for the sake of its limits.

A build analyzes each text again, in a process that cannot be ended for one document: what takes too much time or memory
there takes it here first, where it is refused alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.language.abbreviation import mine
from retrieval.language.analyzer import analyze
from retrieval.passage import split_document
from retrieval.window import split_pieces, split_windows

if TYPE_CHECKING:
    from retrieval.reading.document import Document


def analyze_document(document: Document) -> None:
    """
    Compute what a build does of a text, and keep nothing.

    These are passages, terms, windows, pieces and abbreviations.
    """
    passages = split_document(document)
    for passage in passages:
        analyze(passage.text)
        analyze(f"{document.title} {passage.section}")
        split_windows(passage.text)
        split_pieces(passage.text)
    mine(passage.text for passage in passages)

"""
Document summaries: what an uploaded file would be in the index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.reading.quality.verdict import is_untitled

if TYPE_CHECKING:
    from datetime import date

    from retrieval.reading.document import Document, SecrecyMark

_FIRST = 300  # characters of the first paragraph
_FIELD = 500  # characters of the title and the publisher


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A readable file in a few small fields, cheap to pass between processes."""

    title: str
    untitled: bool  # the title is only the first words
    publisher: str
    published: date | None
    paragraphs: int
    first: str  # the first words of the first paragraph
    sha256: str
    secrecy: SecrecyMark = ""  # what it bears


def summary_of(document: Document) -> DocumentSummary:
    """Summarize a document."""
    paragraphs = [document.text_of(block) for block in document.blocks if block.kind == "paragraph"]
    return DocumentSummary(
        title=document.title[:_FIELD],
        untitled=is_untitled(document),
        publisher=document.publisher[:_FIELD],
        published=document.published,
        paragraphs=len(paragraphs),
        first=" ".join(paragraphs[0].split())[:_FIRST] if paragraphs else "",
        sha256=document.sha256,
        secrecy=document.secrecy,
    )

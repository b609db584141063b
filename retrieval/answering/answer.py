"""
The Answer: what one question gets, for every surface that shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.answering.quote import Quote
from retrieval.index.candidate import ChannelScores
from retrieval.question.query import Query
from retrieval.ranking.confidence import State

# What every surface says in the same words; an office reads them on the terminal and in Telegram.
NOT_FOUND = "Tài liệu hiện có không trả lời câu hỏi này."
UNSURE = "Có thể liên quan, nhưng tôi không chắc:"
MISSING = "Các đoạn gần nhất không nhắc đến {names}."
REMEDY = "Hãy chạy `trichdan index` để cập nhật."  # for a notice, said to those who have a command line


@dataclass(frozen=True, slots=True)
class Hit:
    """One quoted passage in its place, rank 1 first; a higher score is better."""

    rank: int
    score: float
    quote: Quote
    footnotes: tuple[Quote, ...]  # of the footnotes that the quote refers to
    scores: ChannelScores
    ranks: dict[str, int]  # by channel: the place it alone would give the passage among all candidates
    contributions: Mapping[str, float]  # what the score is the sum of, in log odds; see `ranking.order`
    duplicates: tuple[Quote, ...] = ()  # the same paragraph where it stands once more; see `ranking.duplicates`


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The verified quotes for a question and how sure the retriever is that they answer it.

    `confidence` is a probability; `notices` are sentences (Vietnamese) that the reader must see, such as a
    source file having changed; what can be done about them, each surface says in its own way.
    """

    question: str
    state: State
    confidence: float
    hits: tuple[Hit, ...]
    query: Query
    milliseconds: dict[str, float]
    notices: tuple[str, ...]
    generation: str
    missing_names: tuple[str, ...] = ()  # what the question names and none of the first passages does

    @property
    def missing(self) -> str:
        """What to say is not named, "A, B": nothing where the answer was found all the same."""
        return "" if self.state == "found" else ", ".join(self.missing_names)


def to_json(answer: Answer) -> dict[str, object]:
    """The contract of `trichdan search --json`: one object a question."""
    return {
        "question": answer.question,
        "state": answer.state,
        "confidence": round(answer.confidence, 4),
        "hits": [_hit(hit) for hit in answer.hits],
        "unnamed": list(answer.missing_names),
        "understood": answer.query.understood(),
        "ms": {stage: round(spent, 2) for stage, spent in answer.milliseconds.items()},
    }


def _hit(hit: Hit) -> dict[str, object]:
    citation = hit.quote.citation
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "passage_id": hit.quote.passage_id,
        "doc_id": hit.quote.doc_id,
        "source": citation.source,
        "title": citation.title,
        "publisher": citation.publisher or None,
        "author": citation.author or None,
        "published": citation.published.isoformat() if citation.published else None,
        "section": citation.section or None,
        "page": citation.page,
        "last_page": citation.last_page,
        "paragraph": citation.paragraph,
        "paragraphs": citation.paragraphs,
        "start": hit.quote.start,
        "end": hit.quote.end,
        "text": hit.quote.text,
        "highlight": list(hit.quote.highlight),
        "also": [_duplicate(quote) for quote in hit.duplicates],
        "remark": citation.remark or None,
    }


def _duplicate(quote: Quote) -> dict[str, object]:
    citation = quote.citation
    return {
        "passage_id": quote.passage_id,
        "source": citation.source,
        "title": citation.title,
        "published": citation.published.isoformat() if citation.published else None,
        "paragraph": citation.paragraph,
        "start": quote.start,
        "end": quote.end,
    }

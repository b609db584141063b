"""
The answer to one question, for every surface that shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from retrieval.answering.quote import Quote
from retrieval.index.candidate import ChannelScores
from retrieval.index.records.legal_status import ForceChange
from retrieval.question.query import Query
from retrieval.ranking.absence import Absence
from retrieval.ranking.confidence import State

# Shared by all surfaces, so that the terminal and Telegram use the same words.
NOT_FOUND = "Tài liệu hiện có không trả lời câu hỏi này."
UNSURE = "Các đoạn sau có thể liên quan, chưa chắc trả lời đúng câu hỏi:"
ALSO = "Cũng đăng ở: {citation}"
FOLLOW_UP = "Câu hỏi này được hiểu theo câu hỏi trước."
SEARCHING = "Đang tìm: {question}"
MISSING = "Các đoạn gần nhất không nhắc đến {names}."
UNKNOWN = "Không tài liệu nào có {words}."
ITEMS = "Danh sách gồm {count} mục:"
PART = "Trả lời phần: “{part}”"
UNANSWERED = "Tài liệu hiện có không trả lời phần: “{part}”."
OLD = "Đoạn đầu tiên thuộc tài liệu ngày {day}; tình hình hiện nay có thể đã khác."
UNDATED_NOW = "Đoạn đầu tiên thuộc tài liệu không rõ ngày; tình hình hiện nay có thể đã khác."
# By the kind of `Absence`; with {name}, {title}, {count} and {years}.
ABSENT: Final[dict[str, str]] = {
    "article": "Không có {name} trong {title}: văn bản này có {count} điều.",
    "clause": "Không có {name}: điều này có {count} khoản.",
    "point": "Không có {name}: ở đó có {count} điểm.",
    "undivided": "Không có {name}: điều này không chia thành khoản.",
    "number": "Không có tài liệu nào mang hoặc nhắc đến số {name}.",
    "mention": "Tài liệu hiện có không gồm văn bản số {name}, chỉ nhắc đến văn bản này.",
    "edition": "Không có {name}; tài liệu hiện có là {title} năm {years}.",
}
REMEDY = "Hãy chạy `trichdan index` để cập nhật."  # for notices on the command line


@dataclass(frozen=True, slots=True)
class Hit:
    """One quoted passage; rank 1 is best, a higher score is better."""

    rank: int
    score: float
    quote: Quote
    footnotes: tuple[Quote, ...]  # those that the quote refers to
    scores: ChannelScores
    ranks: dict[str, int]  # by channel: the passage's rank among all candidates
    contributions: Mapping[str, float]  # the summands of the score, in log odds; see `ranking.score`
    duplicates: tuple[Quote, ...] = ()  # the same paragraph in other places; see `ranking.duplicates`
    span: tuple[int, int] | None = None  # the answer itself in the quote's text; see `answer_span`


@dataclass(frozen=True, slots=True)
class Part:
    """
    One part of a question and its state.

    `rank`: of the hit that answers it, None if none does.
    """

    question: str
    state: State
    rank: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The verified quotes for a question, and how likely they are to answer it.

    `confidence` is a probability. `notices` are Vietnamese sentences that the reader must see, such as that a source
    file has changed; each surface adds its own remedy.
    """

    question: str
    state: State
    confidence: float
    hits: tuple[Hit, ...]
    query: Query
    milliseconds: dict[str, float]
    notices: tuple[str, ...]
    generation: str
    missing_names: tuple[str, ...] = ()  # names in the question that no first passage contains
    absence: Absence | None = None  # an article or a document that the question names and that does not exist
    unknown_words: tuple[str, ...] = ()  # of the question, which no document has
    old: date | None = None  # of the first quote's document, where the present was asked for and it is older
    is_undated: bool = False  # whether the present was asked for, and the first quote's document has no date
    items: tuple[Quote, ...] = ()  # of the list that holds the first quote, where a list is asked for
    parts: tuple[Part, ...] = ()  # of a question that asks for several things; see `answering.parts`

    @property
    def span(self) -> str:
        """
        The words of the first quote that are the answer itself.

        "" unless the answer was found and they are sure.
        """
        first = self.hits[0] if self.hits and self.state == "found" else None
        return first.quote.text[slice(*first.span)] if first and first.span else ""

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The parts of a question that was answered in part only, which nothing answers."""
        return tuple(part.question for part in self.parts if part.rank is None) if self.state != "none" else ()

    def parts_of(self, hit: Hit) -> tuple[str, ...]:
        """The parts of the question that a hit answers."""
        return tuple(part.question for part in self.parts if part.rank == hit.rank)

    @property
    def missing(self) -> str:
        """
        The missing names to report, "A, B".

        Empty when the answer was found all the same.
        """
        return "" if self.state == "found" else ", ".join(self.missing_names)

    @property
    def unknown(self) -> str:
        """
        The words to report that no document has, "“A”, “B”".

        Empty when the answer was found all the same.
        """
        return "" if self.state == "found" else ", ".join(f"“{word}”" for word in self.unknown_words)


def absent_text(absence: Absence, texts: Mapping[str, str] = ABSENT) -> str:
    """A sentence that says what there is instead."""
    return texts[absence.kind].format(**asdict(absence))


def to_json(answer: Answer) -> dict[str, object]:
    """The contract of `trichdan search --json`: one object for each question."""
    return {
        "question": answer.question,
        "state": answer.state,
        "confidence": round(answer.confidence, 4),
        "hits": [_hit(hit) for hit in answer.hits],
        "unnamed": list(answer.missing_names),
        "absent": answer.absence.name if answer.absence else None,
        "unknown": list(answer.unknown_words),
        "items": [_item(quote) for quote in answer.items],
        "parts": [asdict(part) for part in answer.parts],
        "old": answer.old.isoformat() if answer.old else None,
        "undated": answer.is_undated,
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
        "number": citation.number or None,
        "publisher": citation.publisher or None,
        "author": citation.author or None,
        "published": citation.published.isoformat() if citation.published else None,
        "effective": citation.status.effective.isoformat() if citation.status.effective else None,
        "force": [_change(change) for change in citation.status.changes],
        "section": citation.section or None,
        "page": citation.page,
        "last_page": citation.last_page,
        "paragraph": citation.paragraph,
        "paragraphs": citation.paragraphs,
        "start": hit.quote.start,
        "end": hit.quote.end,
        "text": hit.quote.text,
        "highlight": list(hit.quote.highlight),
        "answer": list(hit.span) if hit.span else None,
        "also": [_duplicate(quote) for quote in hit.duplicates],
        "remark": citation.remark or None,
    }


def _item(quote: Quote) -> dict[str, object]:
    """An item of a list: its first sentence."""
    start, end = quote.highlight
    return {
        "passage_id": quote.passage_id,
        "start": quote.start + start,
        "end": quote.start + end,
        "text": quote.text[start:end],
    }


def _change(change: ForceChange) -> dict[str, object]:
    since = change.since.isoformat() if change.since else None
    return {"kind": change.kind, "by": change.by, "doc_id": change.doc_id, "since": since}


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

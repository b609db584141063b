"""
Marks: what the keeper says of an answer, written to a question file.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from retrieval.answering.answer import Answer, Hit
from retrieval.answering.quote import Quote
from retrieval.errors import StaleQuote
from retrieval.evaluation.question_file import QuestionFile
from retrieval.evaluation.question_line import Line, gold_line, rejected_line
from retrieval.index.address import IndexAddress
from retrieval.passage import identifying_text
from retrieval.retriever import Retriever

_KIND = "mark"
_SEPARATOR = re.compile(r"[\s,]+")


class Marks:
    """Writes marks; each method returns the sentence that says what was written."""

    def __init__(self, path: Path, index: IndexAddress, retriever: Retriever) -> None:
        self._file = QuestionFile(path)
        self._index = index
        self._retriever = retriever

    def right(self, answer: Answer, argument: str) -> str:
        """The paragraphs whose ranks the argument names, by default the first, each answer the question."""
        hits = _hits(answer, argument)
        if not hits:
            return _usage(answer, argument)
        line = gold_line(question_of(answer), [self._place(hit.quote) for hit in hits], kind=_KIND)
        shown = " or ".join(f"“{_start(hit.quote.text)}” from {hit.quote.citation.source}" for hit in hits)
        return self._put(line, f"is answered by {shown}")

    def wrong(self, answer: Answer) -> str:
        """None of the paragraphs shown answers the question; what does is not known."""
        shown = answer.hits if answer.state != "none" else ()
        line = rejected_line(
            question_of(answer),
            [{**self._place(hit.quote), "score": round(hit.score, 6)} for hit in shown],
            reasons=(),
            state=answer.state,
            confidence=answer.confidence,
            kind=_KIND,
        )
        several = f"is answered by none of the {len(shown)} paragraphs shown"
        one = "is not answered by the paragraph shown" if shown else "has an answer that was not found"
        return self._put(line, several if len(shown) > 1 else one)

    def none(self, answer: Answer) -> str:
        """The documents do not answer the question."""
        return self._put(gold_line(question_of(answer), [], kind=_KIND), "is not answered by the documents")

    def _place(self, quote: Quote) -> dict[str, object]:
        _, passages = self._retriever.outline(quote.doc_id)
        own = next((passage for passage in passages if passage.passage_id == quote.passage_id), None)
        if own is None or own.text != quote.text:
            raise StaleQuote(f"{quote.passage_id} reads otherwise since it was quoted: ask again")
        others = [passage for passage in passages if passage is not own]
        return {"source": quote.citation.source, "contains": identifying_text(own, others)}

    def _put(self, line: Line, what: str) -> str:
        written = self._file.put(line)
        before = f", in place of `:{_name(written.replaced)}`" if written.replaced else ""
        marks = "1 mark" if written.count == 1 else f"{written.count} marks"
        path, index = (shlex.quote(str(place)) for place in (self._file.path, self._index))
        return (
            f"written{before}: “{line['question']}” {what}; {self._file.path} has {marks}, "
            f"`trichdan eval {path} --index {index}` measures them"
        )


def question_of(answer: Answer) -> str:
    """The question as it stands alone: as typed, and a follow-up as understood."""
    return answer.query.context if answer.query.is_follow_up else answer.question


def _hits(answer: Answer, argument: str) -> list[Hit]:
    """The hits whose ranks the argument names; none where it names another."""
    names = [name for name in _SEPARATOR.split(argument) if name]
    if not names:
        return list(answer.hits[:1]) if answer.state != "none" else []
    ranks = list(dict.fromkeys(int(name) if name.isdecimal() else 0 for name in names))
    known = all(1 <= rank <= len(answer.hits) for rank in ranks)
    return [answer.hits[rank - 1] for rank in ranks] if known else []


def _usage(answer: Answer, argument: str) -> str:
    if not argument and answer.hits:
        return "no paragraph was shown as the answer: `:explain` lists the nearest, `:right 1` marks the first of them"
    count = "1 paragraph" if len(answer.hits) == 1 else f"{len(answer.hits)} paragraphs"
    return f"the last answer has {count}, found {argument!r}: type `:right 1`, or `:wrong`"


def _name(line: Line) -> str:
    if "gold" not in line:
        return "wrong"
    return "right" if line["gold"] else "none"


def _start(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else f"{words[:59]}…"

"""
Select verified quotes from the top of a ranking.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval.answering.answer import Hit
from retrieval.answering.answer_span import answer_span
from retrieval.answering.list_items import asks_for_list
from retrieval.answering.quote import Quote
from retrieval.answering.quoted_documents import QuotedDocuments
from retrieval.errors import StaleQuote
from retrieval.passage import Passage
from retrieval.ranking.duplicates import group_duplicates
from retrieval.ranking.highlight import Highlighter
from retrieval.ranking.ranking import Ranking
from retrieval.ranking.score import RankedCandidate


def select_quotes(
    documents: QuotedDocuments, ranking: Ranking, copies: Sequence[tuple[RankedCandidate, ...]], k: int
) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
    """
    Quote the first `k` quotable paragraphs; with a notice for each document that has changed.

    `copies`: the ranked paragraphs, each with its duplicates.
    """
    first = list(_current_documents(documents, copies, k))
    documents.fetch(first, with_passages=set(first[:1]) if asks_for_list(ranking.query) else frozenset())
    hits: list[Hit] = []
    notices: dict[str, str] = {}
    ranks, waiting = ranking.ranks(), list(copies)
    highlighter = Highlighter(ranking.query.text, ranking.query.highlight_terms, ranking.rarity.idf)
    while waiting and len(hits) < k:
        (ranked, *others), *waiting = waiting
        passage, scores = ranked.candidate.passage, ranked.candidate.scores
        try:
            span = highlighter.answering_sentence(passage.text, scores.windows)
            quote = documents.quote(passage, span)
            notes = tuple(documents.quote(ranking.shortlist.footnotes[note]) for note in passage.notes)
        except StaleQuote:
            notices[passage.doc_id] = _changed_notice(ranking, passage)
            # Its copies are ranked by their own scores.
            waiting = sorted([*group_duplicates(others, ranking.published), *waiting], key=lambda same: -same[0].score)
            continue
        duplicates = tuple(_duplicate_quotes(documents, ranking, others, notices))
        hits.append(
            Hit(
                rank=len(hits) + 1,
                score=ranked.score,
                quote=quote,
                footnotes=notes,
                scores=scores,
                ranks=ranks(scores),
                contributions=ranked.contributions,
                duplicates=duplicates,
                span=_answer_in(quote, ranking),
            )
        )
    return tuple(hits), tuple(notices.values())


def _current_documents(
    documents: QuotedDocuments, copies: Sequence[tuple[RankedCandidate, ...]], k: int
) -> Iterator[str]:
    """The ids of the documents behind the first `k` groups that can be quoted."""
    for group in copies:
        current = [
            doc_id for doc_id in (copy.candidate.passage.doc_id for copy in group) if documents.is_current(doc_id)
        ]
        yield from current
        k -= bool(current)
        if not k:
            return


def _answer_in(quote: Quote, ranking: Ranking) -> tuple[int, int] | None:
    """(start, end) in the quote's text of the answer itself."""
    start, end = quote.highlight
    found = answer_span(ranking.query.text, quote.text[start:end])
    return (start + found[0], start + found[1]) if found else None


def _duplicate_quotes(
    documents: QuotedDocuments, ranking: Ranking, copies: Sequence[RankedCandidate], notices: dict[str, str]
) -> Iterator[Quote]:
    """The quotes of the copies whose sources have not changed."""
    for copy in copies:
        passage = copy.candidate.passage
        try:
            yield documents.quote(passage)
        except StaleQuote:
            notices[passage.doc_id] = _changed_notice(ranking, passage)


def _changed_notice(ranking: Ranking, passage: Passage) -> str:
    source = ranking.shortlist.records[passage.doc_id].source
    return f"Tài liệu {source} đã thay đổi hoặc không còn sau khi lập chỉ mục, nên không được trích dẫn."

"""
Select verified quotes from the top of a ranking.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval.answering.answer import Hit
from retrieval.answering.answer_span import answer_span
from retrieval.answering.open_generation import OpenGeneration
from retrieval.answering.quote import Quote, verified_quote
from retrieval.errors import StaleQuote
from retrieval.passage import Passage
from retrieval.ranking.duplicates import group_duplicates
from retrieval.ranking.highlight import Highlighter
from retrieval.ranking.ranking import Ranking
from retrieval.ranking.score import RankedCandidate


def select_quotes(
    generation: OpenGeneration, ranking: Ranking, copies: Sequence[tuple[RankedCandidate, ...]], k: int
) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
    """Quote the first `k` quotable paragraphs; with a notice for each document that has changed."""
    hits: list[Hit] = []
    notices: dict[str, str] = {}
    ranks, waiting = ranking.ranks(), list(copies)
    highlighter = Highlighter(ranking.query.text, ranking.query.highlight_terms, generation.index.idf)
    while waiting and len(hits) < k:
        (ranked, *others), *waiting = waiting
        passage, scores = ranked.candidate.passage, ranked.candidate.scores
        try:
            span = highlighter.answering_sentence(passage.text, scores.windows)
            quote = verified_quote(generation.index, generation.watch, passage, span, today=generation.today)
            notes = tuple(whole_quote(generation, generation.index.store.passage(note)) for note in passage.notes)
        except StaleQuote:
            notices[passage.doc_id] = _changed_notice(generation, passage)
            # Its copies are ranked by their own scores.
            waiting = sorted(
                [*group_duplicates(others, generation.published), *waiting], key=lambda same: -same[0].score
            )
            continue
        duplicates = tuple(_duplicate_quotes(generation, others, notices))
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


def _answer_in(quote: Quote, ranking: Ranking) -> tuple[int, int] | None:
    """(start, end) in the quote's text of the answer itself."""
    start, end = quote.highlight
    found = answer_span(ranking.query.text, quote.text[start:end])
    return (start + found[0], start + found[1]) if found else None


def whole_quote(generation: OpenGeneration, passage: Passage) -> Quote:
    """The verified quote of a passage, without a highlight; StaleQuote when its source has changed."""
    return verified_quote(generation.index, generation.watch, passage, (0, 0), today=generation.today)


def _duplicate_quotes(
    generation: OpenGeneration, copies: Sequence[RankedCandidate], notices: dict[str, str]
) -> Iterator[Quote]:
    """The quotes of the copies whose sources have not changed."""
    for copy in copies:
        passage = copy.candidate.passage
        try:
            yield whole_quote(generation, passage)
        except StaleQuote:
            notices[passage.doc_id] = _changed_notice(generation, passage)


def _changed_notice(generation: OpenGeneration, passage: Passage) -> str:
    source = generation.index.store.document(passage.doc_id).source
    return f"Tài liệu {source} đã thay đổi hoặc không còn sau khi lập chỉ mục, nên không được trích dẫn."

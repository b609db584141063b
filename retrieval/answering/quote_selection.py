"""
Quoting: the first places of a ranking as verified quotes, with what keeps a place from being one.

Apart from the retriever, which decides what is ranked and how sure it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval.answering.answer import Hit
from retrieval.answering.open_generation import Opened
from retrieval.answering.quote import Quote, verified_quote
from retrieval.errors import StaleQuote
from retrieval.passage import Passage
from retrieval.ranking.duplicates import grouped
from retrieval.ranking.highlight import Highlighter
from retrieval.ranking.ranking import Ranking
from retrieval.ranking.score import Ranked


def quoted(
    opened: Opened, ranking: Ranking, copies: Sequence[tuple[Ranked, ...]], k: int
) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
    """The first `k` paragraphs that can be quoted, and a notice for each document that no longer can."""
    hits: list[Hit] = []
    notices: dict[str, str] = {}
    ranks, waiting = ranking.ranks(), list(copies)
    highlighter = Highlighter(ranking.query.text, ranking.query.sought, opened.index.idf)
    while waiting and len(hits) < k:
        (place, *others), *waiting = waiting
        passage, scores = place.candidate.passage, place.candidate.scores
        try:
            span = highlighter.answering_sentence(passage.text, scores.windows)
            quote = verified_quote(opened.index.store, opened.watch, passage, span)
            notes = tuple(whole_quote(opened, opened.index.store.passage(note)) for note in passage.notes)
        except StaleQuote:
            notices[passage.doc_id] = _changed(opened, passage)
            # Its copies stand where their own scores put them.
            waiting = sorted([*grouped(others, opened.published), *waiting], key=lambda same: -same[0].score)
            continue
        also = tuple(_elsewhere(opened, others, notices))
        hits.append(Hit(len(hits) + 1, place.score, quote, notes, scores, ranks(scores), place.parts, also))
    return tuple(hits), tuple(notices.values())


def whole_quote(opened: Opened, passage: Passage) -> Quote:
    """A passage as a verified quote without a highlight; StaleQuote when its source is no longer what was indexed."""
    return verified_quote(opened.index.store, opened.watch, passage, (0, 0))


def _elsewhere(opened: Opened, copies: Sequence[Ranked], notices: dict[str, str]) -> Iterator[Quote]:
    """The quotes of those copies that still can be quoted."""
    for copy in copies:
        passage = copy.candidate.passage
        try:
            yield whole_quote(opened, passage)
        except StaleQuote:
            notices[passage.doc_id] = _changed(opened, passage)


def _changed(opened: Opened, passage: Passage) -> str:
    source = opened.index.store.document(passage.doc_id).source
    return f"Tài liệu {source} đã thay đổi hoặc không còn sau khi lập chỉ mục, nên không được trích dẫn."

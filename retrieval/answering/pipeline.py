"""
From a question to an answer: understood, searched, ranked, read, judged and quoted.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from retrieval.answering.answer import Answer, Hit
from retrieval.answering.list_items import list_items
from retrieval.answering.quote_selection import select_quotes
from retrieval.answering.quoted_documents import QuotedDocuments
from retrieval.answering.stopwatch import Stopwatch
from retrieval.index.contract import LexicalSearch
from retrieval.index.scoring.late_interaction import maxsim_scores
from retrieval.question.understanding import understand
from retrieval.ranking.answer_kinds.answer_form import answer_form
from retrieval.ranking.answer_kinds.asked_sum import misses_sum
from retrieval.ranking.article_boost import provisions_in
from retrieval.ranking.confidence import SHOWN_PASSAGES, confidence, lowest, state_of, unsure
from retrieval.ranking.duplicates import group_duplicates
from retrieval.ranking.features import FeatureExtractor
from retrieval.ranking.force_boost import documents_out_of_force, force_boost, show_in_force
from retrieval.ranking.fusion import query_coverage
from retrieval.ranking.learned.calibration import Calibration, shipped_calibration
from retrieval.ranking.lookup import look_up
from retrieval.ranking.missing_names import missing_names
from retrieval.ranking.ranking import Ranking
from retrieval.ranking.recency_boost import asks_for_present, is_old, recency_boost
from retrieval.ranking.reference_targets import ReferenceTargets, reference_targets
from retrieval.ranking.score import rank_candidates, shortlist
from retrieval.ranking.unknown_words import unknown_words
from retrieval.ranking.year_boost import opens_with_other_year, other_years_only, years_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from retrieval.answering.open_generation import OpenGeneration
    from retrieval.answering.query_encoder import IndexEncoder, QueryEncoder
    from retrieval.passage import Passage
    from retrieval.question.query import Query

CANDIDATES = 100  # per channel; fusion does not lift a passage that every channel ranks lower than this


class Pipeline:
    """
    Answers questions from an open generation; thread-safe.

    Args:
        encoder: of queries.
    """

    def __init__(self, encoder: QueryEncoder) -> None:
        self._encoder = encoder
        # The lexical search runs while the model encodes the question: OpenVINO and Tantivy release the GIL.
        self._lexical_pool = ThreadPoolExecutor(os.cpu_count())

    def answer(self, generation: OpenGeneration, question: str, k: int, previous: str | None) -> Answer:
        """The answer to a question as it stands."""
        clock = Stopwatch()
        ranking = self.rank(generation, question, previous=previous, k=k, clock=clock)
        query = ranking.query
        copies = show_in_force(group_duplicates(ranking.places, ranking.published), ranking.out_of_force)
        front_row = [shown for shown, *_ in copies]
        shown_texts = [_passage_context(ranking, shown.candidate.passage) for shown in front_row[:SHOWN_PASSAGES]]
        missing = missing_names(query.names, shown_texts)
        dates = [ranking.published(shown.candidate.passage.doc_id) for shown in front_row[:1]]
        contradicted = other_years_only(years_in(query), (*shown_texts[:1], *map(str, filter(None, dates))))
        contradicted |= bool(shown_texts) and misses_sum(query.text, shown_texts[0])
        sure = confidence(
            front_row,
            ranking.covered,
            query,
            missing_names=missing,
            contradicted=contradicted,
            in_form=bool(front_row) and front_row[0].contributions["form"] > 0,
            scale=ranking.scale,
            calibration=ranking.calibration,
        )
        if _is_uncalibrated(ranking):
            sure = unsure(sure)
        absence = ranking.lookup.absence or ranking.lookup.absent_number(shown_texts)
        clock.lap("rank")
        documents = QuotedDocuments(generation, ranking.shortlist.records)
        hits, notices = ((), ()) if absence else select_quotes(documents, ranking, copies, k)
        clock.lap("quote")
        mention = ranking.lookup.mention(shown_texts)
        sure = ranking.lookup.adjust(max(sure, lowest("weak")) if mention else sure) if hits else 0.0
        is_of_other_year = hits and opens_with_other_year(years_in(query), hits[0].quote.highlighted)
        if is_of_other_year or (mention and not ranking.lookup.asks_subject):
            sure = unsure(sure)
        return Answer(
            question=question,
            state=state_of(sure) if hits else "none",
            confidence=sure,
            hits=hits,
            query=query,
            milliseconds=clock.laps(),
            notices=notices,
            generation=generation.index.name,
            missing_names=missing,
            absence=absence or mention,
            unknown_words=unknown_words(query, ranking.rarity.knows),
            items=list_items(documents, query, hits),
            old=_age_to_say(hits, query, generation),
            is_undated=bool(hits) and asks_for_present(query) and hits[0].quote.citation.published is None,
        )

    def rank(
        self,
        generation: OpenGeneration,
        question: str,
        *,
        previous: str | None = None,
        k: int = 1,
        clock: Stopwatch | None = None,
    ) -> Ranking:
        """The ranked candidates, at least `k`."""
        clock = clock or Stopwatch()
        index = generation.index
        query = understand(question, index.vocabulary, previous=previous, abbreviations=index.abbreviations)
        clock.lap("understand")
        targets = reference_targets(query.text, index.catalogue)
        found = self._lexical_pool.submit(index.lexical_matches, _lexical_search(query, targets), CANDIDATES)
        encoder = self._encoder.for_index(index.manifest)
        vectors = encoder.dense_vectors(query)
        clock.lap("encode")
        matches = found.result()
        rarity = matches.rarity
        lookup = look_up(targets, matches.sections)
        candidates = index.candidates(vectors, matches, CANDIDATES, lookup.keys)
        clock.lap("search")
        covered = query_coverage(query, rarity.idf, rarity.knows)
        best = shortlist(candidates, covered, rarity.rarest_idf, k, lookup.keys)
        calibration = _calibration(generation, encoder)
        readings = encoder.token_vectors(query, rarity.idf)
        read = index.read_shortlist(np.concatenate([reading.vectors for reading in readings]), best)
        near = [*map(index.scale.near, maxsim_scores([reading.weights for reading in readings], read.similarities))]
        clock.lap("tokens")
        status, published = index.catalogue.legal_statuses.of, read.published
        dates = (published(candidate.passage.doc_id) for candidate in best)
        newest = max(filter(None, dates), default=None) if asks_for_present(query) else None
        past = frozenset() if lookup.keys else documents_out_of_force(best, query, status, published, generation.today)
        form = answer_form(query.text)
        extractor = FeatureExtractor(query, rarity.idf, covered=covered, rarest_idf=rarity.rarest_idf)
        places = rank_candidates(
            best,
            near,
            extractor,
            read.records.__getitem__,
            # The article of this number in another document is no answer.
            provisions=frozenset() if lookup.is_unresolved else provisions_in(query),
            boosts={
                "named": lookup.boost,
                "force": lambda candidate: force_boost(candidate, past),
                "form": lambda candidate: form.boost(candidate.passage.text),
                "recent": lambda candidate: recency_boost(published(candidate.passage.doc_id), newest),
            },
            weights=calibration.weights,
        )
        return Ranking(
            query,
            lookup.order(places),
            covered,
            candidates,
            lookup,
            out_of_force=past,
            scale=index.scale,
            calibration=calibration,
            rarity=rarity,
            shortlist=read,
        )


def _lexical_search(query: Query, targets: ReferenceTargets) -> LexicalSearch:
    """What the lexical channel is asked, with all texts whose terms are weighed later."""
    texts = (query.typed, query.text, *query.readings, query.official_text, query.gloss)
    return LexicalSearch(query.terms, query.concepts, query.synonyms, texts, targets.documents)


def _calibration(generation: OpenGeneration, encoder: IndexEncoder) -> Calibration:
    """That of the index for its model, if one was learned; else the shipped one."""
    own = (each.calibration for each in generation.calibrations if encoder.is_model_of(each.fingerprint))
    return next(own, shipped_calibration())


def _is_uncalibrated(ranking: Ranking) -> bool:
    """Whether the shipped confidence, which does not hold for this model, judges the question."""
    kept, shipped = (each.model(foreign=ranking.query.foreign) for each in (ranking.calibration, shipped_calibration()))
    return not ranking.scale.holds and kept == shipped


def _passage_context(ranking: Ranking, passage: Passage) -> str:
    """The text that may name a thing: the document's title, the section and the passage."""
    return "\n".join((ranking.shortlist.records[passage.doc_id].title, passage.section, passage.text))


def _age_to_say(hits: Sequence[Hit], query: Query, generation: OpenGeneration) -> date | None:
    """
    The date of the first quote's document, where it has to be said.

    The question asks for the present, and the document is not of the present.
    """
    published = hits[0].quote.citation.published if hits else None
    return published if asks_for_present(query) and is_old(published, generation.today) else None

"""
Features of a candidate that the ranker weighs: channel scores and term overlap.

BM25 adds up words wherever they stand. An answering passage holds many of the question's words in one sentence and in
the question's order. Words of the document's title apply to every paragraph and do not tell them apart, so a sentence
need not repeat them and gains nothing by it. (Shares over the whole passage added nothing to BM25.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from retrieval.index.candidate import Candidate
from retrieval.index.scoring.field_query import Field
from retrieval.index.scoring.passage_words import WordHits, find_words, passage_words
from retrieval.language.analyzer import WORD
from retrieval.language.spelling import folded_key
from retrieval.question.query import Query
from retrieval.ranking.weighted_overlap import weighted_overlap
from retrieval.ranking.year_boost import years_in


@dataclass(frozen=True, slots=True)
class Features:
    """
    The features of one candidate.

    Shares are in [0, 1], weighted by idf. BM25 sums are in units of the idf of a term that one passage holds, times
    the coverage of the question by the corpus.
    """

    cosine: float  # of the best window
    second: float  # mean of the two best windows' cosines
    near: float  # the MaxSim score: see `maxsim_scores`
    exact: float  # BM25
    folded: float  # BM25
    title: float  # BM25
    sentence_words: float  # share of the question's syllables that the best sentence holds and the title does not
    sentence_pairs: float  # share of its pairs of neighbours that the best sentence or the title holds
    run: float  # syllables of the longest stretch that the question and the passage share

    def values(self) -> tuple[float, ...]:
        """The features in the order of NAMES."""
        return tuple(getattr(self, name) for name in NAMES)


NAMES = tuple(field.name for field in fields(Features))


class FeatureExtractor:
    """
    Computes the features of candidates; created once for each question.

    Args:
        idf: the idf of a term in a field of the index.
        covered: the coverage of the question by the corpus, in [0, 1].
        rarest: the idf of a term that one passage holds.
    """

    def __init__(self, query: Query, idf: Callable[[Field, str], float], *, covered: float, rarest_idf: float) -> None:
        self.years = years_in(query)
        self.foreign = query.foreign
        self._words = weighted_overlap(query, lambda term: idf("folded", term), pairs=False)
        self._pairs = weighted_overlap(query, lambda term: idf("folded", term), pairs=True)
        synonyms = (term for synonym in query.synonyms for wording in synonym for term in wording.folded)
        self._terms = QueryTerms([*query.match_terms, *synonyms], WORD.findall(query.gloss or query.text))
        self._scale = covered / rarest_idf

    def extract(self, candidates: Sequence[Candidate], near: Sequence[float], titles: Sequence[str]) -> list[Features]:
        """The features of candidates; `near`: their MaxSim scores; `titles`: of their documents."""
        headings = [f"{title} {found.passage.section}" for found, title in zip(candidates, titles, strict=True)]
        different = {heading: number for number, heading in enumerate(dict.fromkeys(headings))}  # many share one
        hits = find_words([*(found.words for found in candidates), *map(passage_words, different)], self._terms.keys)
        border = int(np.searchsorted(hits.passages, len(candidates)))
        own, above = hits.chosen(slice(border)), hits.chosen(slice(border, None))
        in_heading = self._terms.held(above, above.passages - len(candidates), len(different))
        words, pairs = self._best_shares(own, in_heading[[different[heading] for heading in headings]])
        runs = self._terms.longest_runs(own, len(candidates))
        rows = zip(candidates, near, words.tolist(), pairs.tolist(), runs.tolist(), strict=True)
        return [self._features_of(*row) for row in rows]

    def _best_shares(
        self, hits: WordHits, in_heading: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """
        The best sentence's shares of words and of pairs, each (candidates,) float64.

        `in_heading`: which terms each candidate's heading has, (candidates, terms) bool.
        """
        count = len(in_heading)
        # A row for each sentence with a hit, and before them an empty one for each candidate.
        _, firsts, rows = np.unique(hits.sentences, return_index=True, return_inverse=True)
        owners = np.concatenate([np.arange(count), hits.passages[firsts]])
        held, above = self._terms.held(hits, rows + count, len(owners)), in_heading[owners]
        words, pairs = np.zeros(count), np.zeros(count)
        np.maximum.at(words, owners, self._words.shares(held & ~above, self._terms.columns))
        np.maximum.at(pairs, owners, self._pairs.shares(held | above, self._terms.columns))
        return words, pairs

    def _features_of(self, candidate: Candidate, near: float, words: float, pairs: float, run: int) -> Features:
        scores = candidate.scores
        best = sorted(scores.windows, reverse=True)[:2] or [-1.0]
        return Features(
            cosine=best[0],
            second=sum(best) / len(best),
            near=near,
            exact=self._scale * scores.exact,
            folded=self._scale * scores.folded,
            title=self._scale * scores.title,
            sentence_words=words,
            sentence_pairs=pairs,
            run=float(run),
        )


class QueryTerms:
    """
    A question's terms, as what is looked for in passages; created once for each question.

    Args:
        terms: folded syllables and pairs.
        words: the question's words, in order.
    """

    def __init__(self, terms: Sequence[str], words: Sequence[str]) -> None:
        self.columns = {term: column for column, term in enumerate(dict.fromkeys(terms))}
        question = [folded_key(word) for word in words]
        parts = [term.split("_") for term in self.columns]
        self.keys = list(dict.fromkeys([*chain.from_iterable(parts), *question]))
        numbers = {key: number for number, key in enumerate(self.keys)}
        # Of a key, and of a key after another: the column of that term, -1 for none.
        self._of_key = np.full(len(self.keys), -1)
        self._of_pair = np.full((len(self.keys), len(self.keys)), -1)
        for column, (first, *second) in enumerate(parts):
            place = (numbers[first], numbers[second[0]]) if second else numbers[first]
            (self._of_pair if second else self._of_key)[place] = column
        asked = np.array([numbers[key] for key in question], np.int64)
        self._positions = np.argsort(asked, kind="stable")  # in the question, key by key
        self._counts = np.bincount(asked, minlength=len(self.keys))
        self._starts = np.cumsum(self._counts) - self._counts

    def held(self, hits: WordHits, rows: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
        """
        Which terms stand in sentences, (count, terms) bool.

        `rows`: the sentence of each hit. Two words are a pair where they are neighbours of one sentence.
        """
        held = np.zeros((count, len(self.columns)), np.bool_)
        columns = self._of_key[hits.keys]
        held[rows[columns >= 0], columns[columns >= 0]] = True
        columns = self._of_pair[hits.keys[:-1], hits.keys[1:]]
        pairs = (columns >= 0) & (rows[1:] == rows[:-1]) & (hits.places[1:] == hits.places[:-1] + 1)
        held[rows[1:][pairs], columns[pairs]] = True
        return held

    def longest_runs(self, hits: WordHits, count: int) -> NDArray[np.int64]:
        """The most words in a row that each passage shares with the question, (count,) int64."""
        counts = self._counts[hits.keys]  # a word may stand in the question more than once
        nth = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        asked = self._positions[np.repeat(self._starts[hits.keys], counts) + nth]
        passages, offsets = np.repeat(hits.passages, counts), np.repeat(hits.places, counts) - asked
        order = np.lexsort((asked, offsets, passages))  # what is shared in a row has one offset
        passages, offsets, asked = passages[order], offsets[order], asked[order]
        goes_on = (np.diff(passages) == 0) & (np.diff(offsets) == 0) & (np.diff(asked) == 1)
        starts = np.flatnonzero(np.concatenate([[True], ~goes_on])) if len(asked) else np.empty(0, np.int64)
        longest = np.zeros(count, np.int64)
        np.maximum.at(longest, passages[starts], np.diff([*starts.tolist(), len(asked)]))
        return longest

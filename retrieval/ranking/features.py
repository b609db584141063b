"""
Features of a candidate that the ranker weighs: channel scores and term overlap.

BM25 adds up words wherever they stand. An answering passage holds many of the question's words in one sentence and in
the question's order. Words of the document's title apply to every paragraph and do not tell them apart, so a sentence
need not repeat them and gains nothing by it. (Shares over the whole passage added nothing to BM25.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields

from retrieval.index.candidate import Candidate
from retrieval.index.scoring.field_query import Field
from retrieval.index.scoring.passage_words import Hit, find_words, passage_words
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
        self._query_terms = frozenset((*query.match_terms, *synonyms))
        self._parts = {part for term in self._query_terms for part in term.split("_")}
        self._keys = [folded_key(word) for word in WORD.findall(query.gloss or query.text)]
        self._scale = covered / rarest_idf

    def extract(self, candidates: Sequence[Candidate], near: Sequence[float], titles: Sequence[str]) -> list[Features]:
        """The features of candidates; `near`: their MaxSim scores; `titles`: of their documents."""
        headings = [f"{title} {found.passage.section}" for found, title in zip(candidates, titles, strict=True)]
        different = list(dict.fromkeys(headings))  # many candidates share one
        words = [*(found.words for found in candidates), *map(passage_words, different)]
        hits = find_words(words, self._parts.union(self._keys))
        terms = dict(zip(different, map(self._terms_in_heading, hits[len(candidates) :]), strict=True))
        rows = zip(candidates, near, hits, headings, strict=False)
        return [self._features_of(found, nearness, own, terms[heading]) for found, nearness, own, heading in rows]

    def _features_of(
        self, candidate: Candidate, near: float, hits: Sequence[Hit], heading: AbstractSet[str]
    ) -> Features:
        scores = candidate.scores
        sentences = _maximal(_by_sentence(hits, self._parts, self._query_terms))
        best = sorted(scores.windows, reverse=True)[:2] or [-1.0]
        return Features(
            cosine=best[0],
            second=sum(best) / len(best),
            near=near,
            exact=self._scale * scores.exact,
            folded=self._scale * scores.folded,
            title=self._scale * scores.title,
            sentence_words=max(self._words.share(sentence - heading) for sentence in sentences),
            sentence_pairs=max(self._pairs.share(sentence | heading) for sentence in sentences),
            run=float(_longest_run(self._keys, hits)),
        )

    def _terms_in_heading(self, hits: Sequence[Hit]) -> AbstractSet[str]:
        whole = [(place, 0, key) for place, _, key in hits]  # a heading is no sentence
        (terms,) = _by_sentence(whole, self._parts, self._query_terms)
        return terms


def _by_sentence(hits: Sequence[Hit], parts: AbstractSet[str], query_terms: AbstractSet[str]) -> list[set[str]]:
    """
    The query terms of each sentence that has any of their parts.

    One empty set when none has.
    """
    sentences: list[set[str]] = []
    before, current, neighbour = -1, -1, ""
    for place, sentence, key in hits:
        if key not in parts:
            continue
        if sentence != current:
            current = sentence
            sentences.append(set())
        elif place == before + 1 and (pair := f"{neighbour}_{key}") in query_terms:
            sentences[-1].add(pair)
        if key in query_terms:
            sentences[-1].add(key)
        before, neighbour = place, key
    return sentences or [set()]


def _maximal(sentences: list[set[str]]) -> list[set[str]]:
    """
    The sets that no other contains.

    Weights are not negative, so one of them has the best share.
    """
    kept: list[set[str]] = []
    for sentence in sorted(sentences, key=len, reverse=True):
        if not any(sentence <= other for other in kept):
            kept.append(sentence)
    return kept


def _longest_run(question_keys: Sequence[str], hits: Sequence[Hit]) -> int:
    """The length of the longest run of question keys that are consecutive in the passage."""
    places: dict[str, list[int]] = {}
    for place, _, key in hits:
        places.setdefault(key, []).append(place)
    longest = 0
    # By position in the passage: the length of the run that ends there with the current key.
    ending: dict[int, int] = {}
    for key in question_keys:
        ending = {place: ending.get(place - 1, 0) + 1 for place in places.get(key, ())}
        longest = max(longest, *ending.values(), 0)
    return longest

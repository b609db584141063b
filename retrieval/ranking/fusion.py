"""
Fusion: a first order of the candidates from what the channels say, such that a blind channel cannot distort it.

A cosine is trusted as it is. BM25 sums are added in proportion to how much of the question the corpus has words
for: for an English question over Vietnamese documents that is next to nothing, so the few accidental matches
do not vote, and where nothing matches the term is simply zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from retrieval.index.candidate import Candidate
from retrieval.index.lexical.field_query import Field
from retrieval.language.synonym import SYNONYM_WEIGHT
from retrieval.question.query import Query

# What one term that a single passage holds is worth against one unit of cosine. E5's cosines of right and wrong
# passages differ by a few hundredths. Sums of BM25 grow with ln N through their idf, so they are measured in the
# idf of such a term: one weight then serves 48 passages and 2,000. They are not divided by the question's length: a
# longer question that matches is more evidence.
_LEXICAL = 0.0075
_TITLE = 0.004


def coverage(
    terms: Sequence[str], idf: Callable[[Field, str], float], knows: Callable[[str], bool], *, said: Sequence[str] = ()
) -> float:
    """
    The share, in [0, 1] and weighted by rarity, of the question's terms that occur anywhere in the corpus. Those that
    are `said`, everyday words whose official ones occur, are covered by as much as these are worth.
    """
    least = dict.fromkeys(terms, 0.0) | dict.fromkeys(said, SYNONYM_WEIGHT)
    weights = {term: idf("folded", term) for term in least}
    total = sum(weights.values())
    held = sum(weight * (1.0 if knows(term) else least[term]) for term, weight in weights.items())
    return held / total if total else 0.0


def query_coverage(query: Query, idf: Callable[[Field, str], float], knows: Callable[[str], bool]) -> float:
    """
    The coverage of a question by the corpus. Of an English one each thing counts once, as much as its rarest term, and
    wholly or not at all: half the syllables of its Vietnamese words are half of other words.
    """
    if not query.gloss:
        said = [term for synonym in query.synonyms for term in synonym[0].folded]
        return coverage(query.match_terms, idf, knows, said=said)
    words = [((term,),) for term in query.terms.folded if "_" not in term]
    things = [tuple(wording.folded for wording in concept) for concept in query.concepts]
    held = total = 0.0
    for wordings in (*words, *things):
        known = [terms for terms in wordings if all(map(knows, terms))]
        weight = min(max(idf("folded", term) for term in terms) for terms in known or wordings)
        total += weight
        held += weight if known else 0.0
    return held / total if total else 0.0


def fuse(candidates: Sequence[Candidate], covered: float, rarest_idf: float) -> list[Candidate]:
    """
    The candidates, best first; equal scores keep reading order, so that equal inputs rank equally.

    `covered`: see `coverage`; `rarest_idf`: the idf of a term that one passage holds.
    """
    return sorted(candidates, key=lambda candidate: -_score(candidate, covered, rarest_idf))


def _score(candidate: Candidate, covered: float, rarest_idf: float) -> float:
    scores = candidate.scores
    lexical = _LEXICAL * (scores.exact + scores.folded) + _TITLE * scores.title
    return scores.dense + covered * lexical / rarest_idf

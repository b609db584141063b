"""
Fusion: a first-stage order of the candidates from their channel scores.

The cosine counts in full. BM25 sums count in proportion to the share of the question's terms that the corpus holds: for
an English question over Vietnamese documents that is almost zero, so that accidental matches do not count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from retrieval.index.candidate import Candidate
from retrieval.index.scoring.field_query import Field
from retrieval.language.synonym import SYNONYM_WEIGHT
from retrieval.question.query import Query

# The weight of a term that a single passage holds, against one unit of cosine. E5's cosines of right and wrong passages
# differ by a few hundredths. BM25 sums grow with ln N through the idf, so they are measured in the idf of such a term:
# one weight then serves 48 passages and 2,000. They are not divided by the question's length, since a longer match is
# stronger evidence.
_LEXICAL = 0.0075
_TITLE = 0.004


def coverage(
    terms: Sequence[str], idf: Callable[[Field, str], float], knows: Callable[[str], bool], *, said: Sequence[str] = ()
) -> float:
    """
    The share of the question's terms that the corpus holds, weighted by idf.

    It is in [0, 1].

    `said`: everyday terms whose official synonyms occur; they count as covered by the weight of a synonym.
    """
    least = dict.fromkeys(terms, 0.0) | dict.fromkeys(said, SYNONYM_WEIGHT)
    weights = {term: idf("folded", term) for term in least}
    total = sum(weights.values())
    held = sum(weight * (1.0 if knows(term) else least[term]) for term, weight in weights.items())
    return held / total if total else 0.0


def query_coverage(query: Query, idf: Callable[[Field, str], float], knows: Callable[[str], bool]) -> float:
    """
    The coverage of a question by the corpus.

    In an English question each concept counts once, by its rarest term, and only if all its terms occur: half of a
    Vietnamese word's syllables belong to other words.
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
    Sort the candidates, best first.

    Equal scores keep reading order, so that equal inputs rank equally.

    `covered`: see `coverage`; `rarest_idf`: the idf of a term that one passage holds.
    """
    return sorted(candidates, key=lambda candidate: -_score(candidate, covered, rarest_idf))


def _score(candidate: Candidate, covered: float, rarest_idf: float) -> float:
    scores = candidate.scores
    lexical = _LEXICAL * (scores.exact + scores.folded) + _TITLE * scores.title
    return scores.dense + covered * lexical / rarest_idf

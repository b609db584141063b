"""
How often the highlighted sentence contains an answer, beside two baselines.

Measured on right passages of sets that carry answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings import Encoder
from retrieval.answering.quote import Quote
from retrieval.evaluation.evaluator import EvaluatedQuestion
from retrieval.evaluation.question_set import spread
from retrieval.evaluation.questions import EvalQuestion
from retrieval.index.build.embedding_cache import EmbeddingCache
from retrieval.language.sentence import split_sentences

SAMPLE = 200  # passages whose sentences are encoded: a sentence costs as much as a passage


@dataclass(frozen=True, slots=True)
class HighlightShares:
    """Shares of right passages, in [0, 1], whose chosen sentence contains an answer."""

    passages: int
    highlighted: float
    random: float  # expected of a sentence chosen at random
    sampled: int
    highlighted_of_sample: float
    nearest: float  # of the sample: the sentence with the best cosine to the question


def highlight_shares(outcomes: Sequence[EvaluatedQuestion], encoder: Encoder, cache: Path) -> HighlightShares | None:
    """
    Compute the shares; None when no question with answers has a right passage.

    `cache` is the embedding cache file.
    """
    right = [outcome for outcome in outcomes if outcome.rank and outcome.question.answers]
    if not right:
        return None
    sample = spread(right, SAMPLE)
    with EmbeddingCache(cache) as vectors:
        nearest = nearest_sentences(sample, encoder, vectors)
    return HighlightShares(
        passages=len(right),
        highlighted=_mean([_highlight_holds(outcome) for outcome in right]),
        random=_mean([random_share(right_quote(outcome).text, outcome.question) for outcome in right]),
        sampled=len(sample),
        highlighted_of_sample=_mean([_highlight_holds(outcome) for outcome in sample]),
        nearest=_mean([o.question.answered_by(words) for o, words in zip(sample, nearest, strict=True)]),
    )


def random_share(text: str, question: EvalQuestion) -> float:
    """The probability that a sentence of the text, chosen uniformly, contains an answer."""
    return _mean([question.answered_by(sentence) for sentence in _sentences(text)])


def nearest_sentences(outcomes: Sequence[EvaluatedQuestion], encoder: Encoder, cache: EmbeddingCache) -> list[str]:
    """
    For each right passage, the sentence with the best cosine to the question.

    The best reading of the question counts, as in search.
    """
    sentences = [_sentences(right_quote(outcome).text) for outcome in outcomes]
    distinct = list(dict.fromkeys(words for passage in sentences for words in passage))
    rows = dict(zip(distinct, cache.encode_passages(encoder, distinct), strict=True))
    found = []
    for outcome, passage in zip(outcomes, sentences, strict=True):
        readings = encoder.encode_queries(outcome.answer.query.readings)
        cosines = np.array([rows[words] for words in passage]) @ readings.T  # (sentences, readings)
        found.append(passage[int(cosines.max(axis=1).argmax())])
    return found


def right_quote(outcome: EvaluatedQuestion) -> Quote:
    """The first right quote of an outcome that has one."""
    return outcome.answer.hits[outcome.rank - 1].quote


def _highlight_holds(outcome: EvaluatedQuestion) -> bool:
    quote = right_quote(outcome)
    return outcome.question.answered_by(quote.text[slice(*quote.highlight)])


def _sentences(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in split_sentences(text)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)

"""
Highlights: the sentence of a passage that answers.

Matching words decide, weighted by idf. Near ties go to a sentence that holds what is asked for (a number, a date, a
person, a place), and sentences in the best dense window get a bonus. A sentence in the form that is asked for, such as
a definition, precedes all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum

from retrieval.index.scoring.field_query import Field
from retrieval.language.analyzer import Terms, analyze
from retrieval.language.sentence import Sentence, split_sentences
from retrieval.language.spelling import fold
from retrieval.ranking.answer_kinds.answer_form import answer_form
from retrieval.window import Window, split_windows

_TYPE_BONUS = 0.15  # of the question's total weight: enough to break near ties, not to outvote a rare word
_WINDOW_BONUS = 0.25
_FORM_BONUS = 2.0  # more than all others together
_NUMBER = re.compile(r"\d|\b(một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|hơn|gần)\b")
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}|\bnăm \d{4}|tháng \d|ngày \d", re.IGNORECASE)
_NAME = re.compile(r"\b[A-ZĐÀ-Ỹ][\wà-ỹ]+ [A-ZĐÀ-Ỹ]")
_PLACE = re.compile(r"\b(tại|ở|từ|đến)\b")
_ANSWER_TYPES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"\b(bao nhieu|may|how many|how much)\b"), _NUMBER),
    (re.compile(r"\b(khi nao|bao gio|ngay nao|nam nao|luc nao|thoi gian nao|when)\b"), _DATE),
    (re.compile(r"\b(ai|nguoi nao|who|whom)\b"), _NAME),
    (re.compile(r"\b(o dau|noi nao|tai dau|where)\b"), _PLACE),
)


class Highlighter:
    """
    Finds the sentence that best answers; created once for each question.

    Args:
        terms: the terms to match.
        idf: the idf of a term in a field of the index.
    """

    def __init__(self, question: str, terms: Terms, idf: Callable[[Field, str], float]) -> None:
        self._weights = {term: idf("folded", term) for term in terms.folded} | {
            term: idf("exact", term) for term in terms.exact
        }
        self._total = sum(self._weights.values()) or 1.0
        bare = fold(question)
        self._form = answer_form(question)
        self._answer_types = [number for number, (asking, _) in enumerate(_ANSWER_TYPES) if asking.search(bare)]

    def answering_sentence(self, text: str, windows: Sequence[float]) -> tuple[int, int]:
        """
        (start, end) of the sentence of `text` that best answers.

        `windows` are the cosines of the passage's windows with the question, in the order of `split_windows`.
        """
        split = _split_passage(text)
        best_window = _best_window(split.windows, windows)
        form = self._form.find(text)
        held = [_sentences_with_type(text, number) for number in self._answer_types]

        def score(place: int) -> float:
            sentence = split.sentences[place]
            found = self._weights.keys() & split.terms[place]
            overlap = fsum([self._weights[term] for term in found]) / self._total
            typed = _TYPE_BONUS * _share([held[place] for held in held])
            inside = best_window[0] <= sentence.start and sentence.end <= best_window[1]
            formed = form is not None and sentence.start <= form[0] < sentence.end
            return overlap + typed + _WINDOW_BONUS * inside + _FORM_BONUS * formed

        best = split.sentences[max(range(len(split.sentences)), key=score)]
        return best.start, best.end


@dataclass(frozen=True, slots=True)
class _SplitPassage:
    """
    A passage's sentences, the terms of each, and its windows.

    The terms are exact and folded; the window of the whole text is left out.
    """

    sentences: tuple[Sentence, ...]
    terms: tuple[frozenset[str], ...]
    windows: tuple[Window, ...]


@lru_cache(maxsize=1024)  # the same passages keep being shown
def _split_passage(text: str) -> _SplitPassage:
    sentences = split_sentences(text)
    found = [analyze(text[sentence.start : sentence.end]) for sentence in sentences]
    return _SplitPassage(
        sentences, tuple(frozenset((*terms.folded, *terms.exact)) for terms in found), split_windows(text)[:-1]
    )


@lru_cache(maxsize=1024)
def _sentences_with_type(text: str, number: int) -> tuple[bool, ...]:
    """
    Whether each sentence of a passage holds an answer of one type.

    `number` is the type's place in `_ANSWER_TYPES`.
    """
    _, thing = _ANSWER_TYPES[number]
    return tuple(
        thing.search(text[sentence.start : sentence.end]) is not None for sentence in _split_passage(text).sentences
    )


def _best_window(windows: Sequence[Window], cosines: Sequence[float]) -> tuple[int, int]:
    """The span of the best window; empty when there is none."""
    if len(windows) < 2 or len(cosines) != len(windows) + 1:
        return (0, 0)
    best = max(range(len(windows)), key=lambda i: cosines[i])
    return windows[best].start, windows[best].end


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0

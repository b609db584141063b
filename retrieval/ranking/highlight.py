"""
Highlights: the sentence of a passage that answers.

Matching words decide, weighted by idf. Near ties go to a sentence that holds what is asked for (a number, a date, a
person, a place), and sentences in the best dense window get a bonus. A sentence in the form that is asked for, such as
a definition, precedes all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import fsum

from retrieval.index.scoring.field_query import Field
from retrieval.language.analyzer import WORD, Terms, entity_tokens
from retrieval.language.sentence import split_sentences
from retrieval.language.spelling import exact_key, fold, folded_key
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
        self._firsts = {term.split("_")[0] for term in self._weights if "_" in term}  # of pairs
        self._has_entities = any(not WORD.fullmatch(part) for term in self._weights for part in term.split("_"))
        bare = fold(question)
        self._form = answer_form(question)
        self._answer_types = [number for number, (asking, _) in enumerate(_ANSWER_TYPES) if asking.search(bare)]

    def answering_sentence(self, text: str, windows: Sequence[float]) -> tuple[int, int]:
        """
        (start, end) of the sentence of `text` that best answers.

        `windows` are the cosines of the passage's windows with the question, in the order of `split_windows`.
        """
        sentences = split_sentences(text)
        best_window = _best_window(_windows_of(text), windows)
        form = self._form.find(text)
        held = [_sentences_with_type(text, number) for number in self._answer_types]

        def score(place: int) -> float:
            sentence = sentences[place]
            overlap = (
                fsum([self._weights[term] for term in self._held(text[sentence.start : sentence.end])]) / self._total
            )
            typed = _TYPE_BONUS * _share([held[place] for held in held])
            inside = best_window[0] <= sentence.start and sentence.end <= best_window[1]
            formed = form is not None and sentence.start <= form[0] < sentence.end
            return overlap + typed + _WINDOW_BONUS * inside + _FORM_BONUS * formed

        best = sentences[max(range(len(sentences)), key=score)]
        return best.start, best.end

    def _held(self, sentence: str) -> set[str]:
        """
        The terms to match that `analyze` would give of a sentence.

        Most of its pairs are none of them, and making all takes five times as long.
        """
        words = WORD.findall(sentence)
        held: set[str] = set()
        for key_of in (folded_key, exact_key):
            keys = [key_of(word) for word in words]
            held |= self._weights.keys() & keys
            pairs = (f"{first}_{second}" for first, second in pairwise(keys) if first in self._firsts)
            held.update(pair for pair in pairs if pair in self._weights)
        if self._has_entities:
            held |= self._weights.keys() & entity_tokens(sentence)
        return held


@lru_cache(maxsize=1024)  # the same passages keep being shown
def _windows_of(text: str) -> tuple[Window, ...]:
    """The windows of a passage but for that of the whole text."""
    return split_windows(text)[:-1]


@lru_cache(maxsize=1024)
def _sentences_with_type(text: str, number: int) -> tuple[bool, ...]:
    """
    Whether each sentence of a passage holds an answer of one type.

    `number` is the type's place in `_ANSWER_TYPES`.
    """
    _, thing = _ANSWER_TYPES[number]
    return tuple(thing.search(text[sentence.start : sentence.end]) is not None for sentence in split_sentences(text))


def _best_window(windows: Sequence[Window], cosines: Sequence[float]) -> tuple[int, int]:
    """The span of the best window; empty when there is none."""
    if len(windows) < 2 or len(cosines) != len(windows) + 1:
        return (0, 0)
    best = max(range(len(windows)), key=lambda i: cosines[i])
    return windows[best].start, windows[best].end


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0

"""
Duplicates: paragraphs found in several documents, of which one is shown and cites the others.

Paragraphs are compared, never whole documents, so that whatever else a reprint says stays findable. Shingles find near
duplicates; then every difference is examined, since in official texts one number, one "không" or one name makes a
different rule.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from retrieval.language.analyzer import WORD
from retrieval.language.sentence import split_sentences
from retrieval.language.spelling import exact_key, nfc
from retrieval.ranking.score import RankedCandidate

_SHINGLE = 5  # words
# Containment, Broder 1997, "On the resemblance and containment of documents": the share of the shorter text's shingles
# that the longer one has. An inserted word breaks 4 of them, so 0.9 allows two small changes in a hundred words.
_CONTAINMENT = 0.9
_LENGTH_RATIO = 1.3  # of the word counts: a paragraph with more added than that is a different one
_DATELINE_WORDS = 12  # words before a paragraph, ending in a dash, colon or bracket: "Hà Nội, 25/8 (TTXVN) - "
_DATELINE_END = re.compile(r"[-–—:)\]]")
_FIRST_OF_PAIR = np.uint32(0x9E3779B1)  # odd and large: equal sums of different pairs are as rare as can be
_SENTENCE_END = re.compile(r"[.!?…]")
# An alignment looks at each pair of equal words: 2,000 words of prose have 25,000 pairs, one word 4,000 times has 16
# million (2.4 s). What would take more steps than these is not aligned, and stays two paragraphs.
_STEPS = 250_000  # of two paragraphs
_STEPS_OF_A_QUESTION = 1_000_000
_LONGEST = 20_000  # characters, ten pages; a longer paragraph is a duplicate of an equal one only
# Never in one text only, like digits outside a dateline: it may be an amended rule.
_NEGATIONS = frozenset(
    map(exact_key, "không chẳng chả chưa đừng chớ cấm trừ miễn bỏ hủy thôi hết vô phi bất ngừng".split())
)
# Never added inside a sentence: conditions, duties, limits, numerals.
_SIGNIFICANT = frozenset(
    map(
        exact_key,
        """
        nếu khi hoặc hay và nhưng phải được bị có thể cần nên chỉ riêng cả mọi mỗi các từng
        tối đa thiểu ít nhiều nhất hơn kém trên dưới quá trước sau từ đến gần khoảng tăng giảm thứ lần đầu cuối
        một hai ba bốn tư năm lăm sáu bảy tám chín mười mươi chục trăm nghìn ngàn vạn triệu tỷ rưỡi nửa đôi
        """.split(),
    )
)


@dataclass(frozen=True, slots=True)
class WordedText:
    """A text's words, ignoring only letter case, punctuation and tone mark placement."""

    text: str  # NFC
    words: tuple[re.Match[str], ...]
    keys: tuple[str, ...]
    shingles: frozenset[tuple[str, ...]]

    def between(self, place: int) -> str:
        """The characters between a word and its predecessor."""
        start = self.words[place - 1].end() if place else 0
        return self.text[start : self.words[place].start() if place < len(self.words) else None]


@lru_cache(maxsize=128)  # up to 2 MB each
def words_of(text: str) -> WordedText:
    """The words of a text."""
    text = nfc(text)
    words = tuple(WORD.finditer(text))
    keys = tuple(exact_key(word[0]) for word in words)
    starts = range(max(1, len(keys) - _SHINGLE + 1))
    return WordedText(text, words, keys, frozenset(keys[i : i + _SHINGLE] for i in starts))


class Steps:
    """The steps left for aligning the paragraphs of one question."""

    def __init__(self) -> None:
        self._left = _STEPS_OF_A_QUESTION

    def suffice(self, one: WordedText, other: WordedText) -> bool:
        """Whether two texts may be aligned; if so, take the steps."""
        counts = Counter(other.keys)
        steps = sum(counts[key] for key in one.keys)
        if steps > min(self._left, _STEPS):
            return False
        self._left -= steps
        return True


def same_words(one: WordedText, other: WordedText, steps: Steps | None = None) -> bool:
    """Whether both texts say the same in the same words; symmetric."""
    if one.keys == other.keys:
        return bool(one.keys) or one.text == other.text
    # In a fixed order, since aligning a with b may differ from aligning b with a.
    longer, shorter = sorted((one, other), key=lambda text: (-len(text.keys), text.keys))
    return (
        len(longer.keys) <= _LENGTH_RATIO * len(shorter.keys)
        and len(longer.shingles & shorter.shingles) >= _CONTAINMENT * len(shorter.shingles)
        and (steps or Steps()).suffice(longer, shorter)
        and _differ_harmlessly(longer, shorter)
    )


def _differ_harmlessly(one: WordedText, other: WordedText) -> bool:
    """Whether the texts differ only by insignificant words added to either, never by a replacement."""
    changes = SequenceMatcher(None, one.keys, other.keys, autojunk=False).get_opcodes()
    return all(
        change == "equal"
        or (change == "delete" and _is_harmless(one, start, end))
        or (change == "insert" and _is_harmless(other, other_start, other_end))
        for change, start, end, other_start, other_end in changes
    )


def _is_harmless(text: WordedText, start: int, end: int) -> bool:
    """
    Whether a duplicate may lack these words.

    It may lack a dateline, whole sentences at an end, or insignificant words.
    """
    before, after = text.between(start), text.between(end)
    words, keys = [word[0] for word in text.words[start:end]], text.keys[start:end]
    if not _NEGATIONS.isdisjoint(keys):
        return False
    if start == 0 and end <= _DATELINE_WORDS and _DATELINE_END.search(after):
        return True
    if any(char.isdigit() for word in words for char in word):
        return False
    if _ends_sentence(after) if start == 0 else end == len(text.words) and _ends_sentence(before):
        return True
    return _SIGNIFICANT.isdisjoint(keys) and not any(word[0].isupper() for word in words)


def _ends_sentence(between: str) -> bool:
    """Whether a sentence ends between two words of one line."""
    # A list with another item is a different list.
    return "\n" not in between and _SENTENCE_END.search(between) is not None


def group_duplicates(
    places: Sequence[RankedCandidate], published: Callable[[str], date | None]
) -> list[tuple[RankedCandidate, ...]]:
    """
    Group ranked candidates with their duplicates, best first.

    Each group starts with the one to show.

    That is the one with the most sentences, so that nothing a copy says is lost; it takes the score of the best. Among
    equals it is the best ranked, since copies differ in rank by their titles and the better title fits the question;
    then the earliest dated, most likely the original.

    `published`: looks up a document's date by its id.
    """
    steps = Steps()
    texts = [place.candidate.passage.text for place in places]
    alike = _share_pairs([place.candidate.words.numbers for place in places])
    groups: dict[int, list[RankedCandidate]] = {}  # by the number of its first
    for number, place in enumerate(places):
        for first, members in groups.items():
            if alike[number][first] and _is_same(texts[first], texts[number], steps):
                members.append(place)
                break
        else:
            groups[number] = [place]
    return [
        _representative_first(members, published) if len(members) > 1 else tuple(members) for members in groups.values()
    ]


def _share_pairs(texts: Sequence[NDArray[np.uint32]]) -> list[list[bool]]:
    """
    Whether each two texts have half of their different pairs of words in common.

    Texts that say the same have nearly all: this rules out most comparisons word by word.

    `texts`: (words,) uint32 each, as in `PassageWords`.
    """
    if not texts:
        return []
    pairs = [
        np.append(numbers[1:], np.uint32(0)) + _FIRST_OF_PAIR * numbers for numbers in texts
    ]  # the last word's is with none
    different, places = np.unique(np.concatenate(pairs), return_inverse=True)
    held = np.zeros((len(texts), len(different)), np.float32)
    held[np.repeat(np.arange(len(texts)), [len(own) for own in pairs]), places] = 1.0
    common = held @ held.T
    sizes = common.diagonal()
    alike: list[list[bool]] = (2 * common >= np.maximum(sizes[:, None], sizes)).tolist()
    return alike


def _is_same(one: str, other: str, steps: Steps) -> bool:
    if len(one) > _LONGEST or len(other) > _LONGEST:
        return one == other
    return same_words(words_of(one), words_of(other), steps)


def _representative_first(
    members: list[RankedCandidate], published: Callable[[str], date | None]
) -> tuple[RankedCandidate, ...]:
    def precedence(place: RankedCandidate) -> tuple[int, float, date]:
        passage = place.candidate.passage
        # Vectors from different batches differ in their last digits.
        score = round(place.score, 4)
        return -len(split_sentences(passage.text)), -score, published(passage.doc_id) or date.max

    shown = min(members, key=precedence)
    others = (place for place in members if place is not shown)
    return (replace(shown, score=members[0].score), *others)

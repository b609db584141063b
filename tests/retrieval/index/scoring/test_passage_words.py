"""The words of passages, stored or found again."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.scoring.forward_index import field_numbers
from retrieval.index.scoring.passage_words import PassageWords, find_words, passage_words, sentence_ends
from retrieval.language.analyzer import WORD, analyze
from retrieval.language.sentence import split_sentences
from retrieval.language.spelling import folded_key

TEXTS = st.lists(
    st.sampled_from(["đơn", "vị", "Họp", "29/7/2022", "104/2012/NĐ-CP", ".", ". ", "; ", "\n", " ", "…", "3.", "TP. "])
).map(" ".join)


def test_words_are_found_where_they_stand() -> None:
    """By position and sentence, in each passage; what is not asked for is left out."""
    found = find_words(
        [passage_words("Đơn vị họp. Nghỉ ở đơn vị."), passage_words(""), passage_words("Vị trí.")], ["don", "vi"]
    )

    assert found == [[(0, 0, "don"), (1, 0, "vi"), (5, 1, "don"), (6, 1, "vi")], [], [(0, 0, "vi")]]


def test_nothing_is_found_of_nothing() -> None:
    """No words to find, no passages, passages without words."""
    assert find_words([passage_words("đơn vị")], []) == [[]]
    assert find_words([], ["don"]) == []
    assert find_words([passage_words("***"), passage_words("")], ["don"]) == [[], []]


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_stored_numbers_say_the_same_as_the_text(texts: list[str]) -> None:
    """An engine has the numbers of a field, behind which official numbers and dates follow, and the ends."""
    stored = []
    for text in texts:
        ends = sentence_ends(text)
        numbers = field_numbers(analyze(text).folded)
        stored.append(PassageWords(numbers[: ends[-1]] if len(ends) else numbers[:0], ends))
    keys = ["don", "hop", "29", "2012", "nd"]

    assert find_words(stored, keys) == find_words([passage_words(text) for text in texts], keys)
    for text, found in zip(texts, find_words(stored, keys), strict=True):
        words = [folded_key(word) for word in WORD.findall(text)]
        assert [(place, key) for place, _, key in found] == [(p, word) for p, word in enumerate(words) if word in keys]
        lengths = [len(WORD.findall(text, s.start, s.end)) for s in split_sentences(text)]
        borders = [*accumulate(lengths)]
        assert [number for _, number, _ in found] == [int(np.searchsorted(borders, p, "right")) for p, *_ in found]

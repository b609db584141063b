"""The words of passages, stored or found again."""

from __future__ import annotations

from itertools import accumulate

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


def found(passages: list[PassageWords], keys: list[str]) -> list[tuple[int, int, int, str]]:
    """Passage, position, sentence and key of each hit."""
    hits = find_words(passages, keys)
    rows = zip(hits.passages.tolist(), hits.places.tolist(), hits.sentences.tolist(), hits.keys.tolist(), strict=True)
    return [(passage, place, sentence, keys[key]) for passage, place, sentence, key in rows]


def test_words_are_found_where_they_stand() -> None:
    """By passage, position and sentence; what is not asked for is left out."""
    passages = [passage_words(text) for text in ("Đơn vị họp. Nghỉ ở đơn vị.", "", "Xa. Vị trí.")]

    assert found(passages, ["vi", "don"]) == [
        (0, 0, 0, "don"),
        (0, 1, 0, "vi"),
        (0, 5, 1, "don"),
        (0, 6, 1, "vi"),
        (2, 1, 3, "vi"),
    ]


def test_nothing_is_found_of_nothing() -> None:
    """No words to find, no passages, passages without words."""
    assert found([passage_words("đơn vị")], []) == []
    assert found([], ["don"]) == []
    assert found([passage_words("***"), passage_words("")], ["don"]) == []


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_stored_numbers_say_the_same_as_the_text(texts: list[str]) -> None:
    """An engine has the numbers of a field, behind which official numbers and dates follow, and the ends."""
    stored = []
    for text in texts:
        ends = sentence_ends(text)
        numbers = field_numbers(analyze(text).folded)
        stored.append(PassageWords(numbers[: ends[-1]] if len(ends) else numbers[:0], ends))
    keys = ["don", "hop", "29", "2012", "nd"]

    assert found(stored, keys) == found([passage_words(text) for text in texts], keys)
    expected, sentences = [], 0
    for passage, text in enumerate(texts):
        words = [folded_key(word) for word in WORD.findall(text)]
        ends = [*accumulate(len(WORD.findall(text, each.start, each.end)) for each in split_sentences(text))]
        expected += [
            (passage, place, sentences + sum(place >= end for end in ends), key)
            for place, key in enumerate(words)
            if key in keys
        ]
        sentences += len(ends)
    assert found(stored, keys) == expected

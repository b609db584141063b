"""Evidence, by hand."""

from __future__ import annotations

import math
from collections.abc import Set as AbstractSet
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.candidate import Candidate, ChannelScores
from retrieval.index.records.document_record import DocumentRecord
from retrieval.language.analyzer import WORD
from retrieval.language.sentence import split_sentences
from retrieval.language.spelling import folded_key
from retrieval.passage import Passage
from retrieval.question.understanding import understand
from retrieval.ranking.features import NAMES, FeatureExtractor, Features
from retrieval.ranking.learned.calibration import shipped_calibration
from retrieval.ranking.score import learned_contributions, rank_candidates
from tests.retrieval.language.test_diacritic_restoration import Counted

NEAR = 0.5
SPELLINGS = Counted("đơn vị có bảy mươi người họp tại hà nội")


def candidate(text: str, *windows: float, exact: float = 0.0) -> Candidate:
    passage = Passage("a.txt#1", "a.txt", "paragraph", 1, 1, 0, len(text), text)
    return Candidate(passage, ChannelScores(windows, exact, 0.0, 0.0))


def extractor(question: str, covered: float = 1.0) -> FeatureExtractor:
    return FeatureExtractor(understand(question, SPELLINGS), lambda _, __: 2.0, covered=covered, rarest_idf=4.0)


def weigh(question: str, found: Candidate, covered: float = 1.0, title: str = "") -> Features:
    return extractor(question, covered).extract([found], [NEAR], [title])[0]


def untitled(doc_id: str) -> DocumentRecord:
    return DocumentRecord(doc_id, doc_id, "", "", "", None, "")


def test_shares_are_of_the_best_sentence() -> None:
    """Of đơn, vị, họp the second sentence holds all three, the first one; of the two pairs it holds one."""
    evidence = weigh("đơn vị họp", candidate("Họp xong. Đơn vị mới họp. Nghỉ.", 0.9))

    assert (evidence.sentence_words, evidence.sentence_pairs) == (1.0, 0.5)


def test_what_the_title_says_is_no_merit_of_a_sentence() -> None:
    """Of đơn, vị, họp the title holds two, the sentence earns the third; the title also has the pair "đơn vị"."""
    evidence = weigh("đơn vị họp", candidate("Các vị họp đơn.", 0.9), title="Đơn vị 70")

    assert (evidence.sentence_words, evidence.sentence_pairs) == (pytest.approx(1 / 3), 1.0)


def test_a_pair_across_two_sentences_is_none() -> None:
    """ "đơn. Vị" is not "đơn vị"."""
    evidence = weigh("đơn vị", candidate("Viết đơn. Vị trí cũ.", 0.9))

    assert (evidence.sentence_words, evidence.sentence_pairs) == (0.5, 0.0)


def test_the_run_is_the_longest_stretch_word_for_word() -> None:
    """ "họp tại hà" stands in the passage; the whole question does not. Marks do not matter here."""
    evidence = weigh("đơn vị họp tại hà nội", candidate("Hôm nay họp tai ha giang.", 0.9))

    assert evidence.run == 3.0


WORDS = st.lists(st.sampled_from(["đơn", "vị", "họp", "Hà", "nội", "mới.", "xong;", "đơn vị"]), max_size=14).map(
    " ".join
)


@given(st.lists(WORDS, min_size=1, max_size=4), WORDS.filter(str.strip), WORDS)
def test_all_at_once_is_one_by_one(texts: list[str], question: str, title: str) -> None:
    """Sentence by sentence and word by word, as they are defined; all of a question's terms weigh the same."""
    found = extractor(question).extract(
        [candidate(text, 0.9) for text in texts], [NEAR] * len(texts), [title] * len(texts)
    )

    asked = [folded_key(word) for word in WORD.findall(question)]
    heading = [folded_key(word) for word in WORD.findall(title)]
    for text, features in zip(texts, found, strict=True):
        sentences = [[folded_key(word) for word in WORD.findall(text, s.start, s.end)] for s in split_sentences(text)]
        shares = [share(set(asked), set(words) - set(heading)) for words in sentences]
        paired = [share(set(pairwise(asked)), {*pairwise(words), *pairwise(heading)}) for words in [[], *sentences]]
        words = [word for sentence in sentences for word in sentence]
        runs = [
            length
            for length in range(len(asked) + 1)
            for start in range(len(asked) - length + 1)
            if any(words[place : place + length] == asked[start : start + length] for place in range(len(words) + 1))
        ]
        assert features.sentence_words == pytest.approx(max([0.0, *shares]))
        assert features.sentence_pairs == pytest.approx(max(paired))
        assert features.run == max(runs)


def share(wanted: AbstractSet[object], held: AbstractSet[object]) -> float:
    """The share of the wanted terms that are held, 0 of none."""
    return len(wanted & held) / len(wanted) if wanted else 0.0


def test_channels_are_scaled_by_rarity_and_coverage() -> None:
    """BM25 8 in units of 4, of which the corpus covers half: 1; cosines are the best and the mean of two."""
    evidence = weigh("đơn vị", candidate("Đơn vị.", 0.7, 0.9, 0.8, exact=8.0), covered=0.5)

    assert (evidence.exact, evidence.cosine, evidence.second) == pytest.approx((1.0, 0.9, 0.85))


def test_a_passage_without_words_weighs_nothing() -> None:
    """A line of signs has no sentence to share words with."""
    evidence = weigh("đơn vị", candidate("***", 0.8))

    assert (evidence.sentence_words, evidence.sentence_pairs, evidence.run) == (0.0, 0.0, 0.0)


def test_more_evidence_never_lowers_a_score() -> None:
    """Every learned weight is positive, so a passage is never pushed back for holding what was asked."""
    assert min(shipped_calibration().weights.values()) > 0


def test_of_equal_candidates_the_one_whose_tokens_are_nearer_comes_first() -> None:
    """Late interaction is evidence like any other."""
    found = [candidate("Đơn vị.", 0.8), candidate("Đơn vị!", 0.8)]

    places = rank_candidates(found, [0.4, 0.6], extractor("đơn vị"), untitled)

    assert [place.features.near for place in places] == [0.6, 0.4]


def test_across_languages_tokens_count_half() -> None:
    """The other weights are the same."""
    ones, shipped = Features(*[1.0] * len(NAMES)), shipped_calibration().weights

    foreign = learned_contributions(ones, shipped, foreign=True)

    assert learned_contributions(ones, shipped, foreign=False) == shipped
    assert foreign == {**shipped, "near": shipped["near"] / 2}


def test_equal_candidates_keep_their_order() -> None:
    """Ties do not depend on chance."""
    found = [candidate("Đơn vị.", 0.8), candidate("Đơn vị.", 0.8)]

    places = rank_candidates(found, [NEAR, NEAR], extractor("đơn vị"), untitled)

    assert [place.candidate for place in places] == found
    assert places[0].candidate is found[0]


def test_a_passage_that_only_words_put_forward_gets_a_score() -> None:
    """No window was compared, so its cosines count as the lowest; the score is still a number."""
    (place,) = rank_candidates([candidate("Đơn vị.", exact=3.0)], [NEAR], extractor("đơn vị"), untitled)

    assert place.features.cosine == -1.0
    assert math.isfinite(place.score)

"""The highlighted sentence beside simpler choices, against arithmetic done by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.evaluation.evaluator import EvaluatedQuestion, evaluate
from retrieval.evaluation.highlight_shares import highlight_shares, nearest_sentences, random_share
from retrieval.evaluation.questions import EvalQuestion, read_beir_corpus, read_beir_questions
from retrieval.index.build.embedding_cache import EmbeddingCache
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever
from tests.retrieval.evaluation.test_questions import beir
from tests.support.encoders import BagEncoder
from tests.support.silent_progress import SilentProgress

# The question's words stand in the first sentence, the answer of "a" in the second, that of "b" in the first.
TEXT = "Sông Hồng chảy qua thủ đô. Cầu dài hai cây số. Báo cáo tài chính quý một. Mùa này mưa nhiều."
ASKED = "Sông Hồng chảy qua thủ đô nào"


@pytest.fixture
def outcomes(tmp_path: Path, encoder: BagEncoder) -> tuple[EvaluatedQuestion, ...]:
    """Two questions with answers and one without, of one record that is found first, and one that finds nothing."""
    queries = [
        {"_id": "a", "text": ASKED, "metadata": {"answers": ["hai cây số"]}},
        {"_id": "b", "text": ASKED, "metadata": {"answers": ["SÔNG HỒNG", "mưa"]}},
        {"_id": "c", "text": ASKED},
        {"_id": "d", "text": ASKED, "metadata": {"answers": ["x"]}},
    ]
    folder = beir(tmp_path / "beir", [{"_id": "r", "text": TEXT}], queries, "a\tr\t1\nb\tr\t1\nc\tr\t1\nd\tgone\t1\n")
    open_place(tmp_path / "work").build(
        read_beir_corpus(folder), encoder, root=None, model=None, progress=SilentProgress()
    )
    return evaluate(Retriever(tmp_path / "work", encoder), read_beir_questions(folder), mode="full").outcomes


@pytest.mark.parametrize(
    ("answers", "share"),
    [(("hai cây số",), 1 / 4), (("SÔNG HỒNG", "mưa"), 2 / 4), (("chính", "quý"), 1 / 4), (("đô. Cầu",), 0)],
)
def test_a_random_sentence_by_hand(answers: tuple[str, ...], share: float) -> None:
    """Of four sentences, each as likely; one that holds both answers counts once, none holds what spans two."""
    question = EvalQuestion("x", ASKED, (), alternatives=True, answers=answers)

    assert random_share(TEXT, question) == share


def test_the_shares_by_hand(outcomes: tuple[EvaluatedQuestion, ...], encoder: BagEncoder, tmp_path: Path) -> None:
    """
    Of the two right passages with answers the first sentence is highlighted and is nearest to the question: it
    holds the answer of "b" only. At random: (1/4 + 2/4) / 2.
    """
    found = highlight_shares(outcomes, encoder, tmp_path / "vectors.sqlite")

    assert found is not None
    assert (found.passages, found.sampled) == (2, 2)
    assert (found.highlighted, found.random) == (0.5, 0.375)
    assert (found.highlighted_of_sample, found.nearest) == (0.5, 0.5)


def test_nothing_to_say_without_answers(
    outcomes: tuple[EvaluatedQuestion, ...], encoder: BagEncoder, tmp_path: Path
) -> None:
    """No right passage of a question with answers: None, and no vector is paid for."""
    paid = encoder.encoded

    found = highlight_shares(outcomes[2:], encoder, tmp_path / "vectors.sqlite")

    assert (found, encoder.encoded) == (None, paid)
    assert not (tmp_path / "vectors.sqlite").exists()


def test_the_nearest_sentence_is_chosen_by_cosine(
    outcomes: tuple[EvaluatedQuestion, ...], encoder: BagEncoder, tmp_path: Path
) -> None:
    """The sentence that shares the question's words; its vectors are paid for once."""
    with EmbeddingCache(tmp_path / "vectors.sqlite") as vectors:
        first = nearest_sentences(outcomes[:2], encoder, vectors)
        paid = encoder.encoded
        second = nearest_sentences(outcomes[:2], encoder, vectors)

    assert first == second == ["Sông Hồng chảy qua thủ đô."] * 2
    assert encoder.encoded == paid

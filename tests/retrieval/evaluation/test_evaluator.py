"""The measures, against arithmetic done by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.evaluation.evaluator import SetReport, evaluate
from retrieval.evaluation.judgement import Judgement
from retrieval.evaluation.questions import EvalQuestion, Gold, read_beir_corpus, read_beir_questions, read_question_file
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever
from tests.retrieval.evaluation.test_questions import beir
from tests.support.encoders import BagEncoder
from tests.support.silent_progress import SilentProgress

# Asked in these words, records 0, 1 and 2 come in this order: all, half and none of the words.
ASKED = "sông hồng chảy qua thủ đô"
CORPUS = [
    {"_id": "vn#0", "title": "", "text": "Sông Hồng chảy qua thủ đô."},
    {"_id": "vn#1", "title": "", "text": "Sông Hồng ở miền Bắc mùa này."},
    {"_id": "vn#2", "title": "", "text": "Báo cáo tài chính quý."},
]


@pytest.fixture
def run_set(tmp_path: Path, encoder: BagEncoder) -> Callable[[list[dict], str], SetReport]:
    """The report of queries and judgements on the three records."""

    def measure(queries: list[dict], qrels: str) -> SetReport:
        folder = beir(tmp_path / "beir", CORPUS, queries, qrels)
        documents = read_beir_corpus(folder)
        open_place(tmp_path / "work").build(documents, encoder, root=None, model=None, progress=SilentProgress())
        return evaluate(Retriever(tmp_path / "work", encoder), read_beir_questions(folder), mode="full")

    return measure


def test_the_order_that_the_arithmetic_stands_on(run_set: Callable[..., SetReport]) -> None:
    """All words, half of them, none."""
    report = run_set([{"_id": "a", "text": ASKED}], "a\tvn#0\t1\n")

    assert [hit.quote.doc_id for hit in report.outcomes[0].answer.hits] == ["vn#0", "vn#1", "vn#2"]


def test_one_right_record_each(run_set: Callable[..., SetReport]) -> None:
    """
    Gold at ranks 1, 2 and 3: RR (1 + 1/2 + 1/3) / 3, nDCG the mean of 1 / log2(rank + 1), R@1 one in three.
    """
    queries = [{"_id": name, "text": ASKED} for name in "abc"]

    report = run_set(queries, "a\tvn#0\t1\nb\tvn#1\t1\nc\tvn#2\t1\nc\tvn#0\t0\n")

    assert report.measures == pytest.approx(
        {
            "RR@10": (1 + 1 / 2 + 1 / 3) / 3,
            "nDCG@10": (1 + 1 / math.log2(3) + 1 / 2) / 3,
            "R@1": 1 / 3,
            "R@3": 1.0,
            "R@10": 1.0,
        }
    )
    assert [outcome.rank for outcome in report.outcomes] == [1, 2, 3]
    assert report.queries == 3


def test_two_right_records_of_one_question(run_set: Callable[..., SetReport]) -> None:
    """
    Both relevant, at ranks 1 and 3: R@1 is a half, nDCG (1 + 1/2) / (1 + 1/log2 3).
    """
    report = run_set([{"_id": "a", "text": ASKED}], "a\tvn#0\t1\na\tvn#2\t1\n")

    assert report.measures == pytest.approx(
        {"RR@10": 1.0, "nDCG@10": 1.5 / (1 + 1 / math.log2(3)), "R@1": 0.5, "R@3": 1.0, "R@10": 1.0}
    )


def test_a_relevant_record_that_is_not_there_counts_against(run_set: Callable[..., SetReport]) -> None:
    """One of two found: recall is a half everywhere; a question whose only gold is missing gets nothing."""
    queries = [{"_id": "a", "text": ASKED}, {"_id": "b", "text": ASKED}]

    report = run_set(queries, "a\tvn#0\t1\na\tgone\t1\nb\tgone\t1\n")

    assert report.measures == pytest.approx(
        {"RR@10": 0.5, "nDCG@10": 0.5 / (1 + 1 / math.log2(3)), "R@1": 0.25, "R@3": 0.25, "R@10": 0.25}
    )
    assert [outcome.rank for outcome in report.outcomes] == [1, 0]


def test_right_records_that_are_copies_are_one_answer(tmp_path: Path, encoder: BagEncoder) -> None:
    """The same words under two ids, shown once at rank 1: nothing is missing, and the third record is still apart."""
    corpus = [*CORPUS, {**CORPUS[0], "_id": "copy#0"}]
    qrels = "a\tvn#0\t1\na\tcopy#0\t1\nb\tvn#0\t1\nb\tcopy#0\t1\nb\tvn#2\t1\n"
    folder = beir(tmp_path / "beir", corpus, [{"_id": "a", "text": ASKED}, {"_id": "b", "text": ASKED}], qrels)
    open_place(tmp_path / "work").build(
        read_beir_corpus(folder), encoder, root=None, model=None, progress=SilentProgress()
    )

    outcomes = evaluate(Retriever(tmp_path / "work", encoder), read_beir_questions(folder), mode="full").outcomes

    assert [outcome.judgement for outcome in outcomes] == [Judgement((1,), 1), Judgement((1, 3), 2)]


FILES = {
    "a": "Sông ngòi\n\nSông Hồng chảy qua thủ đô.\n\nSông Hồng ở miền Bắc mùa này.",
    "b": "Sổ sách\n\nBáo cáo tài chính quý một.",
}


@pytest.fixture
def retriever(indexed: Callable[..., Path], encoder: BagEncoder) -> Retriever:
    """Two documents of three paragraphs."""
    return Retriever(indexed(**FILES), encoder)


def test_any_one_gold_is_enough(retriever: Retriever, tmp_path: Path) -> None:
    """
    Two accepted passages of which the second comes first: everything is 1, also the recall. A gold with the
    right words in the wrong file is none: nothing is found.
    """
    path = tmp_path / "set.jsonl"
    golds = (
        '{"source": "gone.txt", "contains": "x"}, {"source": "a.txt", "contains": "thủ đô"}',
        '{"source": "b.txt", "contains": "thủ đô"}',
    )
    lines = [f'{{"question": "{ASKED}", "gold": [{gold}]}}\n' for gold in golds]

    path.write_text(lines[0], encoding="utf-8")
    right = evaluate(retriever, read_question_file(path), mode="full")
    path.write_text(lines[1], encoding="utf-8")
    wrong = evaluate(retriever, read_question_file(path), mode="full")

    assert right.measures == dict.fromkeys(("RR@10", "nDCG@10", "R@1", "R@3", "R@10"), 1.0)
    assert wrong.measures == dict.fromkeys(("RR@10", "nDCG@10", "R@1", "R@3", "R@10"), 0.0)


def test_a_gold_that_several_passages_hold(retriever: Retriever) -> None:
    """Both paragraphs hold "Sông Hồng": the first counts, the second adds nothing above 1."""
    question = EvalQuestion("a", ASKED, (Gold("a.txt", "Sông Hồng"),), alternatives=True)

    report = evaluate(retriever, [question], mode="full")

    assert report.measures == dict.fromkeys(("RR@10", "nDCG@10", "R@1", "R@3", "R@10"), 1.0)


def test_unanswerable_questions_count_in_states_only(retriever: Retriever) -> None:
    """The measures are means over the answerable; each kind has its shares, which add up to 1."""
    answerable = EvalQuestion("a", ASKED, (Gold("a.txt", "thủ đô"),), alternatives=True)
    unanswerable = [EvalQuestion(name, "quantum chromodynamics", (), alternatives=True) for name in "bcd"]

    report = evaluate(retriever, [answerable, *unanswerable], mode="full")

    states = [outcome.answer.state for outcome in report.outcomes]
    assert report.measures["RR@10"] == 1.0
    assert report.queries == 4
    assert report.states["answerable"] == {s: float(states[0] == s) for s in ("found", "weak", "none")}
    assert report.states["unanswerable"] == {s: round(states[1:].count(s) / 3, 4) for s in ("found", "weak", "none")}


def test_only_unanswerable_questions(retriever: Retriever) -> None:
    """No answerable question: zeros, not a division by zero; no question at all likewise."""
    report = evaluate(retriever, [EvalQuestion("a", "x", (), alternatives=True)], mode="full")
    empty = evaluate(retriever, [], mode="full")

    assert set(report.measures.values()) == set(empty.measures.values()) == {0.0}
    assert (report.queries, empty.queries) == (1, 0)
    assert set(empty.states["answerable"].values()) == {0.0}


def test_bare_asks_without_marks(retriever: Retriever) -> None:
    """The question that is asked has none; the gold keeps its own."""
    question = EvalQuestion("a", "Đô thị nào có Sông Hồng?", (Gold("a.txt", "Sông Hồng"),), alternatives=True)

    report = evaluate(retriever, [question], mode="bare")

    assert report.outcomes[0].answer.question == "Do thi nao co Song Hong?"
    assert report.measures["R@3"] == 1.0


def test_the_report_as_json(retriever: Retriever) -> None:
    """The contract of `trichdan eval --json`, rounded to four digits."""
    question = EvalQuestion("a", ASKED, (Gold("a.txt", "miền Bắc"),), alternatives=True)

    found = evaluate(retriever, [question], mode="full").to_json()

    assert (found["RR@10"], found["nDCG@10"], found["queries"]) == (0.5, round(1 / math.log2(3), 4), 1)
    assert list(found) == ["RR@10", "nDCG@10", "R@1", "R@3", "R@10", "queries", "states", "ms"]


def test_progress_counts_questions(retriever: Retriever) -> None:
    """One step for each."""
    steps: list[int] = []
    questions = [EvalQuestion(name, ASKED, (), alternatives=True) for name in "abc"]

    evaluate(retriever, questions, mode="full", progress=steps.append)

    assert steps == [1, 1, 1]


def test_highlights_are_judged_by_the_answers_of_the_set(run_set: Callable[..., SetReport]) -> None:
    """Of two right passages the only sentence is highlighted: it holds one question's answer and not the other's."""
    queries = [
        {"_id": "a", "text": ASKED, "metadata": {"answers": ["Thủ đô"]}},
        {"_id": "b", "text": ASKED, "metadata": {"answers": ["miền Nam"]}},
    ]

    report = run_set(queries, "a\tvn#0\t1\nb\tvn#0\t1\n")

    assert report.highlight == 0.5

"""All sets of a folder, asked of small corpora with a tiny encoder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.errors import QuestionSetError
from retrieval.evaluation.mode import MODES
from retrieval.evaluation.suite import SuitePlan, SuiteResult, run_suite
from retrieval.index.address import IndexAddress
from tests.retrieval.evaluation.test_questions import beir
from tests.support.encoders import BagEncoder
from tests.support.silent_progress import SilentProgress

pytestmark = pytest.mark.slow

RIVERS = [
    {"_id": "s1", "text": "Sông Hồng chảy qua thủ đô."},
    {"_id": "s2", "text": "Sông Hồng ở miền Bắc mùa này."},
]
ACCOUNTS = [{"_id": "k1", "text": "Báo cáo tài chính quý một."}]


@pytest.fixture
def plan(tmp_path: Path, indexed: Callable[..., Path]) -> SuitePlan:
    """Two BEIR folders, and a `.jsonl` on an index of one document."""
    sets = tmp_path / "sets"
    asked = "sông hồng chảy qua thủ đô"
    queries = [{"_id": name, "text": asked, "metadata": {"answers": ["thủ đô"]}} for name in "abc"]
    beir(sets / "sông", RIVERS, queries, "a\ts1\t1\nb\ts2\t1\nc\tgone\t1\n")
    beir(sets / "sổ", ACCOUNTS, [{"_id": "a", "text": "báo cáo quý nào"}], "a\tk1\t1\n")
    gold = [{"source": "a.txt", "contains": "70"}]
    lines = [
        {"id": "j1", "kind": "plain", "question": "Đơn vị có bao nhiêu người?", "gold": gold},
        {"id": "j2", "kind": "unanswerable", "question": "Giá xăng?", "gold": []},
    ]
    (sets / "của tôi.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return SuitePlan(
        sets, IndexAddress(indexed(a="Báo cáo\n\nĐơn vị có 70 người.")), tmp_path / "work", cache_in_work=True
    )


def ranks(suite: SuiteResult, set_name: str) -> dict[tuple[str, str], int]:
    """(question, mode) -> rank, of one set."""
    return {(r.question_id, r.mode): r.rank for r in suite.results if r.set_name == set_name}


def test_every_set_is_asked_in_every_mode(plan: SuitePlan, encoder: BagEncoder) -> None:
    """
    Of three questions in the same words the right record stands first, second and nowhere; the others' questions
    (one of each set, "j2" having no answer anywhere) cannot be answered.
    """
    suite = run_suite(plan, encoder, SilentProgress())

    own = {"a": 1, "b": 2, "c": 0}
    lent = {"sổ/a": 0, "của tôi.jsonl/j1": 0}
    expected = {(name, mode): rank for name, rank in (own | lent).items() for mode in MODES}
    assert [(one.set_name, one.mode) for one in suite.metrics] == [
        (name, mode) for name in ("của tôi.jsonl", "sông", "sổ") for mode in MODES
    ]
    assert ranks(suite, "sông") == expected
    assert ranks(suite, "của tôi.jsonl") == {(n, m): r for n, r in (("j1", 1), ("j2", 0)) for m in MODES}
    assert suite.refused == {}


def test_the_figures_of_a_set(plan: SuitePlan, encoder: BagEncoder) -> None:
    """Recall 1/3 at rank 1 and 2/3 from rank 2; each stage has its times; one of two highlights holds "thủ đô"."""
    suite = run_suite(plan, encoder, SilentProgress())

    found = next(one for one in suite.metrics if (one.set_name, one.mode) == ("sông", "full"))
    assert (found.answerable, found.unanswerable, found.fingerprint) == (3, 2, "bag/1")
    assert found.recall == pytest.approx((1 / 3, *[2 / 3] * 9))
    assert found.measures["RR@10"] == pytest.approx((1 + 1 / 2) / 3)
    assert list(found.milliseconds)[-1] == "total"
    assert all(set(spent) == {"p50", "p95"} for spent in found.milliseconds.values())
    assert found.highlights is not None
    assert (found.highlights.passages, found.highlights.highlighted) == (2, 0.5)


def test_failures_say_whether_the_passage_was_a_candidate(plan: SuitePlan, encoder: BagEncoder) -> None:
    """What is not in the corpus is no candidate."""
    suite = run_suite(plan, encoder, SilentProgress())

    failures = {r.question_id: r.failure for r in suite.results if (r.set_name, r.mode) == ("sông", "full")}
    assert failures["b"] == "right passage at rank 2-3"
    assert failures["c"] == "right passage not among the candidates"


def test_a_candidate_beyond_the_first_ten(tmp_path: Path, encoder: BagEncoder) -> None:
    """Twelve records with the question's words come before the right one, which shares a single one."""
    corpus = [{"_id": f"x{n}", "text": f"Sông Hồng chảy qua thủ đô {n}."} for n in range(12)]
    corpus.append({"_id": "right", "text": "Một đô thị khác."})
    beir(tmp_path / "sets" / "s", corpus, [{"_id": "q", "text": "sông hồng chảy qua thủ đô"}], "q\tright\t1\n")

    suite = run_suite(
        SuitePlan(tmp_path / "sets", IndexAddress(tmp_path), tmp_path / "work", cache_in_work=True),
        encoder,
        SilentProgress(),
    )

    assert {result.failure for result in suite.results} == {"right passage beyond the first ten"}


def test_a_limit_is_for_each_set_and_each_lender(plan: SuitePlan, encoder: BagEncoder) -> None:
    """One own question, evenly spread from the first on, and one of each other set."""
    limited = SuitePlan(plan.folder, plan.index, plan.work, cache_in_work=True, limit=1)

    suite = run_suite(limited, encoder, SilentProgress())

    assert {name for name, _ in ranks(suite, "sông")} == {"a", "sổ/a", "của tôi.jsonl/j1"}
    assert {name for name, _ in ranks(suite, "của tôi.jsonl")} == {"j1"}


def test_a_set_that_cannot_be_measured_is_named(plan: SuitePlan, encoder: BagEncoder, tmp_path: Path) -> None:
    """No index for the `.jsonl`, no record in a corpus: both are named, the others are measured."""
    (plan.folder / "sổ" / "corpus.jsonl").write_text("", encoding="utf-8")
    without = SuitePlan(plan.folder, IndexAddress(tmp_path / "nowhere"), plan.work, cache_in_work=True)

    suite = run_suite(without, encoder, SilentProgress())

    assert {one.set_name for one in suite.metrics} == {"sông"}
    assert {name: str(tmp_path / "nowhere") in reason for name, reason in suite.refused.items()} == {
        "của tôi.jsonl": True,
        "sổ": False,
    }


def test_an_empty_folder(tmp_path: Path, encoder: BagEncoder) -> None:
    """An error, not an empty report."""
    with pytest.raises(QuestionSetError, match="holds neither a BEIR folder nor"):
        run_suite(SuitePlan(tmp_path, IndexAddress(tmp_path), tmp_path, cache_in_work=True), encoder, SilentProgress())


def test_each_set_keeps_its_own_work(plan: SuitePlan, encoder: BagEncoder) -> None:
    """WORK/SET/ holds its index and vectors; a second run pays for no vector of a passage or sentence."""
    run_suite(plan, encoder, SilentProgress())
    paid = encoder.encoded

    run_suite(plan, encoder, SilentProgress())

    assert encoder.encoded == paid
    assert sorted(path.name for path in plan.work.iterdir()) == ["sông", "sổ"]
    assert (plan.work / "sông" / "embeddings.sqlite").is_file()

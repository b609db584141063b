"""Calibrating an index of a model whose cosines lie elsewhere than the bundled one's."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.evaluation.calibrating.calibrate import Learned, learn
from retrieval.evaluation.calibrating.comparison import figures
from retrieval.evaluation.calibrating.example import Example, collect
from retrieval.evaluation.questions import read_question_file
from retrieval.index.opening import open_place
from retrieval.ranking.learned.calibration import Calibration, shipped_calibration
from retrieval.ranking.learned.stored_calibrations import StoredCalibration, remove_calibration, write_calibration
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

pytestmark = pytest.mark.slow

ORGANS = ("Phòng Hành chính", "Phòng Kế toán", "Ban Tổ chức", "Trung tâm Tin học", "Phòng Pháp chế", "Ban Thanh tra")
TASKS = ("quản lý", "kiểm tra", "báo cáo", "lưu trữ", "thẩm định", "tổng hợp", "bảo quản", "theo dõi", "phân công")
THINGS = ("hồ sơ cán bộ", "tài sản công", "xe ô tô", "công văn đến", "hợp đồng", "phòng họp", "máy tính", "con dấu")
DAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy")


def write_corpus(folder: Path) -> Path:
    """Sixty rules, each in a paragraph of its own; returns questions about them, and about what no rule says."""
    chosen = random.Random(7)  # noqa: S311 - no secret
    lines, questions = [], []
    rules = [(task, thing) for task in TASKS for thing in THINGS]
    chosen.shuffle(rules)
    for number, (task, thing) in enumerate(rules[:60]):
        organ, day = chosen.choice(ORGANS), chosen.choice(DAYS)
        text = (
            f"{organ} chịu trách nhiệm {task} {thing} và gửi kết quả vào {day} hằng tuần, trước {7 + number % 10} giờ."
        )
        lines.append(text)
        if number < 45:
            asked = f"Đơn vị nào {task} {thing}?" if number % 2 else f"Kết quả {task} {thing} gửi vào ngày nào?"
            questions.append({"question": asked, "gold": [{"source": "quy-che.txt", "contains": text}]})
    questions += [{"question": f"Đơn vị nào {task} {thing}?", "gold": []} for task, thing in rules[60:]]
    questions += [{"question": f"Mức phạt khi làm mất {thing} là bao nhiêu?", "gold": []} for thing in THINGS]
    (folder / "docs").mkdir()
    (folder / "docs" / "quy-che.txt").write_text("QUY CHẾ\n\n" + "\n\n".join(lines) + "\n", encoding="utf-8")
    file = folder / "questions.jsonl"
    file.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in questions), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("calibrate")
    write_corpus(folder)
    build_index(folder / "docs", folder / "index", BagEncoder())
    return folder / "index"


@pytest.fixture(scope="module")
def examples(index: Path) -> list[Example]:
    return collect(Retriever(index, BagEncoder()), read_question_file(index.parent / "questions.jsonl"))


@pytest.fixture(scope="module")
def learned(examples: list[Example]) -> Learned:
    return learn(examples, shipped_calibration())


def test_each_question_is_asked_full_and_bare_with_and_without_its_answer(examples: list[Example]) -> None:
    """45 answerable ones in four ways, 20 others in two."""
    ways = [(example.mode, example.removed, example.answerable) for example in examples]

    assert len({example.question for example in examples}) == 65
    assert ways.count(("full", True, False)) == ways.count(("bare", True, False)) == 45
    assert ways.count(("full", False, True)) == ways.count(("bare", False, True)) == 45
    assert len(examples) == 45 * 4 + 20 * 2


def test_an_example_ranks_as_the_retriever_does(index: Path, examples: list[Example]) -> None:
    """By the shipped weights the rank of the right passage is the same."""
    retriever, shipped = Retriever(index, BagEncoder()), shipped_calibration()
    questions = read_question_file(index.parent / "questions.jsonl")
    chosen = [e for e in examples if e.mode == "full" and not e.removed and e.answerable]

    ranks = []
    for example in chosen:
        question = questions[example.question]
        hits = retriever.ask(question.text, k=30).hits
        ranks.append(next(hit.rank for hit in hits if any(gold.accepts(hit) for gold in question.gold)))

    assert [example.rank(shipped.weights) for example in chosen] == ranks


def test_the_confidence_is_learned_where_the_shipped_one_is_wrong(learned: Learned) -> None:
    """On questions left out, log loss and calibration error fall: the encoder's cosines are not the bundled model's."""
    before, after = figures(learned.before), figures(learned.after)

    assert learned.is_confidence_new
    assert after.loss < before.loss
    assert after.error < before.error


def drawn(example: Example, chance: np.random.Generator) -> Example:
    """The example, its right candidate drawn by the shipped weights' own probabilities."""
    likely = np.exp(example.scores(shipped_calibration().weights))
    right = np.zeros(len(likely), bool)
    right[chance.choice(len(likely), p=likely / likely.sum())] = True
    return replace(example, right=right)


def test_what_cannot_be_bettered_is_kept(examples: list[Example]) -> None:
    """Where the shipped weights are the truth, others are taken once in twenty cases at most: of six, never."""
    answerable = [example for example in examples if example.answerable]

    found = []
    for seed in range(6):
        chance = np.random.default_rng(seed)
        found.append(learn([drawn(example, chance) for example in answerable], shipped_calibration()))

    assert [learned.is_order_new for learned in found] == [False] * 6
    assert {tuple(learned.calibration.weights.values()) for learned in found} == {
        tuple(shipped_calibration().weights.values())
    }


def test_an_open_index_takes_the_calibration_and_its_undoing_at_once(index: Path, learned: Learned) -> None:
    """The confidence of the same question: shipped, learned, shipped."""
    retriever = Retriever(index, BagEncoder())

    def ask() -> float:
        return retriever.ask("Đơn vị nào quản lý con dấu?").confidence

    found = [ask()]
    write_calibration(open_place(index), StoredCalibration(learned.calibration, BagEncoder().fingerprint, {}), bool)
    found.append(ask())
    remove_calibration(open_place(index), BagEncoder().fingerprint)
    found.append(ask())

    assert found[0] == found[2] != found[1]


def test_a_calibration_of_another_model_is_left_alone(index: Path, learned: Learned) -> None:
    """After a change of model the shipped numbers hold again."""
    retriever = Retriever(index, BagEncoder())
    before = retriever.ask("Đơn vị nào quản lý con dấu?").confidence
    write_calibration(open_place(index), StoredCalibration(learned.calibration, "another/1", {}), bool)

    after = retriever.ask("Đơn vị nào quản lý con dấu?").confidence

    remove_calibration(open_place(index), "another/1")
    assert after == before


def test_questions_that_name_no_right_passage_teach_no_order(examples: list[Example]) -> None:
    """All that is unanswerable: the order stays as it was."""
    unanswerable = [example for example in examples if not example.answerable]

    found: Calibration = learn(unanswerable, shipped_calibration()).calibration

    assert found.weights == shipped_calibration().weights

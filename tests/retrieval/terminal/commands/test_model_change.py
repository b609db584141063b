"""`trichdan index` and the model: never another one silently, and none that answers worse."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings import LoadOptions, ModelNotFound, Tokens
from retrieval.index.index_model import IndexModel
from retrieval.index.local.generations.generation import live_folder
from retrieval.index.opening import open_place
from retrieval.language.spelling import fold
from retrieval.ranking.learned.calibration import shipped_calibration
from retrieval.ranking.learned.stored_calibrations import StoredCalibration, write_calibration
from retrieval.retriever import Retriever
from retrieval.terminal.commands.index import encoder_loader
from tests.retrieval.terminal.conftest import sentences
from tests.support.encoders import BagEncoder

TEXTS = {
    "thu-vien": "Nội quy thư viện\n\nThư viện mở cửa từ 7 giờ 30 đến 17 giờ.",
    "phep": "Nghỉ phép\n\nMỗi năm được nghỉ phép mười hai ngày.",
    "xe": "Sử dụng xe\n\nXe công được dùng khi có lệnh điều động.",
}
MARKS = [
    ("Thư viện mở cửa từ mấy giờ?", "thu-vien.txt", "7 giờ 30"),
    ("Mỗi năm được nghỉ phép mấy ngày?", "phep.txt", "mười hai"),
    ("Xe công được dùng khi nào?", "xe.txt", "lệnh điều động"),
]


class DeafEncoder(BagEncoder):
    """A model that takes every question for one about the documents in which its answer does not stand."""

    def _vector(self, text: str) -> NDArray[np.float32]:
        return super()._vector(_elsewhere(text) if text.endswith("?") else text)

    def encode_query_tokens(self, text: str) -> Tokens:
        own, other = super().encode_query_tokens(text), super().encode_query_tokens(_elsewhere(text))
        return Tokens(np.resize(other.vectors, own.vectors.shape), own.spans)


class LoudEncoder(BagEncoder):
    """A model to which all texts are nearly alike, so that it agrees with no other, and that ranks as before."""

    def _vector(self, text: str) -> NDArray[np.float32]:
        return super()._vector(text) + np.full(self.dim, 40.0, np.float32)


def _elsewhere(question: str) -> str:
    """The texts that share the fewest words with a question."""
    words = set(fold(question).split())
    return "\n".join(sorted(TEXTS.values(), key=lambda text: len(words & set(fold(text).split())))[:2])


ENCODERS: dict[str | None, Callable[[], BagEncoder]] = {
    None: BagEncoder,
    "twin": lambda: BagEncoder("twin/1"),
    "deaf": lambda: DeafEncoder("deaf/1"),
    "loud": lambda: LoudEncoder("loud/1"),
}


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The names of the models that were loaded; two of them stand for models of another name and quality."""
    names: list[str | None] = []

    def load(model: str | None = None, **_: object) -> BagEncoder:
        names.append(model)
        if model not in ENCODERS:
            raise ModelNotFound(f"no {model}: this is a test")
        return ENCODERS[model]()

    rooms = ("terminal.commands.index", "terminal.commands.generations", "answering.query_encoder")
    for place in (f"retrieval.{room}" for room in rooms):
        monkeypatch.setattr(f"{place}.load_encoder", load)
    monkeypatch.delenv("TRICHDAN_MODEL", raising=False)
    return names


@pytest.fixture
def trichdan(tmp_path: Path, folder: Path, invoke: Callable) -> Callable[..., click.testing.Result]:
    """`trichdan index` over three documents."""
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")

    def index(*options: object) -> click.testing.Result:
        return invoke("index", folder, "--index", tmp_path / "index", *options)

    return index


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    """What the keeper marked, beside the index."""
    return write_marks(tmp_path / "index.questions.jsonl", MARKS)


def write_marks(file: Path, marks: Sequence[tuple[str, str, str]]) -> Path:
    """A question file."""
    lines = ({"question": q, "gold": [{"source": source, "contains": words}]} for q, source, words in marks)
    file.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8")
    return file


def model_of(tmp_path: Path) -> str | None:
    """The model of the live index."""
    return open_place(tmp_path / "index").manifest().model


def test_a_build_keeps_the_model(tmp_path: Path, folder: Path, trichdan: Callable, loaded: list[str | None]) -> None:
    """A changed document is read with the model of the index, and `trichdan index` says which."""
    trichdan("--model", "twin")
    (folder / "xe.txt").write_text("Sử dụng xe\n\nXe công được dùng cho công việc.", encoding="utf-8")

    again = trichdan()

    assert again.exit_code == 0
    assert "1 changed" in again.stdout
    assert "model: twin" in again.stdout
    assert (model_of(tmp_path), loaded) == ("twin", ["twin", "twin"])


def test_a_rebuild_keeps_the_model(tmp_path: Path, trichdan: Callable) -> None:
    """Building anew is no change of model."""
    trichdan("--model", "twin")

    trichdan("--rebuild")

    assert model_of(tmp_path) == "twin"


def test_the_bundled_model_has_a_word(tmp_path: Path, trichdan: Callable, marks: Path) -> None:
    """`--model bundled` goes back; the report comes before the summary."""
    trichdan("--model", "twin")

    back = trichdan("--model", "bundled")

    assert model_of(tmp_path) is None
    assert back.stdout.splitlines()[0] == (
        "the bundled model in place of twin: of 3 marked questions 0 better, 0 worse, 3 alike"
    )


def test_a_worse_model_does_not_go_live(tmp_path: Path, trichdan: Callable, marks: Path) -> None:
    """Each question that got worse is listed; exit code 2, and the live index answers on."""
    trichdan()
    live = live_folder(tmp_path / "index")

    refused = trichdan("--model", "deaf")

    (sentence,) = sentences(refused.stderr)
    assert refused.exit_code == 2
    assert "deaf answers 1 of 3 worse and 0 better: the index stays with the bundled model" in sentence
    assert "deaf in place of the bundled model: of 3 marked questions 0 better, 1 worse, 2 alike" in refused.stdout
    (worse,) = (line for line in refused.stdout.splitlines() if line.startswith("  worse: rank 1 → 2"))
    assert worse.endswith(f": “{MARKS[1][0]}”")
    assert live_folder(tmp_path / "index") == live
    assert list((tmp_path / "index" / "generations").iterdir()) == [live]
    assert Retriever(tmp_path / "index").ask(MARKS[0][0]).state == "found"


def test_a_refused_model_costs_no_second_encoding(
    tmp_path: Path, trichdan: Callable, marks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever wants it all the same waits for no vector again."""
    trichdan()
    trichdan("--model", "deaf")
    deaf = DeafEncoder("deaf/1")
    monkeypatch.setitem(ENCODERS, "deaf", lambda: deaf)

    accepted = trichdan("--model", "deaf", "--accept-worse")

    assert accepted.exit_code == 0
    assert "1 worse" in accepted.stdout
    assert (model_of(tmp_path), deaf.encoded) == ("deaf", 0)


def test_as_many_better_as_worse_go_live(tmp_path: Path, trichdan: Callable, marks: Path) -> None:
    """A mark that the live model never fulfilled cannot get worse."""
    trichdan("--model", "deaf")

    better = trichdan("--model", "twin", "--json")

    found = json.loads(better.stdout)
    assert (model_of(tmp_path), found["model"]) == ("twin", "twin")
    assert found["model_change"]["comparison"]["worse"] == []
    assert "1 better, 0 worse" in better.stderr


def test_marks_may_stand_elsewhere(tmp_path: Path, trichdan: Callable) -> None:
    """`--questions` names them; one that is not there stops the change before anything is loaded."""
    trichdan()
    marks = write_marks(tmp_path / "elsewhere.jsonl", MARKS[:1])

    asked = trichdan("--model", "twin", "--questions", marks)
    missing = trichdan("--model", "bundled", "--questions", tmp_path / "none.jsonl")

    assert "of 1 marked questions" in asked.stdout
    assert (missing.exit_code, model_of(tmp_path)) == (2, "twin")
    assert "none.jsonl is no file: mark answers" in missing.stderr


def test_smoke_questions_are_marks_too(tmp_path: Path, trichdan: Callable, marks: Path) -> None:
    """They are compared, each once, and must pass all the same: the report comes before their refusal."""
    trichdan()
    smoke = write_marks(tmp_path / "smoke.jsonl", [*MARKS[:2], ("Xe công màu gì?", "xe.txt", "màu xanh")])

    failed = trichdan("--model", "twin", "--accept-worse", "--smoke", smoke)

    assert "of 4 marked questions" in failed.stdout
    assert "this one fails 1 of 3" in failed.stderr
    assert model_of(tmp_path) is None


def test_without_marks_it_is_said(tmp_path: Path, trichdan: Callable) -> None:
    """The change is made, and nobody believes that it was judged."""
    trichdan()

    changed = trichdan("--model", "twin")

    assert (changed.exit_code, model_of(tmp_path)) == (0, "twin")
    assert "twin in place of the bundled model: not compared, no question is marked" in changed.stdout


def test_a_live_model_that_is_gone_is_said(
    tmp_path: Path, trichdan: Callable, marks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps nobody from changing it, and is not replaced by itself."""
    trichdan("--model", "twin")
    monkeypatch.delitem(ENCODERS, "twin")

    kept = trichdan()
    changed = trichdan("--model", "bundled")

    assert kept.exit_code == 2
    assert "a build keeps the index's model, twin cannot be loaded: no twin" in kept.stderr
    assert "not compared, the live index cannot be asked: no twin" in changed.stdout
    assert model_of(tmp_path) is None


def test_changed_documents_are_no_merit_of_a_model(
    tmp_path: Path, folder: Path, trichdan: Callable, marks: Path
) -> None:
    """What the live index may not quote any more is left out of the comparison, and that is said."""
    for number in range(20):  # nearer to the other questions
        text = f"Sổ {number}\n\nMở cửa thư viện từ {number} giờ, mỗi năm nghỉ phép {number} ngày."
        (folder / f"so-{number}.txt").write_text(text, encoding="utf-8")
    trichdan()
    (folder / "xe.txt").write_text(f"{TEXTS['xe']} Xe công có biển xanh.", encoding="utf-8")

    some = trichdan("--model", "twin")
    for file in folder.iterdir():
        file.write_text(f"{file.read_text('utf-8')} Đã sửa.", encoding="utf-8")
    all_ = trichdan("--model", "bundled")

    assert "of 2 marked questions 0 better, 0 worse, 2 alike" in some.stdout
    assert "1 more not compared, since documents near their answers have changed" in some.stdout
    assert "not compared, the documents near every marked question have changed" in all_.stdout


def test_changed_files_of_a_model_are_said(
    tmp_path: Path, trichdan: Callable, marks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same name with other weights is another model, which cannot be compared with the one before."""
    trichdan("--model", "twin")
    monkeypatch.setitem(ENCODERS, "twin", lambda: BagEncoder("twin/2"))

    changed = trichdan()

    assert "twin in place of twin: not compared, its files" in changed.stdout
    assert open_place(tmp_path / "index").manifest().fingerprint == "twin/2"


def test_what_was_learned_for_a_model_is_lost_with_it(tmp_path: Path, trichdan: Callable, marks: Path) -> None:
    """It is said, and holds again for who goes back."""
    trichdan()
    write_calibration(open_place(tmp_path / "index"), StoredCalibration(shipped_calibration(), "bag/1", {}), bool)

    changed = trichdan("--model", "twin")
    back = trichdan("--model", "bundled")

    assert "what `trichdan calibrate` learned does not hold for twin" in changed.stdout
    assert "calibrate" not in back.stdout


def test_the_loss_is_said_where_no_question_is_marked(tmp_path: Path, trichdan: Callable) -> None:
    """Nothing is compared then, and it is lost all the same."""
    trichdan()
    write_calibration(open_place(tmp_path / "index"), StoredCalibration(shipped_calibration(), "bag/1", {}), bool)

    changed = trichdan("--model", "twin")

    assert "not compared, no question is marked" in changed.stdout
    assert "what `trichdan calibrate` learned does not hold for twin" in changed.stdout


def test_of_a_model_that_cannot_be_sure_yet_only_ranks_count(tmp_path: Path, trichdan: Callable, marks: Path) -> None:
    """Its states mean nothing until it is calibrated: that they fall makes it no worse, and is said."""
    trichdan()

    changed = trichdan("--model", "loud", "--json")

    change = json.loads(changed.stdout)["model_change"]
    assert changed.exit_code == 0
    assert change["is_unsure"]
    assert change["comparison"]["worse"]


def test_the_list_names_models(tmp_path: Path, trichdan: Callable, invoke: Callable) -> None:
    """And so does a rollback."""
    trichdan()
    trichdan("--model", "twin")

    listed = invoke("index", "--list", "--index", tmp_path / "index")
    back = invoke("index", "--rollback", "--index", tmp_path / "index")

    assert {line.rpartition(", ")[2] for line in listed.stdout.splitlines()} == {"twin", "the bundled model"}
    assert "the bundled model), in place of" in back.stdout


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (lambda models: models.pop("twin"), "built with twin: no twin"),
        (lambda models: models.update(twin=lambda: BagEncoder("twin/2")), "twin is now twin/2: put its files back"),
    ],
    ids=["gone", "replaced"],
)
def test_a_rollback_to_a_model_that_is_lost_is_refused(
    tmp_path: Path, trichdan: Callable, invoke: Callable, monkeypatch: pytest.MonkeyPatch, lost: Callable, said: str
) -> None:
    """No question could be asked of that generation; what is live stays."""
    models = dict(ENCODERS)
    monkeypatch.setattr("tests.retrieval.terminal.commands.test_model_change.ENCODERS", models)
    trichdan("--model", "twin")
    trichdan("--model", "bundled")
    live = live_folder(tmp_path / "index")
    lost(models)

    refused = invoke("index", "--rollback", "--index", tmp_path / "index")

    assert refused.exit_code == 2
    (sentence,) = sentences(refused.stderr)
    assert said in sentence
    assert live_folder(tmp_path / "index") == live


def test_a_loader_holds_one_model(loaded: list[str | None]) -> None:
    """`--watch` loads it once, however often it builds."""
    load = encoder_loader(LoadOptions())

    same = load(IndexModel("twin")) is load(IndexModel("twin"))

    assert (same, loaded) == (True, ["twin"])

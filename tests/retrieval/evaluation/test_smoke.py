"""Smoke questions: what does not answer them does not go live."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.errors import QuestionSetError, SmokeFailed
from retrieval.evaluation.smoke import check_smoke, read_smoke_file
from retrieval.index.local.generations import generation
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever
from retrieval.terminal.commands import index as commands_index
from retrieval.terminal.commands.admission import ModelRequest
from retrieval.terminal.commands.index import SettingsUpdate, run_index
from tests.support.encoders import BagEncoder

LIBRARY = "Nội quy thư viện\n\nThư viện mở cửa từ 7 giờ 30 đến 17 giờ."
LEAVE = "Nghỉ phép\n\nMỗi năm được nghỉ phép mười hai ngày."
HOURS = '[[question]]\ntext = "Thư viện mở cửa từ mấy giờ?"\ncontains = "7 giờ 30"\nsource = "thu-vien.txt"\n'


@pytest.fixture
def library(folder: Path) -> Path:
    """A corpus of two documents."""
    (folder / "thu-vien.txt").write_text(LIBRARY, encoding="utf-8")
    (folder / "phep.txt").write_text(LEAVE, encoding="utf-8")
    return folder


@pytest.fixture
def smoke(tmp_path: Path) -> Path:
    """A file of one question."""
    file = tmp_path / "smoke.toml"
    file.write_text(HOURS, encoding="utf-8")
    return file


def run(corpus: Path, index: Path, **update: object) -> Path:
    """`trichdan index`, with the tiny encoder."""
    update = SettingsUpdate(**update)
    run = run_index(
        [corpus], open_place(index), ModelRequest(), rebuild=False, update=update, load=lambda _: BagEncoder()
    )
    return index / "generations" / run.generation


def test_an_index_that_fails_does_not_go_live(tmp_path: Path, library: Path, smoke: Path) -> None:
    """The questions are remembered; a build that cannot answer them leaves the index of before, and nothing else."""
    index = tmp_path / "index"
    live = run(library, index, smoke=smoke)
    (library / "thu-vien.txt").write_text("Nội quy thư viện\n\nThư viện mở cửa cả ngày.", encoding="utf-8")

    with pytest.raises(SmokeFailed) as failed:
        run(library, index)

    sentence = str(failed.value)
    assert "fails 1 of 1: “Thư viện mở cửa từ mấy giờ?” wants “7 giờ 30” from thu-vien.txt" in sentence
    assert "“Thư viện mở cửa cả ngày.” from thu-vien.txt" in sentence
    assert generation.live_folder(index) == live
    assert list((index / "generations").iterdir()) == [live]


def test_the_first_index_must_pass_too(tmp_path: Path, library: Path, smoke: Path) -> None:
    """Better none than a wrong one."""
    (library / "thu-vien.txt").unlink()

    with pytest.raises(SmokeFailed):
        run(library, tmp_path / "index", smoke=smoke)

    assert not (tmp_path / "index" / "CURRENT").exists()


def test_a_file_of_questions_that_is_gone_stops_the_build(tmp_path: Path, library: Path, smoke: Path) -> None:
    """They are not forgotten silently; --no-smoke forgets them."""
    index = tmp_path / "index"
    run(library, index, smoke=smoke)
    smoke.unlink()
    (library / "phep.txt").unlink()

    with pytest.raises(QuestionSetError, match="--no-smoke"):
        run(library, index)
    run(library, index, no_smoke=True)

    assert Retriever(index, BagEncoder()).manifest().documents == 1


def test_new_questions_are_asked_at_once(tmp_path: Path, library: Path, smoke: Path) -> None:
    """Also when there is nothing to build: of the live index, which stays."""
    index = tmp_path / "index"
    live = run(library, index)
    smoke.write_text(HOURS.replace("7 giờ 30", "8 giờ"), encoding="utf-8")

    with pytest.raises(SmokeFailed, match="8 giờ"):
        run(library, index, smoke=smoke)

    assert generation.live_folder(index) == live


def test_index_and_questions_move_together(tmp_path: Path, library: Path, smoke: Path) -> None:
    """The file is remembered relative to the index folder."""
    run(library, tmp_path / "index", smoke=smoke)
    (tmp_path / "elsewhere").mkdir()
    for path in (library, smoke, tmp_path / "index"):
        path.rename(tmp_path / "elsewhere" / path.name)

    moved = run(tmp_path / "elsewhere" / library.name, tmp_path / "elsewhere" / "index")

    assert moved.parent.parent == tmp_path / "elsewhere" / "index"


def test_a_question_may_want_words_or_a_document(tmp_path: Path, library: Path, smoke: Path) -> None:
    """Either is enough; a wrong document fails."""
    run(library, tmp_path / "index")
    retriever = Retriever(tmp_path / "index", BagEncoder())
    words, document = HOURS.replace('source = "thu-vien.txt"\n', ""), HOURS.replace('contains = "7 giờ 30"\n', "")
    smoke.write_text(words + document, encoding="utf-8")

    check_smoke(retriever, read_smoke_file(smoke))
    smoke.write_text(HOURS.replace("thu-vien.txt", "phep.txt"), encoding="utf-8")

    with pytest.raises(SmokeFailed, match=r"from phep\.txt"):
        check_smoke(retriever, read_smoke_file(smoke))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "frob",
        "question = []",
        "question = 1",
        '[[question]]\ntext = "a"',
        '[[question]]\ncontains = "a"',
        '[[question]]\ntext = " "\ncontains = "a"',
        '[[question]]\ntext = "a"\ncontains = 1',
        '[[question]]\ntext = "a"\ncontans = "b"\ncontains = "b"',
        '[[questions]]\ntext = "a"\ncontains = "b"',
    ],
)
def test_a_file_that_asks_nothing_is_refused(smoke: Path, text: str) -> None:
    """Empty, misspelt or half questions would let everything pass."""
    smoke.write_text(text, encoding="utf-8")

    with pytest.raises(QuestionSetError, match="smoke"):
        read_smoke_file(smoke)


@pytest.mark.parametrize(
    ("text", "rule"),
    [("…", "needs at least one word"), ("dài " * 1000, "at most 2,000 characters"), (" ", "has a text and contains")],
    ids=["no word", "too long", "empty"],
)
def test_a_question_that_nobody_could_ask_is_named(smoke: Path, text: str, rule: str) -> None:
    """File, line and rule, before anything is built; a comment that looks like a question is none."""
    smoke.write_text(f'# [[question]]\n{HOURS}\n [[ question ]]  # hai\ntext = "{text}"\ncontains = "a"\n', "utf-8")

    with pytest.raises(QuestionSetError) as refused:
        read_smoke_file(smoke)

    assert f"question 2 of {smoke}, line 7" in str(refused.value)
    assert rule in str(refused.value)


MARKS = [
    {"question": "Thư viện mở cửa từ mấy giờ?", "gold": [{"source": "thu-vien.txt", "contains": "7 giờ 30"}]},
    {"question": "Thư viện có sách gì?", "rejected": [{"source": "phep.txt", "contains": "Mỗi năm", "score": 1.0}]},
    {"question": "xyzzy plugh?", "gold": []},
]


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    """A question file with a line of each kind, as the REPL writes it."""
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(f"{json.dumps(mark, ensure_ascii=False)}\n" for mark in MARKS), encoding="utf-8")
    return file


def test_a_question_file_is_asked(tmp_path: Path, library: Path, marks: Path) -> None:
    """What is rejected is not asked; a build that loses the right paragraph does not go live."""
    index = tmp_path / "index"
    run(library, index, smoke=marks)
    (library / "thu-vien.txt").write_text("Nội quy thư viện\n\nThư viện mở cửa cả ngày.", encoding="utf-8")

    with pytest.raises(SmokeFailed, match=r"fails 1 of 2: .* wants “7 giờ 30” from thu-vien\.txt"):
        run(library, index)


def test_one_of_several_golds_is_enough(tmp_path: Path, library: Path, marks: Path) -> None:
    """They are alternatives; all are named where none is there."""
    run(library, tmp_path / "index")
    retriever = Retriever(tmp_path / "index", BagEncoder())
    wrong, right = ({"source": source, "contains": "giờ"} for source in ("phep.txt", "thu-vien.txt"))

    def write(*gold: dict) -> None:
        marks.write_text(json.dumps({"question": "Thư viện mở cửa từ mấy giờ?", "gold": gold}), encoding="utf-8")

    write(wrong, right)
    check_smoke(retriever, read_smoke_file(marks))
    write(wrong, wrong)

    with pytest.raises(SmokeFailed, match=r"wants “giờ” from phep\.txt or “giờ” from phep\.txt"):
        check_smoke(retriever, read_smoke_file(marks))


def test_what_has_no_answer_must_not_be_found(tmp_path: Path, library: Path, marks: Path) -> None:
    """Nothing may be presented as its answer."""
    question = "Thư viện mở cửa từ 7 giờ 30 đến 17 giờ?"
    run(library, tmp_path / "index")
    retriever = Retriever(tmp_path / "index", BagEncoder())
    assert retriever.ask(question).state == "found"
    marks.write_text(json.dumps({"question": question, "gold": []}), encoding="utf-8")

    with pytest.raises(SmokeFailed, match="wants no answer, first comes “Thư viện mở cửa"):
        check_smoke(retriever, read_smoke_file(marks))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has none: mark answers"),
        (json.dumps(MARKS[1]), "has none: mark answers"),
        ("frob", "--no-smoke"),
        ('{"question": "…", "gold": []}', "question line 1 of"),
    ],
    ids=["empty", "only rejections", "no JSON", "no word"],
)
def test_a_question_file_that_asks_nothing_is_refused(marks: Path, text: str, said: str) -> None:
    """As a TOML file is."""
    marks.write_text(text, encoding="utf-8")

    with pytest.raises(QuestionSetError, match=said):
        read_smoke_file(marks)


def test_changed_questions_are_asked_though_nothing_is_built(tmp_path: Path, library: Path, smoke: Path) -> None:
    """Whoever changes them wants to know, not only whoever names their file."""
    index = tmp_path / "index"
    live = run(library, index, smoke=smoke)
    smoke.write_text(HOURS.replace("7 giờ 30", "8 giờ"), encoding="utf-8")

    with pytest.raises(SmokeFailed, match="8 giờ"):
        run(library, index)

    assert generation.live_folder(index) == live


def test_questions_are_read_before_anything_is_built(tmp_path: Path, library: Path, monkeypatch) -> None:
    """A file that cannot be used is said before the model is loaded, and is not remembered."""
    monkeypatch.setattr(commands_index, "load_encoder", lambda _: pytest.fail("loaded"))

    with pytest.raises(QuestionSetError):
        run_index(
            [library],
            open_place(tmp_path / "index"),
            ModelRequest(),
            rebuild=False,
            update=SettingsUpdate(smoke=tmp_path / "none.toml"),
            load=lambda _: BagEncoder(),
        )

    assert not (tmp_path / "index").exists()

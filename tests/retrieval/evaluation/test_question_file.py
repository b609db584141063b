"""A question file: what is put in is there, once, and nothing else is touched."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from retrieval.errors import QuestionSetError
from retrieval.evaluation.question_file import QuestionFile
from retrieval.evaluation.question_line import gold_line, rejected_line
from retrieval.evaluation.questions import Gold, read_question_file

PLACE = {"source": "a.txt", "contains": "bảy mươi người"}
WRONG = {"reasons": [], "state": "weak", "confidence": 0.41, "kind": "mark"}


@pytest.fixture
def file(tmp_path: Path) -> QuestionFile:
    """A question file that does not exist yet."""
    return QuestionFile(tmp_path / "questions.jsonl")


def records(file: QuestionFile) -> list[dict]:
    return [json.loads(line) for line in file.path.read_text(encoding="utf-8").splitlines()]


def test_a_new_file_is_its_owners_alone(file: QuestionFile) -> None:
    """Whatever the umask: it holds what people ask."""
    before = os.umask(0)
    try:
        file.put(gold_line("Có mấy người?", [PLACE], kind="mark"))
    finally:
        os.umask(before)

    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_eval_reads_what_is_written(file: QuestionFile) -> None:
    """Gold, alternatives and no gold are asked; a rejection is not."""
    file.put(gold_line("Một?", [PLACE], kind="mark"))
    file.put(gold_line("Hai?", [PLACE, {**PLACE, "source": "b.txt"}], kind="mark"))
    file.put(gold_line("Ba?", [], kind="mark"))
    file.put(rejected_line("Bốn?", [{**PLACE, "score": 1.5}], **WRONG))

    questions = read_question_file(file.path)

    assert [(question.text, question.gold) for question in questions] == [
        ("Một?", (Gold("a.txt", "bảy mươi người"),)),
        ("Hai?", (Gold("a.txt", "bảy mươi người"), Gold("b.txt", "bảy mươi người"))),
        ("Ba?", ()),
    ]


def test_marking_again_replaces(file: QuestionFile) -> None:
    """In its place, whatever the case, blanks and composition of the letters; the old line is told."""
    file.put(gold_line("Ai ký?", [PLACE], kind="mark"))
    file.put(gold_line("Khác?", [], kind="mark"))

    written = file.put(gold_line("ai  ky\u0301?", [], kind="mark"))

    assert written.replaced == gold_line("Ai ký?", [PLACE], kind="mark")
    assert written.count == 2
    assert [record["question"] for record in records(file)] == ["ai  ky\u0301?", "Khác?"]


def test_a_bare_question_is_another(file: QuestionFile) -> None:
    """Eval asks each as it was typed."""
    file.put(gold_line("Ai ký?", [], kind="mark"))

    assert file.put(gold_line("ai ky?", [], kind="mark")).count == 2


def test_a_replaced_question_keeps_its_name(file: QuestionFile) -> None:
    """Also if it stood there twice, of which one is left; what was wrong about it goes."""
    twice = {"id": "q7", **rejected_line("Ai ký?", [PLACE], **{**WRONG, "kind": "legal"})}
    file.path.write_text(f"{json.dumps(twice)}\n" * 2, encoding="utf-8")

    written = file.put(gold_line("Ai ký?", [PLACE], kind="mark"))

    assert written.count == 1
    assert records(file) == [{"id": "q7", "kind": "legal", "question": "Ai ký?", "gold": [PLACE]}]


def test_other_lines_stay_byte_for_byte(file: QuestionFile) -> None:
    """Escapes, order of keys and unknown keys too; and the rights that somebody gave the file."""
    other = '{"note":"x",  "gold": [], "question": "Kh\\u00e1c\u2028?"}'
    file.path.write_text(other, encoding="utf-8")  # without an end of line
    file.path.chmod(0o640)

    file.put(gold_line("Ai ký?", [], kind="mark"))

    assert file.path.read_text(encoding="utf-8").split("\n")[0] == other
    assert len(read_question_file(file.path)) == 2
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o640


@pytest.mark.parametrize("content", ["# TOML\n", "[]\n", '{"text": "x"}\n', '{"question": 1}\n', b"\xff\n"])
def test_what_is_no_question_file_is_not_touched(file: QuestionFile, content: str | bytes) -> None:
    """A mistyped path must not cost a file."""
    before = content if isinstance(content, bytes) else content.encode()
    file.path.write_bytes(before)

    with pytest.raises(QuestionSetError, match=r"--questions"):
        file.put(gold_line("Ai ký?", [], kind="mark"))

    assert file.path.read_bytes() == before


def test_a_link_stays_a_link(file: QuestionFile, tmp_path: Path) -> None:
    """What it leads to is written."""
    (tmp_path / "shared.jsonl").touch()
    file.path.symlink_to(tmp_path / "shared.jsonl")

    file.put(gold_line("Ai ký?", [], kind="mark"))

    assert file.path.is_symlink()
    assert len(read_question_file(tmp_path / "shared.jsonl")) == 1


def test_a_killed_session_is_no_obstacle(file: QuestionFile, tmp_path: Path) -> None:
    """What it left half written is replaced, and nothing of it is left."""
    (tmp_path / ".questions.jsonl.new").write_text('{"question": "nử', encoding="utf-8")

    file.put(gold_line("Ai ký?", [], kind="mark"))

    assert [path.name for path in tmp_path.iterdir()] == ["questions.jsonl"]
    assert records(file)[0]["question"] == "Ai ký?"


def put_many(path: Path, name: str) -> None:
    for number in range(20):
        QuestionFile(path).put(gold_line(f"Câu {name}{number}?", [], kind="mark"))


def test_two_sessions_lose_nothing(file: QuestionFile) -> None:
    """They mark at once, in processes of their own."""
    context = multiprocessing.get_context("spawn")
    sessions = [context.Process(target=put_many, args=(file.path, name)) for name in "ab"]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join()

    assert len(records(file)) == 40

"""Question sets: what is read, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.errors import QuestionSetError
from retrieval.evaluation.questions import (
    EvalQuestion,
    Gold,
    read_beir_corpus,
    read_beir_questions,
    read_question_file,
)
from retrieval.retriever import Retriever
from tests.support.encoders import BagEncoder


def beir(folder: Path, corpus: list[dict], queries: list[dict], qrels: str) -> Path:
    """A BEIR folder."""
    (folder / "qrels").mkdir(parents=True)
    for name, records in (("corpus", corpus), ("queries", queries)):
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{qrels}", encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three records, four queries, and judgements with a zero among them."""
    return beir(
        tmp_path / "beir",
        [
            {"_id": "wiki#0", "title": "Ti\u0302nh", "text": " Một. "},
            {"_id": "wiki#1", "text": "Hai."},
            {"_id": "trống", "title": "x", "text": "  "},
        ],
        [
            {"_id": "q2", "text": "hai", "metadata": {"answers": ["Ha\u0301i"]}},
            {"_id": "q1", "text": "một", "metadata": {}},
            {"_id": "q0", "text": "không"},
            {"_id": "q9", "text": "chưa chấm"},
        ],
        "q1\twiki#0\t1\nq1\twiki#1\t2\nq2\twiki#1\t1\nq2\twiki#0\t0\nq0\twiki#0\t0\n",
    )


def test_beir_questions_that_are_judged(folder: Path) -> None:
    """In the file's order; one with judgements of 0 only cannot be answered, one without any is left out."""
    found = read_beir_questions(folder)

    assert found == [
        EvalQuestion("q2", "hai", (Gold("wiki#1", ""),), alternatives=False, answers=("Hái",)),
        EvalQuestion("q1", "một", (Gold("wiki#0", ""), Gold("wiki#1", "")), alternatives=False),
        EvalQuestion("q0", "không", (), alternatives=False),
    ]


def test_beir_records_are_documents_of_one_paragraph(folder: Path) -> None:
    """Their ids are kept, "#" included; NFC, outer blanks dropped, a blank record left out."""
    found = [(d.doc_id, d.source, d.title, d.text, [d.text_of(b) for b in d.blocks]) for d in read_beir_corpus(folder)]

    assert found == [
        ("wiki#0", "wiki#0", "Tînh", "Một.", ["Một."]),
        ("wiki#1", "wiki#1", "", "Hai.", ["Hai."]),
    ]


def test_a_question_file(tmp_path: Path) -> None:
    """Any one gold is enough; no gold is unanswerable; a name is made up from the line."""
    path = tmp_path / "set.jsonl"
    lines = [
        '{"id": "a", "kind": "plain", "question": "Hỏi?", "gold": [{"source": "x.txt", "contains": "Ha\u0301i"}]}',
        "",
        '{"question": "Không có?", "gold": []}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")

    first, second = read_question_file(path)

    assert first == EvalQuestion("a", "Hỏi?", (Gold("x.txt", "Hái"),), alternatives=True, kind="plain")
    assert (second.text, second.gold) == ("Không có?", ())


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085", "\x1c", "\x0b"])
def test_a_line_separator_inside_a_string_ends_no_line(tmp_path: Path, separator: str) -> None:
    """JSON allows U+2028 and its kin unescaped; only the line feed ends a record."""
    path = tmp_path / "set.jsonl"
    text = f"trước{separator}sau"
    written = text if separator > "\x1f" else json.dumps(text)[1:-1]
    path.write_text(f'{{"question": "{written}", "gold": []}}\n', encoding="utf-8")

    (question,) = read_question_file(path)

    assert question.text == text


def test_windows_line_ends_are_line_ends(tmp_path: Path) -> None:
    """CRLF in every file of a set made on Windows."""
    folder = beir(tmp_path / "beir", [{"_id": "d", "text": "x"}], [{"_id": "q", "text": "y"}], "q\td\t1\n")
    for path in folder.rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    found = read_beir_questions(folder), [document.doc_id for document in read_beir_corpus(folder)]

    assert found == ([EvalQuestion("q", "y", (Gold("d", ""),), alternatives=False)], ["d"])


@pytest.mark.parametrize("line", ["{", "[]", '"x"', '{"question": "x"}', '{"question": "x", "gold": [1]}'])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    """By its number and its file."""
    path = tmp_path / "set.jsonl"
    path.write_text(f'{{"question": "x", "gold": []}}\n{line}\n', encoding="utf-8")

    with pytest.raises(QuestionSetError, match=r"line 2 of .*set\.jsonl"):
        read_question_file(path)


def test_a_rejected_answer_is_no_question(tmp_path: Path) -> None:
    """It has no gold and is not unanswerable; a line with both is a question."""
    path = tmp_path / "set.jsonl"
    path.write_text(
        '{"question": "x", "rejected": [], "reasons": ["passage"]}\n{"question": "y", "rejected": [], "gold": []}\n',
        encoding="utf-8",
    )

    assert [question.text for question in read_question_file(path)] == ["y"]


@pytest.mark.parametrize("line", ["q d 1", "q\td", "q\td\tviel", "q\td\t1\textra"])
def test_broken_judgements_are_shown(tmp_path: Path, line: str) -> None:
    """A line of the qrels that is not three fields with a number."""
    folder = beir(tmp_path / "beir", [], [], f"{line}\n")

    with pytest.raises(QuestionSetError, match="query-id, corpus-id and score"):
        read_beir_questions(folder)


@pytest.mark.parametrize("name", ["queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    """A BEIR folder without one of its files."""
    (folder / name).unlink()

    with pytest.raises(QuestionSetError, match=name.rpartition("/")[2]):
        read_beir_questions(folder)


def test_a_gold_among_the_copies_of_a_hit_is_accepted(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """Of two documents with the same paragraph one is shown; a gold in either is found, one in a third is not."""
    files = {name: f"Báo cáo {name}\n\nĐơn vị có 70 người." for name in ("a", "b")}
    (hit,) = Retriever(indexed(**files), encoder).ask("Đơn vị có bao nhiêu người?").hits

    accepted = [Gold(f"{name}.txt", "70 người").accepts(hit) for name in ("a", "b", "c")]

    assert accepted == [True, True, False]

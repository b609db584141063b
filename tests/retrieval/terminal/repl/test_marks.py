"""The keeper's marks: what is written, where, and what is said about it."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.errors import StaleQuote
from retrieval.evaluation.question_file import default_question_file
from retrieval.evaluation.questions import read_question_file
from retrieval.index.address import IndexAddress
from retrieval.retriever import Retriever
from retrieval.terminal.repl.marks import Marks
from tests.retrieval.terminal.repl.test_repl import QUESTION
from tests.support.corpus import Home
from tests.support.encoders import BagEncoder

FOLLOW_UP = "từ năm nào?"
UNKNOWN = "xyzzy plugh?"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the marks are to be written."""
    return tmp_path / "marks.jsonl"


@pytest.fixture
def mark(invoke: Callable, seeds: Home, file: Path) -> Callable[..., list[str]]:
    """The sentences about marks that a session prints for the lines it is given."""

    def mark(*lines: str) -> list[str]:
        script = "".join(f"{line}\n" for line in lines)
        result = invoke("repl", "--index", seeds.index, "--questions", file, stdin=script)
        assert (result.exit_code, result.stderr) == (0, "")
        return [line for line in result.stdout.splitlines() if str(file) in line or "`:right 1`" in line]

    return mark


def records(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_right_writes_the_paragraph(mark: Callable[..., list[str]], file: Path, answering: Retriever) -> None:
    """Of the number that is named; its words are in no other paragraph of the document."""
    quote = answering.ask(QUESTION).hits[1].quote
    _, passages = answering.outline(quote.doc_id)

    mark(QUESTION, ":right 2")

    ((gold,),) = [record["gold"] for record in records(file)]
    assert gold["source"] == quote.citation.source
    assert [passage.passage_id for passage in passages if gold["contains"] in passage.text] == [quote.passage_id]


def test_what_was_written_is_said(mark: Callable[..., list[str]], file: Path, seeds: Home) -> None:
    """In one sentence: question, paragraph, file, how many marks, and the command that measures them."""
    (said,) = mark(QUESTION, ":right")

    assert said == (
        f"written: “{QUESTION}” is answered by “Đến nay Việt Nam đã có quan hệ quốc phòng với hơn 100 quốc …” from "
        f"001_ed8a76a4f27345eb.txt; {file} has 1 mark, `trichdan eval {file} --index {seeds.index}` measures them"
    )


def test_several_numbers_are_alternatives(mark: Callable[..., list[str]], file: Path, answering: Retriever) -> None:
    """With blanks or commas between them; one that is named twice is one."""
    sources = [hit.quote.citation.source for hit in answering.ask(QUESTION).hits]

    mark(QUESTION, ":right 3, 1 3")

    assert [gold["source"] for gold in records(file)[0]["gold"]] == [sources[2], sources[0]]


def test_wrong_is_written_as_ratings_are_exported(
    mark: Callable[..., list[str]], file: Path, answering: Retriever
) -> None:
    """With what was shown, its scores and the state; eval does not ask it."""
    answer = answering.ask(QUESTION)

    (said,) = mark(QUESTION, ":wrong")

    (record,) = records(file)
    assert list(record) == ["question", "rejected", "reasons", "state", "confidence", "kind"]
    assert [place["source"] for place in record["rejected"]] == [hit.quote.citation.source for hit in answer.hits]
    assert [place["score"] for place in record["rejected"]] == [
        pytest.approx(hit.score, abs=1e-3) for hit in answer.hits
    ]
    assert read_question_file(file) == []
    assert "is answered by none of the 3 paragraphs shown" in said


def test_nothing_found_rejects_nothing(mark: Callable[..., list[str]], file: Path) -> None:
    """No paragraph was shown; that the question has an answer is still worth knowing."""
    (said,) = mark(UNKNOWN, ":wrong")

    assert records(file)[0]["rejected"] == []
    assert "has an answer that was not found" in said


def test_none_is_a_question_without_gold(mark: Callable[..., list[str]], file: Path) -> None:
    """Which eval asks as one that has no answer."""
    mark(UNKNOWN, ":none")

    assert [(question.text, question.gold) for question in read_question_file(file)] == [(UNKNOWN, ())]


def test_a_mark_replaces_the_one_before(mark: Callable[..., list[str]], file: Path) -> None:
    """Of the same question, also one of an earlier session; and that is said."""
    mark(QUESTION, ":none", UNKNOWN, ":none")

    first, second = mark(QUESTION, ":right", ":wrong")

    assert first.startswith("written, in place of `:none`: ")
    assert second.startswith("written, in place of `:right`: ")
    assert second.endswith(" measures them")
    assert [("rejected" in record, record["question"]) for record in records(file)] == [
        (True, QUESTION),
        (False, UNKNOWN),
    ]


def test_a_follow_up_stands_alone(mark: Callable[..., list[str]], file: Path) -> None:
    """As it was understood: nobody asks the question before it when it is measured."""
    mark(QUESTION, FOLLOW_UP, ":none")

    assert records(file)[0]["question"] == "Việt Nam có quan hệ quốc phòng, từ năm nào?"


def test_a_bare_question_stays_bare(mark: Callable[..., list[str]], file: Path) -> None:
    """Eval measures what people type, not what was made of it."""
    mark("viet nam co quan he quoc phong voi bao nhieu quoc gia", ":right")

    assert records(file)[0]["question"] == "viet nam co quan he quoc phong voi bao nhieu quoc gia"


@pytest.mark.parametrize("argument", ["0", "4", "x", "1 4", "²", "-1"])
def test_a_number_beyond_the_answer_is_refused(mark: Callable[..., list[str]], file: Path, argument: str) -> None:
    """And nothing is written."""
    (said,) = mark(QUESTION, f":right {argument}")

    assert said == f"the last answer has 3 paragraphs, found {argument!r}: type `:right 1`, or `:wrong`"
    assert not file.exists()


def test_what_was_not_shown_is_marked_by_number_only(mark: Callable[..., list[str]], file: Path) -> None:
    """Where nothing was found, `:right` alone would mark a paragraph that nobody has seen."""
    refused, written = mark(UNKNOWN, ":right", ":right 1")

    assert refused.startswith("no paragraph was shown as the answer: ")
    assert written.startswith("written: ")
    assert len(records(file)[0]["gold"]) == 1


def test_a_file_that_is_none_does_not_end_the_session(mark: Callable[..., list[str]], file: Path) -> None:
    """It is named, and stays as it is."""
    file.write_text("[[question]]\n", encoding="utf-8")

    (said,) = mark(QUESTION, ":right", QUESTION)

    assert "--questions" in said
    assert file.read_text(encoding="utf-8") == "[[question]]\n"


def test_a_folder_that_is_missing_does_not_end_the_session(invoke: Callable, seeds: Home, tmp_path: Path) -> None:
    """The system's own words, and the next question is answered."""
    place = tmp_path / "none" / "marks.jsonl"

    result = invoke("repl", "--index", seeds.index, "--questions", place, stdin=f"{QUESTION}\n:right\n{QUESTION}\n")

    assert "No such file or directory" in result.stdout
    assert result.stdout.count("1 · ") == 2


def test_the_environment_names_the_file(
    invoke: Callable, seeds: Home, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it does for other settings."""
    monkeypatch.setenv("TRICHDAN_QUESTIONS", str(file))

    invoke("repl", "--index", seeds.index, stdin=f"{QUESTION}\n:right\n")

    assert len(records(file)) == 1


def test_marks_stand_beside_the_index(own_seeds: Home, invoke: Callable) -> None:
    """Not in its folder, which may be deleted and built anew; nobody else may read them."""
    invoke("repl", "--index", own_seeds.index, stdin=f"{QUESTION}\n:none\n")

    written = own_seeds.index.parent / "index.questions.jsonl"
    assert len(records(written)) == 1
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_an_index_without_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`--index .` and `--index ..` mean folders that have one."""
    (tmp_path / "chi-muc" / "x").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "chi-muc")
    here = default_question_file(Path())
    monkeypatch.chdir(tmp_path / "chi-muc" / "x")

    assert here == default_question_file(Path("..")) == tmp_path / "chi-muc.questions.jsonl"


def test_a_paragraph_that_has_changed_since_is_not_marked(
    indexed: Callable[..., Path], encoder: BagEncoder, file: Path
) -> None:
    """A build may have come between answer and mark."""
    index = indexed(a="Báo cáo\n\nĐơn vị có 70 người và bảy xe mới về hôm qua.")
    retriever = Retriever(index, encoder)
    answer = replace(retriever.ask("Đơn vị có bao nhiêu người?"), state="found")
    indexed(a="Báo cáo\n\nĐơn vị có 90 người và bảy xe mới về hôm qua.")

    with pytest.raises(StaleQuote, match="ask again"):
        Marks(file, IndexAddress(index), retriever).right(answer, "")
    assert not file.exists()


def test_eval_and_a_build_take_the_file_as_it_is(
    mark: Callable[..., list[str]], file: Path, invoke: Callable, own_seeds: Home
) -> None:
    """One of each mark: eval asks two of three, and the next build goes live on them."""
    mark(QUESTION, ":right", UNKNOWN, ":none", "Bệnh viện dã chiến cấp 2 ở đâu?", ":wrong")

    measured = invoke("eval", file, "--index", own_seeds.index, "--json")
    built = invoke("index", own_seeds.corpus, "--index", own_seeds.index, "--smoke", file)
    verified = invoke("index", "--verify", "--index", own_seeds.index)

    assert json.loads(measured.stdout)["RR@10"] == 1.0
    assert json.loads(measured.stdout)["states"]["unanswerable"]["none"] == 1.0
    assert (built.exit_code, verified.exit_code) == (0, 0)
    assert re.search(r"smoke: 2 questions of .*marks\.jsonl answered", verified.stdout)

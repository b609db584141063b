"""Rough input at the terminal: bad bytes, odd names, files that became something else."""

import json

import pytest

from tests.retrieval.conftest import *  # noqa: F403
from tests.retrieval.evaluation.test_questions import beir
from tests.retrieval.terminal.conftest import *  # noqa: F403
from tests.retrieval.terminal.conftest import sentences
from tests.support.corpus import build_index

Q = "Việt Nam có quan hệ quốc phòng với bao nhiêu quốc gia?"
BYTES = "Hội nghị ở Hà Nội\n".encode("utf-16-le")[:-2] + b"\n", b"ho\xe0 b\xecnh\n"


@pytest.mark.parametrize("encoding", ["utf-8:strict", "utf-8:surrogateescape"])
def test_bytes_that_are_not_utf8_on_stdin(start, seeds, encoding):
    done = start(
        "search",
        "--json",
        "--index",
        seeds.index,
        stdin=b"ho\xe0 b\xecnh\n" + Q.encode() + b"\n",
        PYTHONIOENCODING=encoding,
    )
    assert len(sentences(done.stderr)) == 1
    assert done.returncode == 2
    assert json.loads(done.stdout)["question"] == Q  # the good line is answered


def test_bytes_that_are_not_utf8_as_an_argument(start, seeds):
    import subprocess

    from tests.retrieval.terminal.conftest import TRICHDAN

    done = subprocess.run(
        [bytes(TRICHDAN), b"ask", b"--index", bytes(seeds.index), b"ho\xe0 b\xecnh"],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, len(sentences(done.stderr))) == (2, 1)


@pytest.mark.parametrize("encoding", ["utf-8:strict", "utf-8:surrogateescape"])
def test_bytes_that_are_not_utf8_in_the_repl(start, seeds, encoding):
    done = start(
        "repl", "--index", seeds.index, stdin=b"ho\xe0 b\xecnh\n" + Q.encode() + b"\n", PYTHONIOENCODING=encoding
    )
    assert (done.returncode, sentences(done.stderr)) == (0, [])
    assert "hơn 100 quốc gia" in done.stdout.decode()


@pytest.mark.parametrize("line", [":k ²", ":doc ²"])
def test_superscript_digits_do_not_end_the_repl(invoke, seeds, line):
    result = invoke("repl", "--index", seeds.index, stdin=f"{Q}\n{line}\n{Q}\n")
    assert result.exit_code == 0


def test_next_after_a_rebuild_without_the_document(seeds, own_seeds, model, monkeypatch):
    """The passage shown last is gone from the new generation: a sentence, not a KeyError that ends the session."""
    import io
    import sys

    from rich.console import Console

    from retrieval.terminal.repl.repl import Repl

    out = io.StringIO()

    def lines():
        yield f"{Q}\n"
        (own_seeds.corpus / "001_ed8a76a4f27345eb.txt").unlink()
        build_index(own_seeds.corpus, own_seeds.index, model)
        for command in (":next", ":doc", "hội nhập quốc tế"):
            yield f"{command}\n"

    class Pipe:
        def isatty(self):
            return False

        def __iter__(self):
            return lines()

    monkeypatch.setattr(sys, "stdin", Pipe())
    Repl(own_seeds.index, k=1, console=Console(file=out), commands={}).run()
    assert "any more: ask again" in out.getvalue()


def test_a_file_name_with_brackets_in_explain(invoke, tmp_path, model):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "[bold]x.txt").write_text("Báo cáo\n\nĐơn vị có 70 người.", encoding="utf-8")
    build_index(corpus, tmp_path / "index", model)
    result = invoke("repl", "--index", tmp_path / "index", stdin="Đơn vị có bao nhiêu người?\n:explain\n")
    assert result.exit_code == 0
    assert result.stdout.count("[bold]x.txt#1") == 2  # in the table and above the windows


def test_an_index_path_with_brackets(invoke, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Báo cáo\n\nĐơn vị có 70 người.", encoding="utf-8")
    result = invoke("index", corpus, "--index", tmp_path / "[red]x")
    assert str(tmp_path / "[red]x") in result.stdout


def test_a_tab_is_printed_as_it_stands(invoke, tmp_path, model):
    """show.py: "The words themselves are never changed"."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    text = "Đơn vị\tcó 70\tngười ở Hà Nội."
    (corpus / "a.md").write_text(f"# Báo cáo\n\n{text}\n", encoding="utf-8")
    build_index(corpus, tmp_path / "index", model)
    result = invoke("ask", "--index", tmp_path / "index", "Đơn vị có bao nhiêu người ở Hà Nội?")
    assert text in result.stdout.replace("**", "")


def test_error_output_is_exactly_one_line(start, tmp_path, seeds):
    """The progress bars leave an empty line on standard error before the sentence."""
    done = start("eval", tmp_path / "nowhere", "--index", seeds.index)
    assert done.stderr.count(b"\n") == 1


def test_success_writes_nothing_to_standard_error(start, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Báo cáo\n\nĐơn vị có 70 người.", encoding="utf-8")
    assert start("index", corpus, "--index", tmp_path / "index").stderr == b""


def test_an_empty_corpus_is_one_line(invoke, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_bytes(b"\0")
    result = invoke("index", corpus, "--index", tmp_path / "index")
    assert result.stderr.strip().count("\n") == 0


@pytest.mark.parametrize(
    "line", ['{"question": 5, "gold": []}', '{"question": "x", "gold": [], "id": null}\n{"question": null, "gold": []}']
)
def test_a_question_that_is_no_string(invoke, seeds, tmp_path, line):
    path = tmp_path / "set.jsonl"
    path.write_text(line + "\n")
    result = invoke("eval", path, "--index", seeds.index)
    assert (result.exit_code, len(sentences(result.stderr))) == (2, 1)


GOOD_C, GOOD_Q = [{"_id": "d", "text": "Hà Nội"}], [{"_id": "q", "text": "Hà Nội"}]


@pytest.mark.parametrize(
    ("corpus", "queries"),
    [
        ([{"text": "x"}], GOOD_Q),
        ([{"_id": "d"}], GOOD_Q),
        ([{"_id": "d", "text": None}], GOOD_Q),
        ([{"_id": "d", "text": "x", "title": None}], GOOD_Q),
        (GOOD_C * 2, GOOD_Q),
        (GOOD_C, [{"text": "x"}]),
        (GOOD_C, [{"_id": "q"}]),
        (GOOD_C, [{"_id": "q", "text": "x", "metadata": "y"}]),
        (GOOD_C, [{"_id": "q", "text": "x", "metadata": {"answers": [1]}}]),
    ],
    ids=["no id", "no text", "null text", "null title", "twice", "query no id", "query no text", "metadata", "answers"],
)
def test_broken_beir_records(invoke, tmp_path, corpus, queries):
    folder = beir(tmp_path / "beir", corpus, queries, "q\td\t1\n")
    result = invoke("eval", folder, "--work", tmp_path / "work")
    assert (result.exit_code, len(sentences(result.stderr))) == (2, 1)


def test_a_line_number_counts_blank_lines(tmp_path):
    from retrieval.errors import QuestionSetError
    from retrieval.evaluation.questions import read_question_file

    path = tmp_path / "set.jsonl"
    path.write_text("\n\n{\n")
    with pytest.raises(QuestionSetError, match="line 3"):
        read_question_file(path)


def test_a_footnote_defined_twice(tmp_path, folder, encoder):
    """Two `[^a]:` in one Markdown file have one id: the whole build dies with sqlite3.IntegrityError."""
    (folder / "a.md").write_text("Một[^a].\n\n[^a]: x.\n\n[^a]: y.\n", encoding="utf-8")
    assert build_index(folder, tmp_path / "index", encoder).passages >= 2


def test_outline_of_a_document_without_passages(tmp_path, folder, encoder):
    from retrieval.retriever import Retriever

    (folder / "a.md").write_text("# Chỉ có tiêu đề\n", encoding="utf-8")
    (folder / "b.md").write_text("# B\n\nĐoạn.\n", encoding="utf-8")
    build_index(folder, tmp_path / "index", encoder)
    _citation, passages = Retriever(tmp_path / "index", encoder).outline("a.md")
    assert passages == []


def test_a_source_replaced_by_a_pipe_does_not_hang(indexed, folder, encoder):
    import os
    import threading

    from retrieval.retriever import Retriever

    retriever = Retriever(indexed(a="Báo cáo\n\nĐơn vị có 70 người."), encoder)
    (folder / "a.txt").unlink()
    os.mkfifo(folder / "a.txt")
    done = []
    thread = threading.Thread(target=lambda: done.append(retriever.ask("70 người")), daemon=True)
    thread.start()
    thread.join(10)

    assert not thread.is_alive()

"""The command line: exit codes, one sentence for everything that goes wrong, and output fit for a pipe."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings import CacheError
from embeddings.atomic_folder import ensure_folder
from embeddings.bundled.weights import bundled_folder
from embeddings.openvino_engine.compiled_model import compiled_folder
from retrieval.evaluation.mode import Mode, typed_as
from retrieval.index.local.generations import generation
from retrieval.retriever import Retriever
from retrieval.terminal.commands import eval_set
from retrieval.terminal.commands.doctor import weights
from tests.retrieval.terminal.conftest import sentences
from tests.support.corpus import SEEDS, Home, text_of_file

QUESTION = "Việt Nam có quan hệ quốc phòng với bao nhiêu quốc gia?"
COMMANDS = ("index", "ask", "search", "repl", "eval", "models", "calibrate", "doctor")
TEXT = "Báo cáo\n\nĐơn vị có 70 người."


@pytest.fixture
def tiny(tmp_path: Path) -> Home:
    """A corpus of one document, not indexed yet."""
    home = Home(tmp_path / "corpus", tmp_path / "index")
    home.corpus.mkdir()
    (home.corpus / "a.txt").write_text(TEXT, encoding="utf-8")
    return home


def test_ask_answers_in_a_pipe(start: Callable, seeds: Home, answering: Retriever) -> None:
    """
    The installed command prints each paragraph unbroken in one line, the answering sentence between "**", its
    citation below, however narrow the terminal; exit code 0.
    """
    answer = answering.ask(QUESTION, k=2)

    done = start("ask", "-k", 2, "--whole", "--index", seeds.index, QUESTION)

    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "hơn 100 quốc gia" in answer.hits[0].quote.text
    for hit in answer.hits:
        text, (first, last) = hit.quote.text, hit.quote.highlight
        place = lines.index(f"  {text[:first]}**{text[first:last]}**{text[last:]}")
        assert lines[place - 1] == f"{hit.rank} · {hit.quote.citation.title}"
        assert lines[place + 1] == f"  — {hit.quote.citation.line} · {hit.quote.citation.source}"


def test_help_needs_no_heavy_library(start: Callable) -> None:
    """`trichdan --help` lists every command, with nothing on standard error."""
    done = start("--help")

    listed = [line.split()[0] for line in done.stdout.decode().splitlines() if line.startswith("  ") and line.strip()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert sorted(COMMANDS) == sorted(name for name in listed if name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(invoke: Callable, command: str) -> None:
    """--help explains the command, names --index, and exits with 0."""
    result = invoke(command, "--help")

    assert (result.exit_code, result.stderr) == (0, "")
    assert "--index" in result.stdout
    assert f"trichdan {command}" in result.stdout or f"{command} [OPTIONS]" in result.stdout


def test_exit_codes_say_whether_it_was_found(invoke: Callable, seeds: Home) -> None:
    """An answer's exit code is 0 when it is found and 1 when it is not, for `ask` and for `search`."""
    asked = [invoke("ask", "--index", seeds.index, q).exit_code for q in (QUESTION, "Cách nấu phở bò Hà Nội?")]
    searched = [invoke("search", "--index", seeds.index, q).exit_code for q in (QUESTION, "Cách nấu phở bò Hà Nội?")]

    assert (asked, searched) == ([0, 1], [0, 1])


def test_nothing_found_quotes_nothing(invoke: Callable, seeds: Home) -> None:
    """State "none": the sentence that says so, at most two nearest titles, no paragraph."""
    result = invoke("ask", "--index", seeds.index, "Cách nấu phở bò Hà Nội?")

    assert result.stdout.splitlines()[0] == "Tài liệu hiện có không trả lời câu hỏi này."
    assert "**" not in result.stdout
    assert "đoạn" not in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "a", "b"],
        ["ask", "--frob", "a"],
        ["ask", "-k", "0", "a"],
        ["ask", "-k", "101", "a"],
        ["ask", "-k", "x", "a"],
        ["search", "-k", "0", "a"],
        ["eval"],
        ["frob"],
        ["repl", "--k"],
    ],
)
def test_wrong_use_is_2(invoke: Callable, arguments: list[str]) -> None:
    """Wrong words on the command line: exit code 2, the error last, no traceback."""
    result = invoke(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert sentences(result.stderr)[-1].startswith("Error: ")


@pytest.mark.parametrize("command", [["ask", "x"], ["search", "x"], ["search"], ["repl"]])
def test_a_missing_index_is_one_sentence(invoke: Callable, tmp_path: Path, command: list[str]) -> None:
    """It names the folder and the command that builds one; exit code 2."""
    result = invoke(*command, "--index", tmp_path / "nowhere", stdin="x\n")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert f"trichdan index FOLDER --index {tmp_path / 'nowhere'}" in result.stderr


def test_the_default_index_is_in_the_working_folder(start: Callable, tmp_path: Path) -> None:
    """TRICHDAN_INDEX names another one: the real command reports that folder, in one line."""
    done = start("ask", "x", TRICHDAN_INDEX=str(tmp_path / "elsewhere"))

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert str(tmp_path / "elsewhere") in done.stderr.decode()


@pytest.mark.parametrize("question", ["", "  ", "?!", "a" * 10_000], ids=["empty", "blank", "marks", "10,000"])
@pytest.mark.parametrize("command", ["ask", "search"])
def test_what_is_no_question_is_one_sentence(invoke: Callable, seeds: Home, command: str, question: str) -> None:
    """Exit code 2 and the rule that was broken; the 10,000 characters are not repeated."""
    result = invoke(command, "--index", seeds.index, "--", question)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("trichdan: a question ")
    assert len(result.stderr) < 200


def test_a_bad_line_does_not_stop_the_others(invoke: Callable, seeds: Home) -> None:
    """On standard input: blank lines are passed over, a bad question is one sentence, the rest is answered; 2."""
    stdin = f"\n{QUESTION}\n   \n?!\n{'a' * 10_000}\nhội nhập quốc tế\n"

    result = invoke("search", "--json", "--index", seeds.index, stdin=stdin)

    answered = [json.loads(line)["question"] for line in result.stdout.split("\n") if line]
    assert answered == [QUESTION, "hội nhập quốc tế"]
    assert [line.startswith("trichdan: a question ") for line in sentences(result.stderr)] == [True, True]
    assert result.exit_code == 2


def test_no_line_at_all_is_nothing_found(invoke: Callable, seeds: Home) -> None:
    """Empty standard input: nothing printed, exit code 1."""
    result = invoke("search", "--index", seeds.index, stdin="")

    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "")


@pytest.mark.parametrize("name", ["dense.faiss", "store.sqlite", "manifest.json"])
@pytest.mark.parametrize("command", [["ask", "x"], ["search", "x"], ["repl"]])
def test_a_damaged_index_is_one_sentence(invoke: Callable, own_seeds: Home, command: list[str], name: str) -> None:
    """Truncated files of the live generation: exit code 2, the remedy named."""
    path = generation.live_folder(own_seeds.index) / name
    path.write_bytes(path.read_bytes()[:100])

    result = invoke(*command, "--index", own_seeds.index, stdin="x\n")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "--rebuild" in result.stderr


@pytest.mark.parametrize("content", [b"", b"nowhere\n", b"../../etc\n", b"\xff\xfe"])
def test_a_damaged_pointer_is_one_sentence(invoke: Callable, own_seeds: Home, content: bytes) -> None:
    """An empty, dangling, escaping or binary pointer is not followed."""
    (own_seeds.index / "CURRENT").write_bytes(content)

    result = invoke("ask", "x", "--index", own_seeds.index)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "--rebuild" in result.stderr


@pytest.mark.parametrize("command", [["ask", "x"], ["repl"], ["index", str(SEEDS)]])
def test_an_index_path_that_is_a_file(invoke: Callable, tmp_path: Path, command: list[str]) -> None:
    """Exit code 2, one sentence that names the path, and the file is untouched."""
    path = tmp_path / "file"
    path.write_text("mine")

    result = invoke(*command, "--index", path)

    assert result.exit_code == 2
    assert [str(path) in line for line in sentences(result.stderr)] == [True]
    assert path.read_text() == "mine"


def test_an_index_folder_that_cannot_be_made(invoke: Callable, tiny: Home) -> None:
    """A place where nobody may write, not even root: one sentence, exit code 2."""
    result = invoke("index", tiny.corpus, "--index", "/proc/trichdan")

    assert (result.exit_code, result.stdout) == (2, "")
    assert len(sentences(result.stderr)) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_index_folder(invoke: Callable, tiny: Home, own_seeds: Home) -> None:
    """Reading a read-only index works; building in it is one sentence and exit code 2."""
    own_seeds.index.chmod(0o500)

    asked = invoke("ask", QUESTION, "--index", own_seeds.index)
    built = invoke("index", tiny.corpus, "--index", own_seeds.index)

    own_seeds.index.chmod(0o700)
    assert asked.exit_code == 0
    assert (built.exit_code, len(sentences(built.stderr))) == (2, 1)


def test_a_missing_path_is_one_sentence(invoke: Callable, tmp_path: Path) -> None:
    """Nothing is built, not even a folder."""
    result = invoke("index", tmp_path / "gone", "--index", tmp_path / "index")

    assert (result.exit_code, result.stdout, len(sentences(result.stderr))) == (2, "", 1)
    assert "gone" in result.stderr
    assert not (tmp_path / "index").exists()


def test_a_second_builder_is_told_to_wait(start: Callable, own_seeds: Home) -> None:
    """While another process holds the lock: exit code 2, one sentence, and the live index answers as before."""
    live = generation.live_folder(own_seeds.index)
    files = {path: path.read_bytes() for path in live.rglob("*") if path.is_file()}

    with generation.build_lock(own_seeds.index):
        done = start("index", own_seeds.corpus, "--index", own_seeds.index)

    assert (done.returncode, done.stdout) == (2, b"")
    assert ["wait" in line for line in sentences(done.stderr)] == [True]
    assert generation.live_folder(own_seeds.index) == live
    assert {path: path.read_bytes() for path in live.rglob("*") if path.is_file()} == files


def test_index_says_what_it_did_as_json(invoke: Callable, tiny: Home) -> None:
    """--json: how many of each sort, and each refused file with its reason; nothing else is printed."""
    (tiny.corpus / "b.bin").write_bytes(b"\0")
    result = invoke("index", tiny.corpus, "--index", tiny.index, "--json")

    told = json.loads(result.stdout)
    assert (told["built"], told["documents"], told["new"], told["removed"]) == (True, 1, 1, 0)
    assert [(each["source"], "a document ends in" in each["reason"]) for each in told["refused"]] == [("b.bin", True)]


def test_index_says_what_it_did(invoke: Callable, tiny: Home) -> None:
    """The first run builds, the second has nothing to do, a refused file is named with its reason."""
    first = invoke("index", tiny.corpus, "--index", tiny.index)
    (tiny.corpus / "b.exe").write_bytes(b"MZ")

    second = invoke("index", tiny.corpus, "--index", tiny.index)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.splitlines() == [
        f"Indexed 1 documents, 1 passages in {tiny.index}",
        "  1 new, 0 changed, 0 renamed, 0 unchanged, 0 removed, 0 refused",
    ]
    assert second.stdout.splitlines()[:2] == [
        f"Already up to date: 1 documents, 1 passages in {tiny.index}",
        "  0 new, 0 changed, 0 renamed, 1 unchanged, 0 removed, 1 refused",
    ]
    assert second.stdout.splitlines()[2].startswith("  refused b.exe: a document ends in ")


def test_a_changed_source_is_said(invoke: Callable, own_seeds: Home) -> None:
    """On standard output for people, on standard error beside JSON; nothing of the file is quoted in either."""
    path = own_seeds.corpus / "001_ed8a76a4f27345eb.txt"
    path.write_text(text_of_file(path).replace("100", "900"), encoding="utf-8")

    asked = invoke("ask", QUESTION, "--index", own_seeds.index)
    searched = invoke("search", "--json", "-k", 100, QUESTION, "--index", own_seeds.index)

    sources = {hit["source"] for hit in json.loads(searched.stdout)["hits"]}
    assert path.name not in sources
    assert len(sources) == 4
    assert [path.name in line for line in sentences(searched.stderr)] == [True]
    assert f"⚠ Tài liệu {path.name}" in asked.stdout
    assert ["Hãy chạy `trichdan index`" in said for said in (asked.stdout, searched.stderr)] == [True, True]
    assert f"· {path.name}\n" not in asked.stdout


BROKEN_SETS = {
    "not JSON": b"{",
    "a list": b"[1]\n",
    "no gold": b'{"question": "x"}\n',
    "no question": b'{"gold": []}\n',
    "gold without source": b'{"question": "x", "gold": [{"contains": "y"}]}\n',
    "gold is a number": b'{"question": "x", "gold": 3}\n',
    "not UTF-8": b"\xff\xfe\x00",
    "cut off": b'{"question": "x", "gold": []}\n{"question": "y", "go',
}


@pytest.mark.parametrize("content", BROKEN_SETS.values(), ids=BROKEN_SETS)
def test_a_broken_question_set_is_one_sentence(invoke: Callable, seeds: Home, tmp_path: Path, content: bytes) -> None:
    """Exit code 2, the file named."""
    path = tmp_path / "set.jsonl"
    path.write_bytes(content)

    result = invoke("eval", path, "--index", seeds.index)

    assert (result.exit_code, result.stdout) == (2, "")
    assert [str(path) in line for line in sentences(result.stderr)] == [True]


@pytest.mark.parametrize("made", [True, False], ids=["an empty folder", "nothing"])
def test_a_missing_question_set_is_one_sentence(
    invoke: Callable,
    seeds: Home,
    tmp_path: Path,
    made: bool,
) -> None:
    """A folder that is no BEIR folder, and a path where nothing is."""
    if made:
        (tmp_path / "set").mkdir()

    result = invoke("eval", tmp_path / "set", "--index", seeds.index)

    assert (result.exit_code, len(sentences(result.stderr))) == (2, 1)


def test_eval_prints_one_object(invoke: Callable, seeds: Home, tmp_path: Path) -> None:
    """--json: the measures' names as keys, the number of questions, the states; progress is not in it."""
    gold = [{"source": "001_ed8a76a4f27345eb.txt", "contains": "hơn 100 quốc gia"}]
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps({"question": QUESTION, "gold": gold}), encoding="utf-8")

    result = invoke("eval", path, "--json", "--index", seeds.index)

    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(found)[:7] == ["RR@10", "nDCG@10", "R@1", "R@3", "R@10", "queries", "states"]
    assert [found[name] for name in list(found)[:6]] == [1.0, 1.0, 1.0, 1.0, 1.0, 1]
    assert found["states"]["answerable"] == {"found": 1.0, "weak": 0.0, "none": 0.0}


@pytest.mark.parametrize(("option", "mode"), [([], "full"), (["--half"], "half"), (["--bare"], "bare")])
def test_eval_types_the_questions_as_asked(
    invoke: Callable, seeds: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: list[str], mode: Mode
) -> None:
    """As they stand in the set, half of the words without diacritics, or all."""
    path, reports = tmp_path / "set.jsonl", []
    path.write_text(json.dumps({"question": QUESTION, "gold": []}), encoding="utf-8")
    monkeypatch.setattr(eval_set, "show_report", lambda _, report: reports.append(report))

    result = invoke("eval", path, *option, "--index", seeds.index)

    assert (result.exit_code, result.stderr) == (0, "")
    assert [one.answer.question for one in reports[0].outcomes] == [typed_as(QUESTION, mode)]


def test_doctor_finds_all_well(invoke: Callable, seeds: Home) -> None:
    """Eleven findings, every one ok, exit code 0; the vectors are those of the index's model."""
    result = invoke("doctor", "--index", seeds.index)

    assert [line.split()[:2] for line in result.stdout.splitlines()] == [
        ["ok", f"{name}:"]
        for name in (
            *(
                "versions",
                "weights",
                "model",
                "index",
                "calibration",
                "rights",
                "secrecy",
                "sources",
                "sandbox",
                "caches",
            ),
            "vectors",
        )
    ]
    assert re.fullmatch(r" *ok  vectors: \d+\.\d MB of multilingual-e5-small/\S+", result.stdout.splitlines()[-1])
    assert result.exit_code == 0


def test_doctor_names_every_problem(invoke: Callable, own_seeds: Home) -> None:
    """A deleted, a changed and a new file are all named, with what to do; exit code 2."""
    names = sorted(path.name for path in own_seeds.corpus.iterdir())
    (own_seeds.corpus / names[0]).unlink()
    (own_seeds.corpus / names[1]).write_text(TEXT, encoding="utf-8")
    (own_seeds.corpus / "new.txt").write_text(TEXT, encoding="utf-8")

    result = invoke("doctor", "--index", own_seeds.index)

    (problem,) = (line for line in result.stdout.splitlines() if "PROBLEM" in line)
    assert result.exit_code == 2
    assert all(name in problem for name in (names[0], names[1], "new.txt"))
    assert problem.count("run `trichdan index`") == 3


@pytest.mark.parametrize("place", [bundled_folder, compiled_folder], ids=["unpacked", "compiled"])
def test_doctor_finds_a_letter_of_the_model_that_flipped(tmp_path: Path, place: Callable[[Path], Path]) -> None:
    """A start looks at the sizes only; the doctor reads every byte of both folders, and says which to delete."""
    for folder in (bundled_folder(tmp_path), compiled_folder(tmp_path)):
        ensure_folder(folder, lambda fresh: (fresh / "weights").write_bytes(b"0" * 64))
    assert weights(tmp_path) == "every checksum right in 2 folders of models"
    (place(tmp_path) / "weights").write_bytes(b"0" * 63 + b"1")

    with pytest.raises(CacheError, match=rf"{place(tmp_path)}/weights was written with .*: delete the folder"):
        weights(tmp_path)


def test_doctor_without_an_index(invoke: Callable, tmp_path: Path) -> None:
    """The problem and its remedy, exit code 2, and the checks after it still run."""
    result = invoke("doctor", "--index", tmp_path / "nowhere")

    assert result.exit_code == 2
    assert "trichdan index FOLDER" in result.stdout
    assert "ok  caches" in result.stdout

"""`:compare`: a second index asked beside the session's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings import Encoder
from retrieval.errors import IndexMismatch
from retrieval.retriever import Retriever
from tests.retrieval.terminal.repl.test_repl import FOUND, QUESTION
from tests.support.corpus import Home, build_index
from tests.support.encoders import BagEncoder

OTHER = "Ai dự hội nghị tổng kết đối ngoại quốc phòng 2011-2013?"


@pytest.fixture
def say(invoke: Callable, seeds: Home) -> Callable[..., list[str]]:
    """The lines that a session over the seeds prints; it must end well and complain of nothing."""

    def say(*lines: str, within: tuple[str, ...] = ()) -> list[str]:
        script = "".join(f"{line}\n" for line in lines)
        result = invoke("repl", "-k", 2, "--index", seeds.index, *within, stdin=script)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout.splitlines()

    return say


@pytest.fixture
def poorer(own_seeds: Home, model: Encoder) -> Home:
    """An index of the seeds without the document that answers QUESTION."""
    (own_seeds.corpus / "001_ed8a76a4f27345eb.txt").unlink()
    build_index(own_seeds.corpus, own_seeds.index, model)
    return own_seeds


def heads(lines: list[str], home: Home) -> list[str]:
    """What is said of an index."""
    return [line for line in lines if line.startswith(f"{home.index}: ")]


def test_the_last_question_is_asked_of_both(say: Callable[..., list[str]], seeds: Home, poorer: Home) -> None:
    """The paragraph that answers is gone, the one below it has risen."""
    lines = say(QUESTION, f":compare {poorer.index}")

    (here,), (there,) = heads(lines, seeds), heads(lines, poorer)
    assert here.startswith(f"{seeds.index}: found, confidence ")
    below = lines[lines.index(here) :]
    assert sum(line.startswith("1 gone · Kiên định") for line in below) == 1
    assert re.fullmatch(r"1 ↑ from \d+ · .+", below[below.index(there) + 1])


def test_further_questions_are_asked_of_both_until_off(
    say: Callable[..., list[str]], seeds: Home, poorer: Home
) -> None:
    """After the answer itself; a follow-up is understood by the same question in both."""
    lines = say(
        f":compare {poorer.index}", QUESTION, "từ năm nào?", ":compare off", "Việt Nam có bao nhiêu quốc gia bạn?"
    )

    assert lines[0] == "from the next question on both indexes are asked, until `:compare off`"
    assert len(heads(lines, seeds)) == len(heads(lines, poorer)) == 2
    assert [line.strip() for line in lines if "understood as" in line] == []
    assert f"only {seeds.index} is asked from now on" in lines
    assert not any("give the same answer" in line for line in lines)


def test_the_question_before_the_last_one_still_counts(
    say: Callable[..., list[str]], seeds: Home, own_seeds: Home
) -> None:
    """A follow-up is compared as it was understood, not as one to itself."""
    lines = say(QUESTION, "từ năm nào?", f":compare {own_seeds.index}", ":explain")

    (same,) = [line for line in lines if "give the same answer" in line]
    (explained,) = [line for line in lines if line.startswith("state: ")]
    assert f"confidence {float(explained.split()[3].rstrip(',')):.2f}" in same


def test_equal_indexes_are_said_to_be_equal(say: Callable[..., list[str]], seeds: Home, own_seeds: Home) -> None:
    """In a sentence, without a table; `:compare` alone asks them again."""
    lines = say(QUESTION, f":compare {own_seeds.index}", ":compare")

    same = (
        rf"{seeds.index} and {own_seeds.index} give the same answer: found, confidence \d\.\d\d, the same 2 paragraphs"
    )
    assert re.match(same, lines[-1])
    assert lines[-2] == lines[-1]


def test_a_folder_without_an_index_is_named(say: Callable[..., list[str]], tmp_path: Path) -> None:
    """Whatever was compared before stays as it was, here nothing."""
    lines = say(QUESTION, f":compare {tmp_path}", ":compare", QUESTION)

    assert f"an index is needed, there is none in {tmp_path}: build it with" in " ".join(lines)
    assert "an answer is compared with that of another index, found none: type `:compare INDEX`" in lines
    assert sum(FOUND in line for line in lines) == 2


def test_an_index_of_another_model_is_refused(indexed: Callable[..., Path], seeds: Home, model: Encoder) -> None:
    """Its confidence would mean something else; the sentence names both models and what to do."""
    other = indexed(a="Báo cáo\n\nĐơn vị có 70 người và bảy xe mới về hôm qua.")

    with pytest.raises(IndexMismatch) as refused:
        Retriever(seeds.index, model).beside(other)

    sentence = str(refused.value)
    assert f"{other} was built with {BagEncoder().token_fingerprint}, this one with " in sentence
    assert f"`trichdan index --index {other} --rebuild`" in sentence


def test_the_model_is_loaded_once(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """Both indexes are asked with the same one."""
    index = indexed(a="Báo cáo\n\nĐơn vị có 70 người và bảy xe mới về hôm qua.")
    retriever = Retriever(index, encoder)

    assert retriever.beside(index)._encoder is retriever._encoder


@pytest.fixture
def shelved(tmp_path: Path, model: Encoder) -> Callable[..., Path]:
    """An index of files by path."""

    def shelve(**files: str) -> Path:
        for name, text in files.items():
            file = tmp_path / "shelved" / f"{name.replace('_', '/')}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        build_index(tmp_path / "shelved", tmp_path / "shelved-index", model)
        return tmp_path / "shelved-index"

    return shelve


def test_the_other_index_is_restricted_as_well(say: Callable[..., list[str]], shelved: Callable[..., Path]) -> None:
    """To the same collections."""
    other = shelved(mo="Báo cáo\n\nCuộc họp kín có 9 người.", mot_kin="Báo cáo\n\nViệt Nam có quan hệ quốc phòng.")

    lines = say(QUESTION, f":compare {other}", within=("--within", "chung"))

    assert [line.rpartition(" · ")[2] for line in lines if line.startswith("  — ")][-1:] == ["mo.txt"]
    assert not any("kin.txt" in line for line in lines)


def test_a_collection_that_the_other_index_lacks(say: Callable[..., list[str]], shelved: Callable[..., Path]) -> None:
    """It is named, and that index is not asked."""
    other = shelved(mot_a="Báo cáo\n\nĐơn vị có 70 người.")

    lines = say(f":compare {other}", QUESTION, within=("--within", "chung"))

    assert lines[0].startswith(
        "a collection is a first-level folder of the documents, the index has none called 'chung'"
    )
    assert not any(line.startswith(f"{other}: ") for line in lines)

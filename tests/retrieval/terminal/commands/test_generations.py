"""`trichdan index --list`, `--verify`, `--rollback`: what a person sees of the generations, and the exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.index.opening import open_place
from tests.retrieval.terminal.conftest import sentences
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder


@pytest.fixture
def two(tmp_path: Path, folder: Path) -> tuple[Path, list[str]]:
    """An index folder with two generations, and their names."""
    names = []
    for count in (10, 20):
        (folder / "a.txt").write_text(f"Báo cáo\n\nĐơn vị có {count} người.", encoding="utf-8")
        names.append(build_index(folder, tmp_path / "index", BagEncoder()).generation)
    return tmp_path / "index", names


def test_the_list_names_the_live_one(invoke: Callable, two: tuple[Path, list[str]]) -> None:
    """One line a generation, newest first, with what it holds."""
    index, (first, second) = two

    result = invoke("index", "--list", "--index", index)

    states = {line.split()[1]: line.split()[0] for line in result.stdout.splitlines()}
    assert (result.exit_code, states) == (0, {second: "live", first: "earlier"})
    assert result.stdout.count("1 documents, 1 passages") == 2


def test_a_rollback_is_seen_and_ends(invoke: Callable, two: tuple[Path, list[str]]) -> None:
    """It names both; the second time there is nothing before: one sentence, exit code 2."""
    index, (first, second) = two

    done = invoke("index", "--rollback", "--index", index)
    listed = invoke("index", "--list", "--index", index)
    again = invoke("index", "--rollback", "--index", index)

    assert done.exit_code == 0
    assert f"Live is {first} again" in done.stdout
    assert f"in place of {second}" in done.stdout
    assert f"left behind  {second}" in listed.stdout
    assert open_place(index).live() == first
    assert (again.exit_code, len(sentences(again.stderr))) == (2, 1)
    assert f"keeps none before {first}" in again.stderr


def test_verify_finds_a_changed_byte(invoke: Callable, two: tuple[Path, list[str]]) -> None:
    """Also in a generation that is not live; all the others are checked too, and the exit code is 2."""
    index, (first, second) = two
    well = invoke("index", "--verify", "--index", index)
    file = index / "generations" / first / "tokens.npy"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)

    ill = invoke("index", "--verify", "--index", index)

    assert (well.exit_code, well.stdout.count("ok  ")) == (0, 3)
    assert ill.exit_code == 2
    assert f"ok  {second}: every checksum and every offset right" in ill.stdout
    assert f"PROBLEM  {first}: " in ill.stdout
    assert "tokens.npy differs from its checksum" in ill.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--rollback", "--verify"],
        ["--list", "--json"],
        ["--clean", "--rebuild"],
        ["--verify", "seeds"],
        ["--rollback", "--rebuild"],
        ["--watch", "--list"],
        ["--smoke", "a.toml", "--no-smoke"],
        ["--watch", "--rebuild"],
        ["--watch", "README.md"],
        ["--keep", "0"],
    ],
)
def test_what_does_not_go_together_is_said(invoke: Callable, words: list[str]) -> None:
    """Exit code 2 before anything is done."""
    result = invoke("index", *words)

    assert (result.exit_code, result.stdout) == (2, "")


def test_cleaning_says_what_it_freed(invoke: Callable, two: tuple[Path, list[str]]) -> None:
    """Nothing, where every generation is kept; the exit code is 0, and the index answers on."""
    index, _ = two

    result = invoke("index", "--clean", "--index", index)

    assert (result.exit_code, result.stdout) == (0, "0.0 MB of vectors removed that no kept generation needs\n")


@pytest.mark.parametrize("word", ["--rollback", "--verify", "--list", "--clean"])
def test_no_index_is_one_sentence(invoke: Callable, tmp_path: Path, word: str) -> None:
    """With the command that builds one; no folder is made."""
    result = invoke("index", word, "--index", tmp_path / "none")

    assert (result.exit_code, len(sentences(result.stderr))) == (2, 1)
    assert "trichdan index FOLDER" in result.stderr
    assert not (tmp_path / "none").exists()

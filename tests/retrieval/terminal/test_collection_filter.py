"""`--within` on the command line and in the REPL."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable

import pytest

from retrieval.terminal.exit_codes import FAILED, FOUND, NOT_FOUND
from tests.support.corpus import SEEDS, Home, build_index
from tests.support.encoders import BagEncoder

QUESTION = "Việt Nam có quan hệ quốc phòng với bao nhiêu quốc gia?"
HOLDER = "001_ed8a76a4f27345eb.txt"  # what answers it


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The seeds, the answering one in the folder "quoc-phong", two in "khac" and two in the root."""
    folder = tmp_path_factory.mktemp("shelved")
    home = Home(folder / "seeds", folder / "index")
    for number, path in enumerate(sorted(SEEDS.glob("*.txt"))):
        place = home.corpus / ("quoc-phong" if path.name == HOLDER else "khac" if number < 3 else "")
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    build_index(home.corpus, home.index, BagEncoder())
    return home


@pytest.fixture(autouse=True)
def bag(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny encoder in the model's place: which folders are searched does not depend on it."""
    monkeypatch.setattr("retrieval.answering.query_encoder.load_encoder", lambda *_, **__: BagEncoder())


def found(result) -> set[str]:
    """The folders that the hits of a search stand in."""
    return {hit["source"].rpartition("/")[0] for hit in json.loads(result.stdout)["hits"]}


def test_only_the_named_folders_are_searched(invoke: Callable, shelved: Home) -> None:
    """One or several; "chung" is the root; without the option, all."""

    def search(*names: str) -> set[str]:
        within = [part for name in names for part in ("--within", name)]
        return found(invoke("search", "--json", "-k", 100, "--index", shelved.index, *within, QUESTION))

    assert search("quoc-phong") == {"quoc-phong"}
    assert search("khac", "chung") == {"khac", ""}
    assert search() == {"khac", "", "quoc-phong"}


def test_ask_within(invoke: Callable, shelved: Home) -> None:
    """The answer comes from the folder, and its exit code with it."""
    # Nearly the paragraph's own words: how sure an answer is, is learned from the model's cosines, not from the bag's.
    question = "Đến nay Việt Nam đã có quan hệ quốc phòng với hơn 100 quốc gia, bao gồm 5 nước là ủy viên thường trực"
    within = invoke("ask", "--index", shelved.index, "--within", "quoc-phong", question)
    elsewhere = invoke("ask", "--index", shelved.index, "--within", "khac", "xyzzy plugh frobozz")

    assert (within.exit_code, elsewhere.exit_code) == (FOUND, NOT_FOUND)
    assert f"quoc-phong/{HOLDER}" in within.stdout


def test_the_repl_stays_within(invoke: Callable, shelved: Home) -> None:
    """Every question of the session."""
    result = invoke(
        "repl", "-k", 5, "--index", shelved.index, "--within", "khac", stdin=f"{QUESTION}\n:new\nhội nhập quốc tế\n"
    )

    assert result.exit_code == FOUND
    assert "đoạn" in result.stdout
    assert HOLDER not in result.stdout


@pytest.mark.parametrize("command", ["ask", "search", "repl"])
def test_a_folder_that_is_not_there(invoke: Callable, shelved: Home, command: str) -> None:
    """One sentence with those that are, before anything is searched; exit code 2."""
    question = [] if command == "repl" else [QUESTION]

    result = invoke(command, "--index", shelved.index, "--within", "la", *question)

    assert (result.exit_code, result.stdout) == (FAILED, "")
    assert result.stderr.startswith("trichdan: a collection is a first-level folder")
    assert result.stderr.endswith("none called 'la': choose from chung, khac, quoc-phong\n")

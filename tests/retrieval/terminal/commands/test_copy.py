"""`trichdan index --copy-to`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings import Encoder
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever
from retrieval.terminal.exit_codes import FAILED
from tests.retrieval.terminal.conftest import sentences
from tests.support.corpus import Home

QUESTION = "Việt Nam có quan hệ quốc phòng với bao nhiêu quốc gia?"


@pytest.mark.slow
def test_a_copy_is_told(invoke: Callable, own_seeds: Home, model: Encoder, tmp_path: Path) -> None:
    """What is live where; it answers as its source does."""
    target = tmp_path / "copy"
    result = invoke("index", "--index", own_seeds.index, "--copy-to", target)
    live = open_place(target).live()

    assert result.exit_code == 0
    assert result.stdout.startswith(f"Live in {target} is {live}: 5 documents, 48 passages")
    here, there = (Retriever(index, model).ask(QUESTION) for index in (target, own_seeds.index))
    assert [hit.quote.text for hit in here.hits] == [hit.quote.text for hit in there.hits]


@pytest.mark.parametrize("other", ["--rollback", "--list", "--verify", "--json"])
def test_a_copy_stands_alone(invoke: Callable, tmp_path: Path, other: str) -> None:
    """With what else the command does it is refused."""
    result = invoke("index", "--index", tmp_path, "--copy-to", tmp_path / "x", other)

    assert result.exit_code == 2
    assert "--copy-to" in result.stderr


def test_where_nothing_is_nothing_is_copied(invoke: Callable, tmp_path: Path) -> None:
    """Said in one sentence."""
    result = invoke("index", "--index", tmp_path, "--copy-to", tmp_path / "x")

    assert result.exit_code == FAILED
    (told,) = sentences(result.stderr)
    assert "an index is needed" in told

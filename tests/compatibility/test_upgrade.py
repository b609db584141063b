"""
What earlier commits wrote is read, or rebuilt by the one command that the message names, and nothing is lost.

Each folder beside this file is what `tests.compatibility.write` wrote at the commit that it is named after. A commit
that changes a format adds one, and keeps the others.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bot.storage.opening import open_state
from bot.storage.ratings import Ratings
from bot.storage.state import Person
from bot.storage.usage import Usage
from retrieval.errors import IndexMismatch
from retrieval.index.local.generations import generation
from retrieval.index.local.generations.history import generations, roll_back
from retrieval.index.manifest import FORMAT
from retrieval.retriever import Retriever
from tests.compatibility.write import ADMIN, LEFT, NOW, QUESTION, STAFF
from tests.support.corpus import Home, build_index
from tests.support.encoders import BagEncoder

HERE = Path(__file__).parent
COMMITS = sorted(path.name for path in HERE.iterdir() if (path / "index").is_dir())
ANSWER = "Báo cáo quý được nộp trước ngày 15 của tháng đầu quý sau, theo mẫu của Văn phòng (VP)."


@pytest.fixture(params=COMMITS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of what one commit wrote."""
    shutil.copytree(HERE / request.param, tmp_path / "old")
    return tmp_path / "old"


def first_quote(home: Home) -> str:
    """What the live generation answers to the question."""
    return Retriever(home.index, BagEncoder()).ask(QUESTION).hits[0].quote.text


def test_an_old_index_answers_or_names_the_command(old: Path) -> None:
    """An index of this format answers as it did; another one says how it is rebuilt."""
    home = Home(old / "corpus", old / "index")
    found = json.loads((generation.live_folder(home.index) / "manifest.json").read_text("utf-8"))["format"]

    if found == FORMAT:
        assert ANSWER in first_quote(home)
        assert Retriever(home.index, BagEncoder()).collections() == {"", "quy-che"}
    else:
        with pytest.raises(IndexMismatch, match="run `trichdan index --rebuild`"):
            first_quote(home)


def test_every_generation_of_an_old_index_is_whole(old: Path) -> None:
    """The one before is there to go back to, and answers too."""
    home = Home(old / "corpus", old / "index")
    for folder in generations(home.index):
        generation.verify(folder, generation.read_manifest(folder))

    roll_back(home.index)

    assert ANSWER in first_quote(home)


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_build_over_an_old_index_encodes_nothing_again(old: Path, rebuild: bool) -> None:
    """The next `trichdan index`, with --rebuild or without: every vector that was paid for is used."""
    home, encoder = Home(old / "corpus", old / "index"), BagEncoder()

    summary = build_index(home.corpus, home.index, encoder, rebuild=rebuild)

    assert (summary.documents, summary.refused, encoder.encoded) == (2, (), 0)
    assert ANSWER in first_quote(home)
    assert generation.read_manifest(generation.live_folder(home.index)).format == FORMAT


def test_an_old_state_file_is_opened_with_everything_in_it(old: Path) -> None:
    """People, the audit log, what waits to be answered, answers with their ratings, and what was counted."""
    state = open_state(old / "state.sqlite", now=lambda: NOW + 60)
    usage, (rated,) = Usage(state), Ratings(state).answers()

    assert state.people() == [Person(ADMIN, "admin", "Quản trị"), Person(STAFF, "staff", "Nhân viên")]
    assert [(act.act, act.subject) for act in state.audit_log()] == [
        ("invite staff", ADMIN),
        ("remove", LEFT),
        ("add staff", LEFT),
        ("add staff", STAFF),
        ("add admin", ADMIN),
    ]
    assert state.pending() == [(2, '{"update_id": 2}')]
    assert state.count_attempt(2) == 2
    assert not state.accept(1, "again")
    assert (rated.question, rated.state, rated.confidence, rated.downs) == (QUESTION, "found", 0.9, 1)
    assert rated.reasons == ("outdated",)
    assert state.passages_of(rated.answer_id) == list(rated.passages)
    assert usage.counts(usage.period(1)).states == {"found": 1}
    assert not state.may_refuse(5555, 3600.0)
    state.close()

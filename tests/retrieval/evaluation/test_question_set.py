"""The sets of a folder, and the questions that they lend each other."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import QuestionSetError
from retrieval.evaluation.question_set import UNANSWERABLE_SAMPLE, QuestionSet, read_sets, spread
from tests.retrieval.evaluation.test_questions import beir


def records(*names: str) -> list[dict]:
    """Records whose text is their name."""
    return [{"_id": name, "text": f"Đoạn {name}."} for name in names]


def asking(*names: str) -> list[dict]:
    """A query for each record, of the same id."""
    return [{"_id": name, "text": f"Hỏi {name}?"} for name in names]


def right(*names: str) -> str:
    """Judgements: each query's record."""
    return "".join(f"{name}\t{name}\t1\n" for name in names)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two BEIR folders that share the text of record "b", a `.jsonl`, and what is no set."""
    beir(tmp_path / "một", records("a", "b"), asking("a", "b"), right("a", "b"))
    beir(tmp_path / "hai", [*records("c"), {"_id": "other id", "text": "Đoạn b."}], asking("c"), right("c"))
    lines = [{"question": "Có?", "gold": [{"source": "x.txt", "contains": ""}]}, {"question": "Không?", "gold": []}]
    (tmp_path / "ba.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "README.md").write_text("x", encoding="utf-8")
    return tmp_path


def by_name(folder: Path) -> dict[str, QuestionSet]:
    """The readable sets."""
    return {one.name: one for one in read_sets(folder)[0]}


def test_every_set_of_a_folder(folder: Path) -> None:
    """BEIR folders bring documents, a `.jsonl` none; other files and folders are no sets."""
    found, refused = read_sets(folder)

    sizes = [(one.name, len(one.questions), one.documents and len(one.documents)) for one in found]
    assert (sizes, refused) == ([("ba.jsonl", 2, None), ("hai", 1, 2), ("một", 2, 2)], {})


def test_unreadable_sets_are_named(folder: Path) -> None:
    """A broken line, a BEIR folder without its queries, and a set without a question; the others are read."""
    (folder / "broken.jsonl").write_text("{", encoding="utf-8")
    (folder / "empty.jsonl").write_text("\n", encoding="utf-8")
    (folder / "hai" / "queries.jsonl").unlink()

    found, refused = read_sets(folder)

    assert [one.name for one in found] == ["ba.jsonl", "một"]
    assert "line 1 of" in refused.pop("broken.jsonl")
    assert "holds none" in refused.pop("empty.jsonl")
    assert "queries.jsonl cannot be read" in refused.pop("hai")
    assert refused == {}


@pytest.mark.parametrize("name", ["", "gone", "README.md"], ids=["an empty folder", "nothing", "a file"])
def test_no_folder_of_sets(tmp_path: Path, name: str) -> None:
    """One sentence that names the path."""
    if name == "README.md":
        (tmp_path / name).write_text("x", encoding="utf-8")

    with pytest.raises(QuestionSetError, match=str(tmp_path / name)):
        read_sets(tmp_path / name)


def test_one_set_is_no_folder_of_sets(folder: Path) -> None:
    """Its `.jsonl` files are not read as sets of questions."""
    with pytest.raises(QuestionSetError, match="is one set: leave out --all"):
        read_sets(folder / "một")


def test_lent_questions_are_unanswerable_here(folder: Path) -> None:
    """They keep their words, say whose they are, and have no gold; a question that had none anyway is not lent."""
    sets = by_name(folder)

    lent = sets["một"].unanswerable_from(sets["ba.jsonl"])

    assert [(q.question_id, q.text, q.gold, q.kind) for q in lent] == [("ba.jsonl/line 1", "Có?", (), "of ba.jsonl")]


def test_a_question_that_this_corpus_answers_is_not_lent(folder: Path) -> None:
    """The right passage of "b" stands in the other corpus too, under another id."""
    sets = by_name(folder)

    assert [question.text for question in sets["hai"].unanswerable_from(sets["một"])] == ["Hỏi a?"]


def test_nothing_is_lent_to_the_current_index_nor_to_itself(folder: Path) -> None:
    """A `.jsonl` brings its own unanswerable questions."""
    sets = by_name(folder)

    assert sets["ba.jsonl"].unanswerable_from(sets["một"]) == sets["một"].unanswerable_from(sets["một"]) == []


def test_the_sample_is_fixed(tmp_path: Path) -> None:
    """The same questions at each reading, each once, and no more than the limit."""
    names = [str(number) for number in range(UNANSWERABLE_SAMPLE + 50)]
    beir(tmp_path / "x" / "many", records(*names), asking(*names), right(*names))
    beir(tmp_path / "x" / "one", records("a"), asking("a"), right("a"))

    first, second = (
        [question.question_id for question in sets["one"].unanswerable_from(sets["many"])]
        for sets in (by_name(tmp_path / "x"), by_name(tmp_path / "x"))
    )

    assert first == second
    assert len(set(first)) == len(first) == UNANSWERABLE_SAMPLE


@given(st.lists(st.integers(), unique=True), st.integers(0, 40))
def test_spread_keeps_order_and_count(items: list[int], count: int) -> None:
    """As many as wanted or as there are, in order, the first among them, gaps differing by at most one."""
    found = spread(items, count)

    places = [items.index(item) for item in found]
    gaps = [after - before for before, after in pairwise([*places, len(items)])]
    assert len(found) == min(count, len(items))
    assert places == sorted(places)
    assert not found or (places[0] == 0 and max(gaps) - min(gaps) <= 1)

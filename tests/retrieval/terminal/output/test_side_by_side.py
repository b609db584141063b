"""Two answers side by side: moves, states, and where they are printed."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from retrieval.answering.answer import Answer
from retrieval.ranking.absence import Absence
from retrieval.retriever import Retriever
from retrieval.terminal.output.side_by_side import Side, move_from, move_to, rank_among, show_side_by_side
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

QUESTION = "Đơn vị có bao nhiêu người?"
TEXTS = {
    "a": "Báo cáo tháng\n\nĐơn vị có 70 người và bảy xe mới về hôm qua từ Hà Nội.",
    "b": "Báo cáo quý\n\nĐơn vị bạn có nhiều người hơn, chưa rõ là bao nhiêu.",
    "c": "Báo cáo năm\n\nXe mới của đơn vị về hôm qua, chưa rõ có mấy chiếc.",
}


def answer_over(folder: Path, texts: dict[str, str], question: str = QUESTION) -> Answer:
    """The answer of an index of these documents, as if it were sure."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for name, text in texts.items():
        (corpus / f"{name}.txt").write_text(text, encoding="utf-8")
    build_index(corpus, folder / "index", BagEncoder())
    return replace(Retriever(folder / "index", BagEncoder()).ask(question, k=10), state="found", confidence=0.875)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answer, Answer]:
    """Of an index, and of one where the first paragraph is gone and another is new."""
    folder = tmp_path_factory.mktemp("two")
    newer = {"b": TEXTS["b"], "c": TEXTS["c"], "d": "Báo cáo mới\n\nĐơn vị có bao nhiêu người thì có bấy nhiêu áo."}
    return answer_over(folder / "old", TEXTS), answer_over(folder / "new", newer)


def printed(ours: Answer, theirs: Answer, *, k: int = 3, width: int = 0) -> list[str]:
    """In a pipe; with a width on a terminal of so many columns."""
    out = io.StringIO()
    terminal = Console(file=out, width=width or 80, highlight=False, force_terminal=bool(width), color_system=None)
    show_side_by_side(terminal, Side("cu", ours), Side("moi", theirs), k)
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (move_to(5, 2), "5 ↑ to 2"),
        (move_to(1, 3), "1 ↓ to 3"),
        (move_to(2, 2), "2 ="),
        (move_to(2, None), "2 gone"),
        (move_from(2, 5), "2 ↑ from 5"),
        (move_from(3, 1), "3 ↓ from 1"),
        (move_from(1, 1), "1 ="),
        (move_from(1, None), "1 new"),
    ],
)
def test_a_move_is_up_if_the_other_index_has_it_nearer_the_top(move: str, said: str) -> None:
    """Told from both ends in the same direction."""
    assert move == said


def test_the_places_of_both_are_shown_with_their_moves(answers: tuple[Answer, Answer]) -> None:
    """Rank, move and title, the answering sentence and the citation; a place that is gone, and one that is new."""
    lines = printed(*answers)

    places = [line.split(" · ") for line in lines if line[:1].isdigit()]
    moves = {(title, move.partition(" ")[2]) for move, title in places}
    assert [move[0] for move, _ in places] == ["1", "2", "3"] * 2
    assert {("Báo cáo tháng", "gone"), ("Báo cáo mới", "new")} <= moves
    assert lines.count("cu: found, confidence 0.88") == lines.count("moi: found, confidence 0.88") == 1
    assert "  Đơn vị có 70 người và bảy xe mới về hôm qua từ Hà Nội." in lines
    assert "  — không rõ ngày · đoạn 1/1 · a.txt" in lines
    assert lines[-1] == "gone, new: not among the first 3 of the other index"


def test_a_place_below_those_shown_is_known(answers: tuple[Answer, Answer]) -> None:
    """With one place shown of each, it is still said where the other index has it."""
    ours = answers[0]
    theirs = replace(ours, hits=tuple(replace(hit, rank=rank) for rank, hit in enumerate(reversed(ours.hits), 1)))

    lines = printed(ours, theirs, k=1)

    assert [line.partition(" · ")[0] for line in lines if line[:1].isdigit()] == ["1 ↓ to 3", "1 ↑ from 3"]


def test_the_same_words_elsewhere_are_the_same_place(tmp_path: Path) -> None:
    """In a file of another name, further down in it, or as the copy of another paragraph."""
    words = TEXTS["a"].partition("\n\n")[2]
    old = answer_over(tmp_path / "old", {"a": TEXTS["a"]})
    new = answer_over(tmp_path / "new", {"z": f"Báo cáo\n\nMột đoạn khác đứng trước.\n\n{words}", "c": TEXTS["c"]})
    (copied,) = (hit for hit in new.hits if hit.quote.text == words)
    hidden = replace(copied, quote=replace(copied.quote, text="khác"), duplicates=(copied.quote,))

    assert rank_among(old.hits[0], new.hits) == copied.rank
    assert rank_among(old.hits[0], [hidden]) == copied.rank
    assert rank_among(hidden, old.hits) == 1


def test_equal_answers_are_one_sentence(answers: tuple[Answer, Answer]) -> None:
    """Whatever differs below what is shown."""
    ours = answers[0]
    theirs = replace(ours, hits=ours.hits[:2], confidence=ours.confidence + 0.001, generation="another")

    assert printed(ours, theirs, k=2) == [
        "cu and moi give the same answer: found, confidence 0.88, the same 2 paragraphs in the same order"
    ]


@pytest.mark.parametrize(("count", "said"), [(0, "no paragraph"), (1, "the same paragraph")])
def test_equal_answers_of_few_paragraphs(answers: tuple[Answer, Answer], count: int, said: str) -> None:
    """Nothing is in the same order with itself."""
    few = replace(answers[0], hits=answers[0].hits[:count])

    assert printed(few, few) == [f"cu and moi give the same answer: found, confidence 0.88, {said}"]


@pytest.mark.parametrize(
    "change",
    [
        {"state": "weak"},
        {"confidence": 0.5},
        {"hits": ()},
        {"absence": Absence("article", "Điều 9", "Luật", 8)},
    ],
    ids=["state", "confidence", "hits", "absence"],
)
def test_what_a_reader_could_tell_apart_is_shown(answers: tuple[Answer, Answer], change: dict) -> None:
    """Also where only one of these differs."""
    lines = printed(answers[0], replace(answers[0], **change))

    assert sum(line.startswith(("cu: ", "moi: ")) for line in lines) == 2


def test_what_explains_a_side_stands_below_its_state(answers: tuple[Answer, Answer]) -> None:
    """What is absent, a notice, and the question if the other index understood it otherwise."""
    ours, theirs = answers
    absence = Absence("article", "Điều 9", "Luật Một", 8)
    query = replace(theirs.query, text="đơn vị có bao nhiêu người")
    theirs = replace(theirs, hits=(), query=query, absence=absence, notices=("Tệp a.txt đã thay đổi.",))

    lines = printed(ours, theirs)

    place = lines.index("moi: found, confidence 0.88")
    assert lines[place + 1 : -1] == [
        "  understood as: đơn vị có bao nhiêu người",
        "  ⚠ Tệp a.txt đã thay đổi. Hãy chạy `trichdan index` để cập nhật.",
        "  Không có Điều 9 trong Luật Một: văn bản này có 8 điều.",
    ]
    assert f"  understood as: {QUESTION}" in lines[:place]


@pytest.mark.parametrize(("width", "beside"), [(80, False), (109, False), (110, True), (140, True)])
def test_a_wide_terminal_has_two_columns(answers: tuple[Answer, Answer], width: int, beside: bool) -> None:
    """A narrow one shows one index under the other; nothing is wider than it."""
    lines = printed(*answers, width=width)

    assert any("cu: found" in line and "moi: found" in line for line in lines) is beside
    assert max(map(len, lines)) <= width


def test_a_pipe_is_never_wrapped(answers: tuple[Answer, Answer]) -> None:
    """A program reads whole lines."""
    ours = answers[0]
    long = replace(ours.hits[0].quote.citation, title="dài " * 60)
    hit = replace(ours.hits[0], quote=replace(ours.hits[0].quote, citation=long))

    lines = printed(replace(ours, hits=(hit,)), answers[1])

    assert any(line.endswith("dài " * 60) for line in lines)

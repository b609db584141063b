"""An answer on a terminal and in a pipe."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from retrieval.answering.answer import Part
from retrieval.ranking.confidence import State
from retrieval.retriever import Retriever
from retrieval.terminal.output.answer import show_answer
from retrieval.terminal.output.explanation import show_explanation
from tests.support.encoders import BagEncoder

TEXT = "Báo cáo\n\n09/03/2023 08:00\n\nĐơn vị có 70 người và bảy xe mới về hôm qua từ Hà Nội."
REPRINT = TEXT.replace("Báo cáo", "Đăng lại").replace("09/03/2023", "10/03/2023")


@pytest.fixture
def retriever(indexed: Callable[..., Path], encoder: BagEncoder) -> Retriever:
    """A paragraph in two documents."""
    return Retriever(indexed(a=TEXT, b=REPRINT), encoder)


def printed(show: Callable[[Console], None]) -> list[str]:
    out = io.StringIO()
    show(Console(file=out, width=200, highlight=False))
    return out.getvalue().splitlines()


def test_a_copy_is_named_below_the_citation(retriever: Retriever) -> None:
    """The words once, then where they stand, then where else."""
    answer = replace(retriever.ask("Đơn vị có bao nhiêu người?"), state="found")

    lines = printed(lambda console: show_answer(console, answer))

    assert sum("Đơn vị có 70 người" in line for line in lines) == 1
    assert lines[-2:] == [
        "  — 09/03/2023 · đoạn 1/1 · a.txt",
        "  Cũng đăng ở: Đăng lại (10/03/2023), đoạn 1/1",
    ]


@pytest.mark.parametrize(("state", "said"), [("found", False), ("weak", True), ("none", True)])
def test_a_name_that_no_quote_holds_is_said(retriever: Retriever, state: State, said: bool) -> None:
    """Not where the answer was found all the same."""
    answer = replace(retriever.ask("Đơn vị có bao nhiêu người?"), state=state, missing_names=("Nga", "Lào"))

    lines = printed(lambda console: show_answer(console, answer))

    assert ("Các đoạn gần nhất không nhắc đến Nga, Lào." in lines) is said


def test_the_answer_stands_above_its_quote(retriever: Retriever) -> None:
    """The quantity that was asked for, and only where the answer was found."""
    answer = retriever.ask("Đơn vị có bao nhiêu người?")

    found = printed(lambda console: show_answer(console, replace(answer, state="found")))
    unsure = printed(lambda console: show_answer(console, replace(answer, state="weak")))

    assert found[0] == "→ 70 người"
    assert not any(line.startswith("→") for line in unsure)


def test_what_limits_an_answer_is_said(retriever: Retriever) -> None:
    """Words that no document has, the age of the document, and the part that nothing answers."""
    answer = retriever.ask("Đơn vị có bao nhiêu người?")
    parts = (Part("Ai ký", "none", None), Part("Có bao nhiêu người", "weak", 1))
    limited = replace(answer, state="weak", unknown_words=("thỉnh giảng",), old=date(2019, 3, 9), parts=parts)

    lines = printed(lambda console: show_answer(console, limited))

    assert "Không tài liệu nào có “thỉnh giảng”." in lines
    assert "Đoạn đầu tiên thuộc tài liệu ngày 09/03/2019; tình hình hiện nay có thể đã khác." in lines
    assert "Tài liệu hiện có không trả lời phần: “Ai ký”." in lines
    assert lines[lines.index("Trả lời phần: “Có bao nhiêu người”") + 1].startswith("1 · ")


def test_items_of_a_list_stand_above_the_quotes(retriever: Retriever) -> None:
    """Their first sentences, each on a line, with the citation of the list."""
    answer = replace(retriever.ask("Đơn vị có bao nhiêu người?"), state="found")
    quote = replace(answer.hits[0].quote, highlight=(0, 19))

    lines = printed(lambda console: show_answer(console, replace(answer, items=(quote, quote))))

    place = lines.index("Danh sách gồm 2 mục:")
    assert lines[place + 1 : place + 3] == [f"  {quote.text[:19]}"] * 2


def test_a_long_paragraph_is_an_excerpt_unless_all_is_wanted(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """What is left out is counted; with `whole` nothing is."""
    filler = "Tổ bảo vệ gửi báo cáo sau khi hết ca. " * 60
    index = indexed(a=f"Báo cáo\n\n{filler}Mật khẩu két là của phòng kế toán. {filler}")
    answer = replace(Retriever(index, encoder).ask("Mật khẩu két của phòng nào?"), state="found")

    short = printed(lambda console: show_answer(console, answer))
    whole = printed(lambda console: show_answer(console, answer, whole=True))

    assert sum("[… lược" in line for line in short) == 2
    assert any("**Mật khẩu két là của phòng kế toán.**" in line for line in short)
    assert sum(map(len, short)) < 1200
    assert not any("[… lược" in line for line in whole)


def test_what_puts_a_hit_ahead_is_explained(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """Evidence by evidence against the last hit, and the differences add up to that of the scores."""
    other = "Báo cáo\n\n09/03/2023 08:00\n\nXe mới của đơn vị về hôm qua, chưa rõ có mấy chiếc."
    answer = Retriever(indexed(a=TEXT, b=other), encoder).ask("Đơn vị có bao nhiêu người?", k=2)
    first, last = answer.hits

    lines = printed(lambda console: show_explanation(console, answer))

    (said,) = [lines[i + 1] for i, line in enumerate(lines) if line.startswith(f"ahead of {last.quote.passage_id} by")]
    assert said.startswith(f"  {first.quote.passage_id}: cosine ")
    ahead = sum(float(part.split()[-1]) for part in said.split(": ", 1)[1].split(", "))
    assert ahead == pytest.approx(first.score - last.score, abs=0.1)


def test_copies_are_explained(retriever: Retriever) -> None:
    """`:explain` names the passages that were collapsed."""
    answer = retriever.ask("Đơn vị có bao nhiêu người?")

    lines = printed(lambda console: show_explanation(console, answer))

    assert "copy of a.txt#1: b.txt#1" in lines

"""Names in questions that no passage repeats."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.question.understanding import understand
from retrieval.ranking.missing_names import missing_names
from retrieval.retriever import Retriever
from tests.retrieval.language.test_diacritic_restoration import Counted
from tests.support.encoders import BagEncoder

SPELLINGS = Counted("việt nam có hợp tác với nhật bản pháp luật liên hợp quốc không nước")


@pytest.mark.parametrize(
    ("names", "texts", "missing"),
    [
        ([("Nhật Bản", "Japan")], ["Đoàn Nhật Bản đến thăm."], ()),
        ([("Nhật Bản", "Japan")], ["Một đoàn.", "Đoàn (Japan)"], ()),
        ([("Nhật Bản", "Japan")], ["Đoàn Lào đến thăm."], ("Nhật Bản",)),
        ([("nhat ban", "Japan")], ["Đoàn Nhật Bản đến thăm."], ()),
        ([("Nhật",)], ["Giao lưu lần thứ nhất."], ("Nhật",)),
        ([("Xin-ga-po", "Singapore")], ["ở Xin ga po"], ()),
        ([("Lào",), ("Nga",)], ["Đoàn Lào đến thăm."], ("Nga",)),
        ([("Nga",)], ["Ngay sau đó"], ("Nga",)),
        ([("Nga",)], [], ("Nga",)),
        ([], ["Đoàn Lào đến thăm."], ()),
    ],
)
def test_what_is_missing(names: list[tuple[str, ...]], texts: list[str], missing: tuple[str, ...]) -> None:
    """Any wording in any text will do, in whole words; a single syllable needs its marks."""
    assert missing_names(names, texts) == missing


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("Việt Nam có hợp tác với Nhật Bản không?", ["Nhật Bản"]),
        ("viet nam co hop tac voi nhat ban khong", ["nhật bản"]),
        ("pháp luật Việt Nam", []),
        ("Does Vietnam cooperate with Japan?", ["Japan"]),
    ],
)
def test_names_in_a_question(question: str, typed: list[str]) -> None:
    """Listed names as they are understood, less the country that all documents are about."""
    assert [wordings[0] for wordings in understand(question, SPELLINGS).names] == typed


def test_the_short_form_of_a_name_names_it() -> None:
    """Documents write LHQ where a question writes it in full."""
    (wordings,) = understand("Liên hợp quốc có bao nhiêu nước?", SPELLINGS).names

    assert missing_names([wordings], ["Phái bộ gìn giữ hòa bình LHQ."]) == ()


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("Bộ đội làm nhiệm vụ gì ở châu Phi?", "Đội Công binh đến Nam Sudan.", ()),
        ("Bộ đội làm nhiệm vụ gì ở châu Phi?", "Đoàn thăm Trung Phi.", ()),
        ("Bộ đội làm nhiệm vụ gì ở châu Phi?", "Bệnh viện dã chiến đặt tại Ben-ti-u.", ()),
        ("Bộ đội làm nhiệm vụ gì ở châu Phi?", "Đoàn thăm Nhật Bản.", ("châu Phi",)),
        ("Hợp tác với các nước ASEAN thế nào?", "Hai bên Việt Nam và Lào ký thỏa thuận.", ()),
        ("Hợp tác với Lào thế nào?", "Hợp tác với các nước ASEAN.", ("Lào",)),
    ],
)
def test_a_place_is_named_by_what_lies_within_it(question: str, text: str, missing: tuple[str, ...]) -> None:
    """A part names its whole, also through another part; the whole does not name a part."""
    assert missing_names(understand(question, SPELLINGS).names, [text]) == missing


def test_another_country_s_paragraph_is_no_answer(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """The same words about the country asked for and about another: the second is less sure, and says why."""
    text = "Báo cáo\n\nĐoàn cán bộ {} có 70 người về hôm qua.\n\nHọp tại Huế ngày 9/2 bàn việc khác."
    question = "Đoàn cán bộ Lào có bao nhiêu người?"

    asked_for = Retriever(indexed(a=text.format("Lào")), encoder).ask(question)
    another = Retriever(indexed(a=text.format("Nga")), encoder).ask(question)

    assert (asked_for.missing_names, asked_for.missing) == ((), "")
    assert another.confidence < asked_for.confidence
    assert another.state != "found"
    assert another.missing == "Lào"

"""The citation says what is in force, and what is in force comes first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from retrieval.answering.answer import to_json
from retrieval.answering.legal_remarks import legal_remarks
from retrieval.index.records.legal_status import ForceChange, LegalStatus
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
OLD = (
    f"CHÍNH PHỦ\n{STATE}Số: 90/2019/NĐ-CP\nHà Nội, ngày 15 tháng 11 năm 2019\nNGHỊ ĐỊNH\nQuy định mức hỗ trợ rừng\n"
    "Căn cứ Luật Trồng rừng;\nĐiều 1. Mức hỗ trợ\nMức hỗ trợ trồng rừng ngập mặn mỗi hécta là hai triệu đồng.\n"
    "Điều 2. Hiệu lực\nNghị định này có hiệu lực từ ngày 01 tháng 01 năm 2020.\n"
)
NEW = (
    f"CHÍNH PHỦ\n{STATE}Số: 38/2022/NĐ-CP\nHà Nội, ngày 12 tháng 6 năm 2022\nNGHỊ ĐỊNH\nQuy định mức hỗ trợ chủ rừng\n"
    "Căn cứ Luật Trồng rừng;\nĐiều 1. Mức hỗ trợ\nMức hỗ trợ trồng rừng mỗi hécta là ba triệu đồng.\n"
    "Điều 2. Hiệu lực\n1. Nghị định này có hiệu lực từ ngày 01 tháng 7 năm 2022.\n"
    "2. Nghị định số 90/2019/NĐ-CP ngày 15 tháng 11 năm 2019 hết hiệu lực từ ngày Nghị định này có hiệu lực.\n"
)
QUESTION = "mức hỗ trợ trồng rừng mỗi hécta"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Two decrees, the newer one in another collection."""
    for name, words in (("cong/cu.txt", OLD), ("rieng/moi.txt", NEW)):
        (tmp_path / "docs" / name).parent.mkdir(parents=True)
        (tmp_path / "docs" / name).write_text(words, encoding="utf-8")
    build_index(tmp_path / "docs", tmp_path / "index", BagEncoder())
    return tmp_path / "index"


def on(index: Path, day: date) -> Retriever:
    return Retriever(index, BagEncoder(), today=lambda: day)


AFTER, BEFORE = date(2031, 1, 1), date(2022, 6, 20)


def test_what_is_in_force_comes_first(index: Path) -> None:
    """The older decree until the newer one is in force, then the newer one."""
    first_after, *_ = on(index, AFTER).ask(QUESTION).hits
    first_before, *_ = on(index, BEFORE).ask(QUESTION).hits

    assert (first_after.quote.doc_id, first_before.quote.doc_id) == ("rieng/moi.txt", "cong/cu.txt")


@pytest.mark.parametrize(
    "question",
    [f"{QUESTION} theo Nghị định 90/2019/NĐ-CP", f"{QUESTION} năm 2019"],
)
def test_the_older_one_is_given_to_who_names_it(index: Path, question: str) -> None:
    """By its number, or by its year."""
    first, *_ = on(index, AFTER).ask(question).hits

    assert first.quote.doc_id == "cong/cu.txt"


def test_the_citation_of_the_older_one_says_so(index: Path) -> None:
    """In the line and in the JSON; before that day it says what will be."""
    quotes = [hit.quote for hit in on(index, AFTER).ask(QUESTION).hits]
    (old,) = [quote for quote in quotes if quote.doc_id == "cong/cu.txt"][:1]
    will = on(index, BEFORE).ask(QUESTION).hits[0].quote

    remark = "hết hiệu lực theo Nghị định 38/2022/NĐ-CP từ 01/07/2022"
    assert f"15/11/2019 · Điều 1 · đoạn 7/8 · {remark} · hiệu lực từ 01/01/2020" in old.citation.line
    assert remark in old.citation.brief
    assert f"sẽ {remark}" in will.citation.line


def test_a_reader_of_one_collection_learns_nothing_of_another(index: Path) -> None:
    """Neither from the order nor from the citation, also where the paragraph is opened by its button."""
    retriever = on(index, AFTER)
    answer = retriever.ask(QUESTION, within=frozenset({"cong"}))
    opened = retriever.passage(answer.hits[0].quote.passage_id, within=frozenset({"cong"}))
    seen = retriever.passage(answer.hits[0].quote.passage_id)

    assert answer.hits[0].quote.citation.status.changes == opened.citation.status.changes == ()
    assert to_json(answer)["hits"][0]["force"] == []
    assert [change.doc_id for change in seen.citation.status.changes] == ["rieng/moi.txt"]


def test_it_outlives_an_incremental_build(index: Path) -> None:
    """Unchanged documents keep their statements; with the newer decree its statement goes."""
    (index.parent / "docs" / "cong" / "them.txt").write_text("Nội quy\n\nPhòng họp mở lúc bảy giờ.\n", encoding="utf-8")
    build_index(index.parent / "docs", index, BagEncoder())
    kept = on(index, AFTER).passage("cong/cu.txt#8").citation.status.changes
    (index.parent / "docs" / "rieng" / "moi.txt").unlink()
    build_index(index.parent / "docs", index, BagEncoder())

    assert [change.by for change in kept] == ["Nghị định 38/2022/NĐ-CP"]
    assert on(index, AFTER).passage("cong/cu.txt#8").citation.status.changes == ()


def test_remarks_in_the_order_in_which_they_matter() -> None:
    """What ended it, what changes it, a day to come, and no more than three documents by name."""
    changes = [
        ForceChange("replaces", "a", "Nghị định A", None),
        ForceChange("amends", "b", "Nghị định B", date(2032, 1, 1)),
    ]
    status = LegalStatus(date(2031, 5, 1), (*changes, *[ForceChange("amends", "c", "C", date(2020, 1, 1))] * 3))

    assert list(legal_remarks(status, date(2031, 1, 1))) == [
        "được thay thế bởi Nghị định A",
        "sẽ được sửa đổi, bổ sung bởi Nghị định B từ 01/01/2032",
        "được sửa đổi, bổ sung bởi C từ 01/01/2020",
        "và 2 văn bản khác",
        "chưa có hiệu lực: hiệu lực từ 01/05/2031",
    ]

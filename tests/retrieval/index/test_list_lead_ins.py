"""A question in words of a list's lead-in and of an item finds the item, with the sentence in its citation."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

LISTS = {
    "nghi-le.txt": ("Trước khi nghỉ lễ, đơn vị phải:", "- Tắt thiết bị điện;", "- Niêm phong phòng làm việc."),
    "nghi-phep.txt": ("Trước khi nghỉ phép, viên chức phải:", "- Bàn giao công việc;", "- Niêm phong tủ hồ sơ."),
    "di-cong-tac.txt": ("Trước khi đi công tác, viên chức phải:", "- Bàn giao công việc;", "- Nhận giấy đi đường."),
}


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    folder: Path = tmp_path_factory.mktemp("lists")
    (folder / "docs").mkdir()
    for name, lines in LISTS.items():
        text = "\n".join(("Văn phòng thông báo đến toàn thể các đơn vị trong cơ quan.", *lines, ""))
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    build_index(folder / "docs", folder / "index", BagEncoder())
    return Retriever(folder / "index", BagEncoder())


@pytest.mark.parametrize(
    ("question", "source", "item"),
    [
        ("nghỉ lễ niêm phong gì", "nghi-le.txt", "- Niêm phong phòng làm việc."),
        ("nghi phep niem phong gi", "nghi-phep.txt", "- Niêm phong tủ hồ sơ."),
        ("đi công tác bàn giao gì", "di-cong-tac.txt", "- Bàn giao công việc;"),
    ],
)
def test_an_item_is_found_by_its_lead_in(retriever: Retriever, question: str, source: str, item: str) -> None:
    """Items of the same words in other lists come after it."""
    quote = retriever.ask(question).hits[0].quote

    assert (quote.citation.source, quote.text) == (source, item)
    assert f" · câu dẫn: “{LISTS[source][0]}”" in quote.citation.line

"""What the benchmark of laws counts as kept, right and wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.reading.reader import read_document
from tests.benchmarks.laws import compare, paragraphs_of

FIRST = "Quy chế này quy định việc đăng ký, sử dụng và bảo quản các phòng họp của cơ quan."
SECOND = "Điều 1 của Quy chế này được áp dụng cho cả những phòng họp mà cơ quan thuê ngoài trụ sở."
LAST = "Người giữ phòng có trách nhiệm khóa cửa và tắt đèn sau mỗi cuộc họp trong ngày làm việc."
PLAIN = f"QUY CHẾ HỌP\nĐiều 1. Phạm vi\n{FIRST}\nChương II\nSỬ DỤNG\nĐiều 2.Trách nhiệm\n{SECOND}\n{LAST}\n"


def test_a_paragraph_belongs_to_the_article_above_it() -> None:
    """A sentence that names an article is no heading of one."""
    found = [(paragraph.article, paragraph.words) for paragraph in paragraphs_of(PLAIN)]

    assert found == [("Điều 1", FIRST), ("Điều 2", SECOND), ("Điều 2", LAST)]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (PLAIN, (3, 3, 0, 0, 0)),
        (PLAIN.replace("Điều 2.", "Điều 3."), (3, 1, 2, 0, 0)),
        (PLAIN.replace("Điều 1. Phạm vi\n", ""), (3, 2, 0, 1, 0)),
        (PLAIN.replace("khóa cửa", "khoá cửa"), (2, 2, 0, 0, 1)),
    ],
)
def test_each_paragraph_is_counted_once(text: str, counts: tuple[int, ...], tmp_path: Path) -> None:
    """Kept and right; under another article; under none; and in other words."""
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")

    found = compare("a.txt", paragraphs_of(PLAIN), read_document(tmp_path / "a.txt", tmp_path))

    assert (found.kept, found.right, len(found.wrong), len(found.uncited), len(found.lost)) == counts

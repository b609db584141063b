"""Spools: what a build keeps of its documents without holding them in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from retrieval.index.build import spool as spools
from retrieval.index.build.document_collector import SplitDocument
from retrieval.index.build.spool import Spool
from retrieval.passage import split_document
from retrieval.reading.document import Block, Document, OcrConfidence, Unread


@dataclass(frozen=True)
class Single:
    """A dataclass of one field."""

    name: str


@pytest.fixture(params=[1, 1 << 20], ids=["on the disk", "in memory"])
def spool(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Spool[object]]:
    """An empty one."""
    monkeypatch.setattr(spools, "_IN_MEMORY", request.param)
    with closing(Spool[object](tmp_path)) as made:
        yield made


def test_what_was_appended_comes_back(spool: Spool[object]) -> None:
    """Each field of a document, whatever its type, in any order of reading, while more is appended."""
    items = [split(number) for number in range(5)]
    for item in items[:4]:
        spool.append(item)
    assert next(iter(spool)) == items[0]
    spool.append(items[4])

    assert list(spool) == items
    assert [spool[place] for place in (4, 0, -1, 2)] == [items[place] for place in (4, 0, -1, 2)]
    assert spool[1:3] == items[1:3]
    assert len(spool) == 5
    with pytest.raises(IndexError):
        spool[5]


def test_two_may_read_at_once(spool: Spool[object]) -> None:
    """As where one pass over the documents looks up others."""
    for number in range(3):
        spool.append((number, Single(str(number))))

    assert [(one, other) for one in spool for other in spool] == [
        ((a, Single(str(a))), (b, Single(str(b)))) for a in range(3) for b in range(3)
    ]


def test_the_file_has_no_name(spool: Spool[object], tmp_path: Path) -> None:
    """Nobody else can open it, and nothing is left of a build that was killed."""
    spool.append("mật" * 100)

    assert list(tmp_path.iterdir()) == []


def split(number: int) -> SplitDocument:
    """A document with every field set."""
    text = f"Đầu đề\nĐoạn thứ {number} của văn bản."
    document = Document(
        f"{number}", "a/b.txt", "Đầu đề", "Báo", "An", date(2023, 1, number + 1), text, "ab" * 32,
        (Block("heading", 0, 6, level=1), Block("paragraph", 7, len(text), notes=("1", "2"), page=3, is_row=True)),
        archive="a", origin="tcvn3", kept="x", unread=(Unread("page", 4, 2, "tên"),), number="38/2022/NĐ-CP",
        ocr_confidence=OcrConfidence(90.5, 10.25, 2), secrecy="MẬT", sidecar=None,
    )  # fmt: skip
    return SplitDocument(document, split_document(document), "digest")

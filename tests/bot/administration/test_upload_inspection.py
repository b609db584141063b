"""A file read in a child process: what it would be as a document, or that it cannot be read; never for long."""

from __future__ import annotations

import hashlib
import sys
import time
from datetime import date

import pytest

from bot.administration.upload_inspection import Inspection, Unreadable, inspect


async def test_a_document_is_described(tmp_path):
    """Title, date, paragraphs and first words as the index would have them."""
    file = tmp_path / "a.md"
    file.write_text("---\ntitle: Quy chế\ndate: 2024-03-01\n---\n\nĐoạn một.\n\nĐoạn hai.\n", encoding="utf-8")

    found = await inspect(file)

    expected = hashlib.sha256(file.read_bytes()).hexdigest()
    assert found == Inspection("Quy chế", False, "", date(2024, 3, 1), 2, "Đoạn một.", expected)


async def test_first_words_are_no_title(tmp_path):
    """A document without a heading is named by its first sentence, which is said."""
    (tmp_path / "a.txt").write_text("Báo cáo quý được nộp trước ngày 15 của tháng đầu quý sau. Hết.", encoding="utf-8")

    found = await inspect(tmp_path / "a.txt")

    assert (found.untitled, found.published) == (True, None)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [("a.txt", b"\xff\xff\xff", "EncodingError"), ("a.txt", b"  \n", "EmptyError"), ("a.exe", b"MZ", "SuffixError")],
)
async def test_what_is_no_document(tmp_path, name, data, kind):
    """By the name of the error, which has its words in each language."""
    (tmp_path / name).write_bytes(data)

    found = await inspect(tmp_path / name)

    assert found.kind == kind


async def test_reading_without_end_is_ended(tmp_path):
    """A file that keeps its reader busy keeps nobody else."""
    begun = time.monotonic()

    found = await inspect(tmp_path / "a", command=(sys.executable, "-c", "while True: pass"), seconds=0.5)

    assert isinstance(found, Unreadable)
    assert time.monotonic() - begun < 5


async def test_reading_without_measure_is_ended(tmp_path):
    """A reader that asks for more memory than it may have fails alone."""
    (tmp_path / "a.txt").write_text("a")
    greedy = (
        "from bot.administration import inspection_worker as worker; import sys; sys.argv[0] = 'x';"
        "worker.read_document = lambda *_: bytearray(2 * 1024 ** 3); worker.main()"
    )

    found = await inspect(tmp_path / "a.txt", command=(sys.executable, "-c", greedy))

    assert found == Unreadable("", "MemoryError")

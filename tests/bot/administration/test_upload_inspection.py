"""A file read in a child process: what it would be as a document, or that it cannot be read; never for long."""

from __future__ import annotations

import asyncio
import hashlib
import os
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.administration.upload_inspection import MEMORY, Unreadable, inspect
from retrieval.reading.corpus import walk
from retrieval.reading.summary import DocumentSummary
from tests.support.document_makers import THIRST, THIRSTY

pytestmark = pytest.mark.slow


async def test_a_document_is_described(tmp_path):
    """Title, date, paragraphs and first words as the index would have them."""
    file = tmp_path / "a.md"
    file.write_text("---\ntitle: Quy chế\ndate: 2024-03-01\n---\n\nĐoạn một.\n\nĐoạn hai.\n", encoding="utf-8")

    found = await inspect(file)

    expected = hashlib.sha256(file.read_bytes()).hexdigest()
    assert found == DocumentSummary("Quy chế", False, "", date(2024, 3, 1), 2, "Đoạn một.", expected)


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


def readers():
    """The processes of ours that read files."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            is_ours = f"\nPPid:\t{os.getpid()}\n" in status.read_text()
            if is_ours and b"retrieval.worker" in status.with_name("cmdline").read_bytes():
                found.append(int(status.parent.name))
    return found


async def limited_reader():
    """The process that reads, once it has set its limits."""
    while True:
        for pid in readers():
            with suppress(OSError):
                limits = Path(f"/proc/{pid}/limits").read_text()
                if f"{MEMORY} " in limits:
                    return pid, limits
        await asyncio.sleep(0.01)


@pytest.fixture
def long(tmp_path):
    """A file that takes its reader minutes."""
    file = tmp_path / "a.txt"
    file.write_text("Thư viện mở cửa từ 7 giờ 30 đến 17 giờ mỗi ngày.\n\n" * 250_000, encoding="utf-8")
    return file


async def test_reading_without_end_is_ended(long):
    """A file that keeps its reader busy keeps nobody else."""
    found = await inspect(long, seconds=0.5)

    assert found == Unreadable("ExhaustedError", "a file is read within 0.5 s, this one was not")
    assert readers() == []


async def test_reading_without_measure_is_ended(long):
    """A reader that asks for more memory than it may have fails alone."""
    found = await inspect(long, memory=192 * 1024**2)

    assert found.kind == "ExhaustedError"
    assert readers() == []


async def test_what_a_build_cannot_analyze_is_refused_as_by_the_build(tmp_path):
    """Before it is added, and in the same words."""
    (tmp_path / "a.txt").write_text(THIRSTY, encoding="utf-8")
    (refusal,) = replace(walk([tmp_path]), memory=THIRST)

    found = await inspect(tmp_path / "a.txt", memory=THIRST)

    assert found == Unreadable("ExhaustedError", refusal.reason)


async def test_a_reader_has_its_limits_and_no_settings(long, monkeypatch):
    """A gibibyte of address space, no core file and no token, while the bot goes on; cancelled, it is killed."""
    monkeypatch.setenv("TRICHDAN_TOKEN", "7812:secret")
    reading = asyncio.create_task(inspect(long))

    pid, limits = await limited_reader()
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    hard = {line[:25].strip(): line.split()[-2] for line in limits.splitlines()[1:]}
    assert (hard["Max address space"], hard["Max core file size"]) == (str(MEMORY), "0")
    assert b"TRICHDAN_" not in environment
    assert readers() == []

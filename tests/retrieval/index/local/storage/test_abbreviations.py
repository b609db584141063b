"""The mined abbreviations of a generation: what is written is what is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.errors import DamagedIndex
from retrieval.index.local.storage import abbreviations
from retrieval.language.abbreviation import mine

TEXTS = ("lực lượng gìn giữ hòa bình (GGHB)", "Adaptive Drive Display (ADD)", "kiểm sát viên (KSV)", "Không có gì.")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Short forms, readings, and whether they count in lower case."""
    abbreviations.write(tmp_path, TEXTS)

    assert abbreviations.read(tmp_path) == mine(TEXTS)


def test_the_file_is_for_people_too(tmp_path: Path) -> None:
    """One can search it for a word with its marks."""
    abbreviations.write(tmp_path, TEXTS)

    assert '"gìn giữ hòa bình"' in (tmp_path / abbreviations.FILE).read_text(encoding="utf-8")


def test_a_corpus_that_defines_nothing(tmp_path: Path) -> None:
    """An empty list, not a missing file."""
    abbreviations.write(tmp_path, [])

    assert abbreviations.read(tmp_path) == ()


@pytest.mark.parametrize("content", [b"", b"{", b"{}x", b'[{"short": "A"}]', b"[1]", b"\xff"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """By its name, with the command that repairs it."""
    (tmp_path / abbreviations.FILE).write_bytes(content)

    with pytest.raises(DamagedIndex, match=r"abbreviations\.json.*--rebuild"):
        abbreviations.read(tmp_path)


def test_the_passages_that_define_are_remembered(tmp_path: Path) -> None:
    """By their rows: mining those alone gives what mining all of them gives."""
    texts = ["Không có gì.", *TEXTS, "Cũng không (xem phụ lục)."]
    abbreviations.write(tmp_path, texts)

    rows = abbreviations.defining_rows(tmp_path)

    assert 0 < len(rows) < len(texts)
    assert mine(texts[row] for row in rows) == mine(texts)

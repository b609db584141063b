"""`trichdan index --report`: every file with its verdict, for people and for programs, without building anything."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import click.testing
import pytest
from rich.console import Console

from retrieval.reading.document import OcrConfidence
from retrieval.reading.quality.verdict import Verdict
from retrieval.terminal.commands.quality_report import show_report
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

GOOD = "# Quy chế\n\n" + "Đơn vị có trách nhiệm báo cáo cấp trên trước ngày cuối tháng. " * 4
Invoke = Callable[..., click.testing.Result]


@pytest.fixture
def corpus(folder: Path) -> Path:
    """A good file, one without a date, and one that cannot be read."""
    (folder / "a.md").write_text(GOOD, encoding="utf-8")
    (folder / "a.md.meta.toml").write_text("published = 2024-03-01", encoding="utf-8")
    (folder / "b.md").write_text(GOOD.replace("tháng", "quý").replace("cấp trên", "thủ trưởng"), encoding="utf-8")
    (folder / "c.txt").write_bytes(b"\x00")
    return folder


def test_for_programs(corpus: Path, tmp_path: Path, invoke: Invoke) -> None:
    """Each file with its level, its problems, its figures and what to write beside it; exit code 1 for the broken."""
    result = invoke("index", corpus, "--index", tmp_path / "index", "--report", "--json")

    told = json.loads(result.stdout)
    good, undated, refused = told["files"]
    assert (result.exit_code, told["levels"]) == (1, {"good": 1, "check": 1, "unusable": 1})
    assert (good["source"], good["problems"], good["published"], good["sidecar"]) == ("a.md", [], "2024-03-01", None)
    assert (undated["problems"], undated["sidecar"]) == (["no-date"], "b.md.meta.toml")
    assert (good["words"], good["syllables"], good["title"]) == (54, 1.0, "Quy chế")
    assert (refused["problems"], "NUL" in refused["reason"]) == (["refused"], True)


def test_for_people(corpus: Path, tmp_path: Path, invoke: Invoke) -> None:
    """A line for each file, the worst first, then the counts and how to write a sidecar; in no line a break."""
    result = invoke("index", corpus, "--index", tmp_path / "index", "--report")

    _, refused, undated, good, counts, advice, *example = result.stdout.splitlines()
    assert refused.startswith("không dùng được  c.txt")
    assert undated.split() == ["cần", "xem", "b.md", "54", "100%", "thiếu", "ngày"]
    assert good.split() == ["tốt", "a.md", "54", "100%"]
    assert counts == "3 tệp: 1 tốt, 1 cần xem, 1 không dùng được"
    assert "b.md.meta.toml" in advice
    assert example == ['  title = "Quy chế chi tiêu nội bộ"', "  published = 2024-03-01"]


def test_nothing_is_built(corpus: Path, tmp_path: Path, invoke: Invoke) -> None:
    """A report leaves no index; where every file is usable it ends with 0."""
    (corpus / "c.txt").unlink()

    result = invoke("index", corpus, "--index", tmp_path / "index", "--report", "--json")

    assert (result.exit_code, (tmp_path / "index").exists()) == (0, False)


def test_what_the_index_keeps(corpus: Path, tmp_path: Path, invoke: Invoke, encoder: BagEncoder) -> None:
    """A file that broke since it was indexed is told from one that was never read."""
    build_index(corpus, tmp_path / "index", encoder)
    (corpus / "b.md").write_bytes(b"\x00")

    told = json.loads(invoke("index", corpus, "--index", tmp_path / "index", "--report", "--json").stdout)

    assert [file["problems"] for file in told["files"]] == [[], ["refused", "kept"], ["refused"]]


def test_a_badly_recognised_page_is_named() -> None:
    """With the confidence of the whole, and never as "tốt"."""
    printed = Console(file=io.StringIO(), width=200)
    sure = OcrConfidence(mean=90.6, lowest=67.2, page=3)

    show_report(printed, [Verdict("a.pdf", "check", ("ocr", "unsure"), words=90, ocr_confidence=sure)])

    (line,) = (line for line in printed.file.getvalue().splitlines() if "a.pdf" in line)
    assert line.startswith("cần xem")
    assert "nhận dạng từ ảnh, độ tin cậy 91 %, thấp nhất 67 % (trang 3); nhận dạng kém ở trang 3" in line

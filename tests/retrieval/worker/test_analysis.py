"""A document that cannot be analyzed within the limits is refused alone, before a build analyzes it again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.index.opening import open_place
from retrieval.reading.corpus import walk
from tests.support.document_makers import THIRST, THIRSTY
from tests.support.encoders import BagEncoder
from tests.support.silent_progress import SilentProgress

pytestmark = pytest.mark.slow


def test_a_document_whose_analysis_takes_too_much_memory_is_refused_alone(tmp_path: Path) -> None:
    """By name and with the reason; the others are indexed."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Thư viện mở cửa lúc bảy giờ mỗi ngày.")
    (corpus / "b.txt").write_text(THIRSTY)
    (corpus / "c.txt").write_text("Phòng họp mở cửa lúc tám giờ mỗi ngày.")
    entries = replace(walk([corpus]), memory=THIRST)

    summary = open_place(tmp_path / "index").build(
        entries, BagEncoder(), root=corpus, model=None, progress=SilentProgress()
    )

    assert summary.new == ("a.txt", "c.txt")
    assert [(refusal.source, refusal.kind, refusal.reason) for refusal in summary.refused] == [
        (
            "b.txt",
            "ExhaustedError",
            "a document is read within 0.234 GB of memory, b.txt was not (MemoryError): split it into several files",
        )
    ]

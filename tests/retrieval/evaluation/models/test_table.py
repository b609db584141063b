"""The tables of measured models."""

from __future__ import annotations

from retrieval.evaluation.models.figures import AskedFigures, ModelFigures
from retrieval.evaluation.models.table import cost_rows, markdown, quality_rows
from retrieval.evaluation.provenance import Provenance


def asked(measure: float, answerable: int, found: float, unanswerable: int = 0) -> AskedFigures:
    """Figures of which the rest of the answerable questions are "weak"."""
    states = {"found": found, "weak": 1 - found, "none": 0.0}
    others = {"found": 0.5, "weak": 0.5, "none": 0.0}
    return AskedFigures(answerable, unanswerable, {"RR@10": measure}, {"answerable": states, "unanswerable": others})


MEASURED = ModelFigures(
    "BAAI/bge-m3",
    dimensions=1024,
    max_tokens=8192,
    model_mb=2271.0,
    passages=42,
    milliseconds={"p50": 40.2, "p95": 91.0},
    sets={"marks.jsonl": {"full": asked(0.9, 30, 0.8), "bare": asked(0.85, 30, 0.7), "english": asked(0.7, 10, 0.4)}},
)
FAILED = ModelFigures("no/such", reason="it is not there")
ABOUT = Provenance("2026-11-29T12:00:00+00:00", 60, "trichdan models", None, {"cores": 2}, "3.11", {})


def test_states_count_every_question_once() -> None:
    """Those of Vietnamese questions as typed in full, and of English ones: (30 · 0.8 + 10 · 0.4) / 40."""
    _, row = quality_rows([MEASURED])

    assert row == ["BAAI/bge-m3", "marks.jsonl", "40", "0.900", "", "0.850", "0.700", "70%", "0%", ""]


def test_a_model_that_failed_has_no_costs() -> None:
    """It is no row of zeros."""
    assert [row[0] for row in cost_rows([FAILED, MEASURED])] == ["model", "BAAI/bge-m3"]


def test_the_page_names_who_failed() -> None:
    """Below the tables, with the reason; a page of failures alone has no empty table."""
    page, failures = markdown([MEASURED, FAILED], ABOUT), markdown([FAILED], ABOUT)

    assert page.endswith("Not measured:\n\n- no/such: it is not there\n")
    assert "| BAAI/bge-m3 | 1024 | 8192 | 2,271 |" in page
    assert "Over 42 passages" in page
    assert "|" not in failures

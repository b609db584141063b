"""
`trichdan models`: measure several models on question sets.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from retrieval.evaluation.models.figures import ModelFigures
from retrieval.evaluation.models.measure import ModelsPlan, measure_models
from retrieval.evaluation.models.table import cost_rows, markdown, quality_rows
from retrieval.evaluation.provenance import Provenance, provenance
from retrieval.terminal.output.columns import columns

JSON_FILE, MARKDOWN_FILE = "models.json", "models.md"


def run_models(
    plan: ModelsPlan, models: Sequence[str], report: Path | None, command: str, tell: Callable[[str], None]
) -> list[ModelFigures]:
    """
    Measure the models.

    The report is written anew after each, so that an interruption loses one at most.
    """
    started, load = datetime.now(UTC), os.getloadavg()[0]
    if report:
        report.mkdir(parents=True, exist_ok=True)  # before hours of measuring
    measured: list[ModelFigures] = []
    for figures in measure_models(plan, models, tell):
        measured.append(figures)
        if report:
            about = provenance(command, started=started, ended=datetime.now(UTC))
            _write(report, measured, replace(about, machine={**about.machine, "load before": round(load, 1)}))
    return measured


def show_models(console: Console, models: Sequence[ModelFigures], report: Path | None) -> None:
    """Print what the models are worth and what they cost."""
    for rows, left in ((quality_rows(models), 2), (cost_rows(models), 1)):
        if len(rows) > 1:
            for line in columns(rows, left=left):
                console.print(line, markup=False, soft_wrap=True)
            console.print()
    for one in models:
        if one.reason:
            console.print(
                f"{one.model} could not be measured: {one.reason}", style="yellow", markup=False, soft_wrap=True
            )
    if report:
        console.print(f"report: {report / MARKDOWN_FILE}", markup=False, soft_wrap=True)


def models_json(models: Sequence[ModelFigures]) -> dict[str, object]:
    """The contract of `trichdan models --json`."""
    return {"models": [one.to_json() for one in models]}


def _write(folder: Path, models: Sequence[ModelFigures], about: Provenance) -> None:
    found = {"about": about.to_json(), **models_json(models)}
    (folder / JSON_FILE).write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / MARKDOWN_FILE).write_text(markdown(models, about), encoding="utf-8")

"""
The commands that measure: `trichdan eval`, `calibrate` and `models`.

Docstrings of commands are help texts.
"""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from embeddings.load_options import LoadOptions
from retrieval.terminal.console import echo, plain_console
from retrieval.terminal.exit_codes import FAILED, FOUND, one_sentence_errors, print_to_stderr
from retrieval.terminal.options import (
    DEFAULT_INDEX,
    DeviceOption,
    DimensionsOption,
    EncoderOption,
    IndexOption,
    ModelOption,
    TrustOption,
)

if TYPE_CHECKING:
    from retrieval.evaluation.mode import Mode


def evaluate(  # noqa: PLR0913, PLR0917 - Typer turns arguments into options
    path: Annotated[
        Path | None, typer.Argument(help="A BEIR folder, or a .jsonl of questions on the current index.")
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    dimensions: DimensionsOption = None,
    encoder: EncoderOption = "auto",
    device: DeviceOption = "auto",
    trust_remote_code: TrustOption = False,
    bare: Annotated[bool, typer.Option("--bare", help="Ask without diacritics.")] = False,
    half: Annotated[bool, typer.Option("--half", help="Ask with about half of the words without diacritics.")] = False,
    failures: Annotated[bool, typer.Option("--failures", help="List the questions not answered first.")] = False,
    work: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the BEIR folder's index and vectors here.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--all", metavar="FOLDER", help="Every set in a folder, full, half-typed and bare, in one report."
        ),
    ] = None,
    reports: Annotated[
        Path | None,
        typer.Option("--report", metavar="DIR", help="With --all: where reports are.  [default: reports]"),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="With --all: so many questions of each set, evenly spread.")
    ] = None,
) -> None:
    """Measure retrieval on a set of questions, or on all sets in a folder."""
    if (path is None) == (folder is None):
        raise typer.BadParameter("name either one question set or, with --all, a folder of them")
    if folder is None and (reports or limit):
        raise typer.BadParameter("--report and --limit go with --all")
    if bare and half:
        raise typer.BadParameter("a question is typed with --bare or with --half, not both")
    if folder is not None and (bare or half or failures or as_json):
        raise typer.BadParameter("--bare, --half, --failures and --json go with one question set, not with --all")
    options = LoadOptions(encoder, device, trust_remote_code)
    with one_sentence_errors(), tempfile.TemporaryDirectory(prefix="trichdan-eval-") as temporary:
        from retrieval.index.index_model import named_model

        model = named_model(model) if model else None
        if folder is not None:
            from retrieval.evaluation.suite import SuitePlan
            from retrieval.terminal.commands.eval_suite import run_eval_all, show_suite

            command = shlex.join(["trichdan", *sys.argv[1:]])
            place, cache_in_work = work or Path(temporary), work is not None
            plan = SuitePlan(
                folder,
                index,
                place,
                cache_in_work=cache_in_work,
                model=model,
                dimensions=dimensions,
                options=options,
                limit=limit,
            )
            written, suite = run_eval_all(plan, reports or Path("reports"), command)
            show_suite(plain_console(), print_to_stderr, written, suite)
            raise typer.Exit(FAILED if suite.suite.refused else FOUND)
        if path is not None:
            from retrieval.terminal.commands.eval_set import failure_lines, run_eval, show_report

            mode: Mode = "bare" if bare else "half" if half else "full"
            report = run_eval(
                path,
                index,
                model,
                work or Path(temporary),
                cache_in_work=work is not None,
                mode=mode,
                options=options,
                dimensions=dimensions,
            )
            if as_json:
                echo(json.dumps(report.to_json(), ensure_ascii=False))
            else:
                show_report(plain_console(), report)
            for line in failure_lines(report) if failures else ():
                echo(line, err=True)


def calibrate(
    questions: Annotated[Path | None, typer.Argument(help="A .jsonl of 50 marked questions or more.")] = None,
    index: IndexOption = DEFAULT_INDEX,
    encoder: EncoderOption = "auto",
    device: DeviceOption = "auto",
    trust_remote_code: TrustOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Go back to the shipped numbers.")] = False,
) -> None:
    """Learn an index's order and confidence from marked questions; kept where better."""
    if (questions is None) != undo:
        raise typer.BadParameter("either a file of marked questions, or --undo")
    with one_sentence_errors():
        from retrieval.index.opening import open_place
        from retrieval.terminal.commands.calibrate import run_calibrate, run_undo, show_calibration

        if questions is None:
            echo(
                "The shipped numbers are used."
                if run_undo(open_place(index))
                else "The shipped numbers were used already."
            )
            return
        report = run_calibrate(open_place(index), questions, options=LoadOptions(encoder, device, trust_remote_code))
        if as_json:
            echo(json.dumps(report.to_json(), ensure_ascii=False))
        else:
            show_calibration(plain_console(), report)


def models(  # noqa: PLR0913, PLR0917 - Typer turns arguments into options
    names: Annotated[
        list[str], typer.Argument(metavar="MODEL…", help="Folders or hub names; `bundled` is the bundled model.")
    ],
    questions: Annotated[
        list[Path],
        typer.Option("--questions", metavar="SET", help="A BEIR folder or a .jsonl; may be repeated."),
    ],
    index: IndexOption = DEFAULT_INDEX,
    encoder: EncoderOption = "auto",
    device: DeviceOption = "auto",
    trust_remote_code: TrustOption = False,
    work: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep each model's indexes and vectors here.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="DIR", help="Write models.md and models.json here.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="So many questions of each set, evenly spread.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """
    Measure models on question sets: answers, speed and memory.

    A .jsonl is asked of the documents of the index.
    """
    with one_sentence_errors(), tempfile.TemporaryDirectory(prefix="trichdan-models-") as temporary:
        from retrieval.evaluation.models.measure import ModelsPlan
        from retrieval.index.opening import open_place
        from retrieval.terminal.commands.index import paths_to_index
        from retrieval.terminal.commands.models import models_json, run_models, show_models

        needs_documents = any(path.is_file() for path in questions)
        plan = ModelsPlan(
            questions,
            paths_to_index([], open_place(index)) if needs_documents else [],
            work or Path(temporary),
            limit,
            LoadOptions(encoder, device, trust_remote_code),
        )
        command = shlex.join(["trichdan", *sys.argv[1:]])
        measured = run_models(plan, names, report, command, print_to_stderr)
        if as_json:
            echo(json.dumps(models_json(measured), ensure_ascii=False))
        else:
            show_models(plain_console(), measured, report)
    raise typer.Exit(FAILED if any(one.reason for one in measured) else FOUND)

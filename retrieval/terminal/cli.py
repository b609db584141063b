"""
The command line: `trichdan index`, `ask`, `search`, `read`, `repl`, `eval`, `calibrate`, `models`, `doctor`.

Each command parses its arguments, calls the library and prints the result. Docstrings of commands are help texts.
"""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from embeddings.load_options import LoadOptions
from retrieval.errors import QuestionError
from retrieval.terminal.exit_codes import FAILED, FOUND, NOT_FOUND, exit_code, one_sentence_errors, print_to_stderr
from retrieval.terminal.options import (
    DEFAULT_INDEX,
    AcceptWorseOption,
    DeviceOption,
    DimensionsOption,
    EncoderOption,
    IndexModelOption,
    IndexOption,
    KOption,
    MarksOption,
    ModelOption,
    QuestionsOption,
    TrustOption,
    WholeOption,
    WithinOption,
)
from retrieval.terminal.standard_input import piped_lines

if TYPE_CHECKING:
    from rich.console import Console

    from retrieval.answering.answer import Answer
    from retrieval.evaluation.mode import Mode

app = typer.Typer(
    name="trichdan",
    help="Answers questions with the paragraphs of your own documents, word for word, each with its citation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def index(  # noqa: PLR0913, PLR0917 - Typer turns arguments into options
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders.  [default: those of the index, else seeds]")
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    model: IndexModelOption = None,
    questions: MarksOption = None,
    accept_worse: AcceptWorseOption = False,
    dimensions: DimensionsOption = None,
    encoder: EncoderOption = "auto",
    device: DeviceOption = "auto",
    trust_remote_code: TrustOption = False,
    rebuild: Annotated[bool, typer.Option(help="Build anew even if nothing has changed.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Index again after every change, until Ctrl-C.")] = False,
    keep: Annotated[
        int | None, typer.Option(min=1, help="How many generations stay, the live one among them; remembered.  [3]")
    ] = None,
    smoke: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A .toml or .jsonl of questions that a new index must answer to go live; remembered."
        ),
    ] = None,
    no_smoke: Annotated[bool, typer.Option("--no-smoke", help="No smoke questions any more.")] = False,
    rollback: Annotated[bool, typer.Option("--rollback", help="Go back to the generation before.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Check all generations, and the smoke questions.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the generations.")] = False,
    clean: Annotated[
        bool, typer.Option("--clean", help="Remove computed vectors that no kept generation needs.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    ocr: Annotated[bool, typer.Option(envvar="TRICHDAN_OCR", help="Recognise scanned PDFs with tesseract.")] = False,
    report: Annotated[bool, typer.Option("--report", help="Judge every file instead of building.")] = False,
) -> None:
    """Build the index of documents, or bring it up to date; judge the files; keep, check and change its generations."""
    alone = rollback + verify + list_ + clean
    if alone > 1 or (alone and (paths or rebuild or watch or as_json or report)):
        raise typer.BadParameter("--rollback, --verify, --list and --clean each stand alone, with --index")
    if smoke and no_smoke:
        raise typer.BadParameter("either --smoke FILE or --no-smoke")
    if watch and (rebuild or report or not all(path.is_dir() for path in paths or ())):
        raise typer.BadParameter("--watch follows folders, and goes without --rebuild and --report")
    with one_sentence_errors():
        if report:
            raise typer.Exit(_report(paths or [], index, ocr=ocr, as_json=as_json))
        if alone:
            from retrieval.terminal.commands.generations import (
                run_clean,
                run_rollback,
                run_verify,
                show_generations,
            )

            if verify:
                raise typer.Exit(FOUND if run_verify(_console(), index) else FAILED)
            (run_rollback if rollback else run_clean if clean else show_generations)(_console(), index)
            return
        from retrieval.terminal.commands.admission import ModelRequest
        from retrieval.terminal.commands.index import (
            SettingsUpdate,
            build_and_print,
            encoder_loader,
            paths_to_index,
            run_index,
        )

        sources = paths_to_index(paths or [], index)
        options = LoadOptions(encoder, device, trust_remote_code)
        run = partial(
            run_index,
            sources,
            index,
            ModelRequest(model, dimensions, questions, accept_worse=accept_worse, options=options),
            rebuild=rebuild,
            update=SettingsUpdate(keep, smoke, no_smoke),
            load=encoder_loader(options),
            ocr=ocr,
        )
        once = partial(build_and_print, run, index, as_json=as_json)
        if not watch:
            once()
            return
        from retrieval.terminal.commands.watch import watch_folders

        watch_folders(sources, index, once, print_to_stderr)


@app.command()
def ask(  # noqa: PLR0913, PLR0917 - Typer turns arguments into options
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    index: IndexOption = DEFAULT_INDEX,
    k: KOption = 3,
    within: WithinOption = None,
    encoder: EncoderOption = "auto",
    device: DeviceOption = "auto",
    trust_remote_code: TrustOption = False,
    whole: WholeOption = False,
    open_page: Annotated[
        bool, typer.Option("--open", help="Show the page of the first quote, if it is from a PDF, as a picture.")
    ] = False,
) -> None:
    """Answer a question with quoted paragraphs, as a person wants to read them."""
    options = LoadOptions(encoder, device, trust_remote_code)
    with one_sentence_errors():
        from retrieval.retriever import Retriever
        from retrieval.terminal.collection_filter import resolve_collections
        from retrieval.terminal.output.answer import show_answer

        retriever = Retriever(index, options=options)
        answer = retriever.ask(question, k=k, within=resolve_collections(retriever, within))
        show_answer(_console(), answer, whole=whole)
        if open_page and answer.state != "none":
            from retrieval.terminal.output.page_viewer import open_quote

            open_quote(_console(), retriever, answer.hits[0].quote)
    raise typer.Exit(exit_code(answer))


@app.command()
def search(
    question: Annotated[
        str | None, typer.Argument(help="The question; without it, one question a line from standard input.")
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    k: KOption = 10,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    within: WithinOption = None,
    encoder: EncoderOption = "auto",
    device: DeviceOption = "auto",
    trust_remote_code: TrustOption = False,
) -> None:
    """List what is found, with scores, for people and programs."""
    options = LoadOptions(encoder, device, trust_remote_code)
    with one_sentence_errors():
        from retrieval.retriever import Retriever
        from retrieval.terminal.collection_filter import resolve_collections
        from retrieval.terminal.output.hit_list import print_listing

        retriever = Retriever(index, options=options)
        collections = resolve_collections(retriever, within)
        questions = [question] if question is not None else piped_lines()
        code = NOT_FOUND
        for text in questions:
            if question is None and not text.strip():
                continue
            try:
                answer = retriever.ask(text, k=k, within=collections)
            except QuestionError as error:
                if question is not None:
                    raise
                print_to_stderr(str(error))
                code = FAILED
                continue
            print_listing(answer, as_json=as_json)
            code = code if code == FAILED else min(code, exit_code(answer))
    raise typer.Exit(code)


@app.command(name="eval")
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
        from retrieval.index.generations.index_model import named_model

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
            show_suite(_console(), print_to_stderr, written, suite)
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
                typer.echo(json.dumps(report.to_json(), ensure_ascii=False))
            else:
                show_report(_console(), report)
            for line in failure_lines(report) if failures else ():
                typer.echo(line, err=True)


@app.command()
def calibrate(
    questions: Annotated[Path | None, typer.Argument(help="A .jsonl of 50 marked questions or more.")] = None,
    index: IndexOption = DEFAULT_INDEX,
    encoder: EncoderOption = "auto",
    device: DeviceOption = "auto",
    trust_remote_code: TrustOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Go back to the shipped numbers.")] = False,
) -> None:
    """Learn this index's own order and confidence from marked questions; kept only where it is better."""
    if (questions is None) != undo:
        raise typer.BadParameter("either a file of marked questions, or --undo")
    with one_sentence_errors():
        from retrieval.terminal.commands.calibrate import run_calibrate, run_undo, show_calibration

        if questions is None:
            typer.echo("The shipped numbers are used." if run_undo(index) else "The shipped numbers were used already.")
            return
        report = run_calibrate(index, questions, options=LoadOptions(encoder, device, trust_remote_code))
        if as_json:
            typer.echo(json.dumps(report.to_json(), ensure_ascii=False))
        else:
            show_calibration(_console(), report)


@app.command()
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
    """Measure models on question sets: answers, speed and memory. A .jsonl is asked of the documents of the index."""
    with one_sentence_errors(), tempfile.TemporaryDirectory(prefix="trichdan-models-") as temporary:
        from retrieval.evaluation.models.measure import ModelsPlan
        from retrieval.terminal.commands.index import paths_to_index
        from retrieval.terminal.commands.models import models_json, run_models, show_models

        needs_documents = any(path.is_file() for path in questions)
        plan = ModelsPlan(
            questions,
            paths_to_index([], index) if needs_documents else [],
            work or Path(temporary),
            limit,
            LoadOptions(encoder, device, trust_remote_code),
        )
        command = shlex.join(["trichdan", *sys.argv[1:]])
        measured = run_models(plan, names, report, command, print_to_stderr)
        if as_json:
            typer.echo(json.dumps(models_json(measured), ensure_ascii=False))
        else:
            show_models(_console(), measured, report)
    raise typer.Exit(FAILED if any(one.reason for one in measured) else FOUND)


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="The document.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    ocr: Annotated[bool, typer.Option(envvar="TRICHDAN_OCR", help="Recognise scanned pages with tesseract.")] = False,
    html: Annotated[
        Path | None,
        typer.Option(metavar="OUT", help="Write a page to look at: the file's pages beside what was read there."),
    ] = None,
) -> None:
    """Show what the reader makes of a file: metadata, every paragraph with its section, and what was left unread."""
    with one_sentence_errors():
        from retrieval.terminal.commands.read import document_json, read_file, show_document, show_written

        document, written = read_file(file, ocr=ocr, html=html)
        if as_json:
            typer.echo(json.dumps(document_json(document), ensure_ascii=False))
        elif html and written:
            show_written(_console(), html, written)
        else:
            show_document(_console(), document)


@app.command()
def repl(
    index: IndexOption = DEFAULT_INDEX,
    k: KOption = 3,
    within: WithinOption = None,
    questions: QuestionsOption = None,
    encoder: EncoderOption = "auto",
    device: DeviceOption = "auto",
    trust_remote_code: TrustOption = False,
) -> None:
    """Ask one question after another; :help lists the commands."""
    with one_sentence_errors():
        from retrieval.terminal.repl.repl import Repl

        within = within or []
        repl = Repl(
            index,
            k=k,
            console=_console(),
            commands=REPL_COMMANDS,
            within=within,
            questions=questions,
            options=LoadOptions(encoder, device, trust_remote_code),
        )
        repl.run()


@app.command()
def doctor(
    index: IndexOption = DEFAULT_INDEX,
    encoder: EncoderOption = "auto",
    device: DeviceOption = "auto",
    trust_remote_code: TrustOption = False,
) -> None:
    """Check the installation, the model and the index, and say what to do about each problem."""
    from retrieval.terminal.commands.doctor import run_doctor

    options = LoadOptions(encoder, device, trust_remote_code)
    passed = run_doctor(index, _console(), options=options, extra_checks=DOCTOR_CHECKS)
    raise typer.Exit(FOUND if passed else FAILED)


# REPL commands added by other packages: name -> (help, function that renders the last answer).
REPL_COMMANDS: dict[str, tuple[str, Callable[[Answer], str]]] = {}

# Doctor checks added by other packages, run last: name -> function that returns the finding.
DOCTOR_CHECKS: dict[str, Callable[[], str]] = {}


def main() -> None:
    """Entry point of `python -m retrieval` and of the console script."""
    app()


def _report(paths: list[Path], index: Path, *, ocr: bool, as_json: bool) -> int:
    from retrieval.terminal.commands.index import paths_to_index
    from retrieval.terminal.commands.quality_report import is_usable, report_json, run_report, show_report

    verdicts = run_report(paths_to_index(paths, index), index, ocr=ocr)
    if as_json:
        typer.echo(json.dumps(report_json(verdicts), ensure_ascii=False))
    else:
        show_report(_console(), verdicts)
    return FOUND if is_usable(verdicts) else NOT_FOUND


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)

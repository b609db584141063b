"""
The command line: `trichdan index`, `ask`, `search`, `read`, `repl`, `eval`, `calibrate`, `models`, `doctor`.

Each command parses its arguments, calls the library and prints the result. Docstrings of commands are help texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from embeddings.load_options import LoadOptions
from retrieval.errors import QuestionError
from retrieval.terminal import measuring
from retrieval.terminal.console import echo, plain_console
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
    OtherRootOption,
    QuestionsOption,
    SecretOption,
    TrustOption,
    WholeOption,
    WithinOption,
)
from retrieval.terminal.standard_input import piped_lines

if TYPE_CHECKING:
    from retrieval.answering.answer import Answer
    from retrieval.index.address import IndexAddress

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
    other_root: OtherRootOption = False,
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
    secret_collection: SecretOption = None,
    no_secret_collections: Annotated[
        bool, typer.Option("--no-secret-collections", help="Take documents with a mark of secrecy nowhere any more.")
    ] = False,
    rollback: Annotated[bool, typer.Option("--rollback", help="Go back to the generation before.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Check all generations, and the smoke questions.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the generations.")] = False,
    clean: Annotated[
        bool, typer.Option("--clean", help="Remove computed vectors that no kept generation needs.")
    ] = False,
    copy_to: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Copy the live generation there; no document is encoded.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    ocr: Annotated[bool, typer.Option(envvar="TRICHDAN_OCR", help="Recognise scanned PDFs with tesseract.")] = False,
    report: Annotated[bool, typer.Option("--report", help="Judge every file instead of building.")] = False,
) -> None:
    """Build the index of documents, or bring it up to date; judge the files; keep, check and change its generations."""
    alone = rollback + verify + list_ + clean + bool(copy_to)
    changes = secret_collection or no_secret_collections
    if alone > 1 or (alone and (paths or rebuild or watch or as_json or report or changes)):
        raise typer.BadParameter("--rollback, --verify, --list, --clean and --copy-to each stand alone, with --index")
    _check_one_of(("--smoke FILE", smoke), ("--no-smoke", no_smoke))
    _check_one_of(("--secret-collection FOLDER", secret_collection), ("--no-secret-collections", no_secret_collections))
    if watch and (rebuild or report or not all(path.is_dir() for path in paths or ())):
        raise typer.BadParameter("--watch follows folders, and goes without --rebuild and --report")
    with one_sentence_errors():
        from retrieval.index.opening import open_place

        if report:
            raise typer.Exit(_report(paths or [], index, ocr=ocr, as_json=as_json))
        place = open_place(index)
        if alone:
            from retrieval.terminal.commands.generations import (
                run_clean,
                run_rollback,
                run_verify,
                show_generations,
            )

            if copy_to:
                from retrieval.terminal.commands.copy import run_copy

                options = LoadOptions(encoder, device, trust_remote_code)
                run_copy(plain_console(), place, open_place(copy_to), options)
                return
            if verify:
                raise typer.Exit(FOUND if run_verify(plain_console(), place) else FAILED)
            if rollback:
                run_rollback(plain_console(), place, LoadOptions(encoder, device, trust_remote_code))
            else:
                (run_clean if clean else show_generations)(plain_console(), place)
            return
        from retrieval.terminal.commands.admission import ModelRequest
        from retrieval.terminal.commands.index import (
            SettingsUpdate,
            build_and_print,
            encoder_loader,
            paths_to_index,
            run_index,
        )

        sources = paths_to_index(paths or [], place)
        options = LoadOptions(encoder, device, trust_remote_code)
        run = partial(
            run_index,
            sources,
            place,
            ModelRequest(model, dimensions, questions, accept_worse=accept_worse, options=options),
            rebuild=rebuild,
            other_root=other_root,
            update=SettingsUpdate(keep, smoke, no_smoke, secret_collection or (), no_secret_collections),
            load=encoder_loader(options),
            ocr=ocr,
        )
        once = partial(build_and_print, run, place, as_json=as_json)
        if not watch:
            once()
            return
        from retrieval.terminal.commands.watch import watch_folders

        watch_folders(sources, place, once, print_to_stderr)


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
        show_answer(plain_console(), answer, whole=whole)
        if open_page and answer.state != "none":
            from retrieval.terminal.output.page_viewer import open_quote

            open_quote(plain_console(), retriever, answer.hits[0].quote)
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


app.command(name="eval")(measuring.evaluate)
app.command()(measuring.calibrate)
app.command()(measuring.models)


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
            echo(json.dumps(document_json(document), ensure_ascii=False))
        elif html and written:
            show_written(plain_console(), html, written)
        else:
            show_document(plain_console(), document)


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
            console=plain_console(),
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
    from retrieval.index.opening import open_place
    from retrieval.terminal.commands.doctor import run_doctor

    options = LoadOptions(encoder, device, trust_remote_code)
    with one_sentence_errors():
        passed = run_doctor(open_place(index), plain_console(), options=options, extra_checks=DOCTOR_CHECKS)
    raise typer.Exit(FOUND if passed else FAILED)


# REPL commands added by other packages: name -> (help, function that renders the last answer).
REPL_COMMANDS: dict[str, tuple[str, Callable[[Answer], str]]] = {}

# Doctor checks added by other packages, run last: name -> function that returns the finding.
DOCTOR_CHECKS: dict[str, Callable[[], str]] = {}


def main() -> None:
    """Entry point of `python -m retrieval` and of the console script."""
    app()


def _check_one_of(*given: tuple[str, object]) -> None:
    """Refuse options that contradict each other."""
    if all(value for _, value in given):
        raise typer.BadParameter(f"either {' or '.join(name for name, _ in given)}")


def _report(paths: list[Path], index: IndexAddress, *, ocr: bool, as_json: bool) -> int:
    from retrieval.index.opening import open_place
    from retrieval.terminal.commands.index import paths_to_index
    from retrieval.terminal.commands.quality_report import is_usable, report_json, run_report, show_report

    place = open_place(index)
    verdicts = run_report(paths_to_index(paths, place), place, ocr=ocr)
    if as_json:
        echo(json.dumps(report_json(verdicts), ensure_ascii=False))
    else:
        show_report(plain_console(), verdicts)
    return FOUND if is_usable(verdicts) else NOT_FOUND

"""
The `trichdan` console command: the command line of `retrieval` plus the bot's commands.

It lives here because imports go one way: `retrieval` must not import `bot`.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.state_address import StateAddress, state_address
from retrieval.index import IndexAddress
from retrieval.terminal import (
    DEFAULT_INDEX,
    DOCTOR_CHECKS,
    FAILED,
    FOUND,
    NOT_FOUND,
    REPL_COMMANDS,
    IndexOption,
    app,
    echo,
    one_sentence_errors,
    print_to_stderr,
)
from retrieval.terminal import main as terminal_main

if TYPE_CHECKING:
    from retrieval import Answer

DEFAULT_STATE = Path("trichdan-bot.sqlite")  # as in Config, which is slow to import


def main() -> None:
    """Run `trichdan`."""
    REPL_COMMANDS["telegram"] = ("the last answer as the bot would send it", _as_telegram)
    DOCTOR_CHECKS["bot"] = _settings
    DOCTOR_CHECKS["state"] = _state_rights
    terminal_main()


@app.command()
def bot(
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="A Bot API server.  [default: https://api.telegram.org]")
    ] = None,
    index: Annotated[
        IndexAddress | None,
        typer.Option(
            metavar="DIR",
            help="The address of the index: its folder.  [env: TRICHDAN_INDEX; default: index]",
            parser=IndexAddress.of,
        ),
    ] = None,
) -> None:
    """Answer in Telegram; the token is read from TRICHDAN_TOKEN or the file TRICHDAN_TOKEN_FILE names."""
    from bot.errors import FatalError
    from bot.operations.logs import set_up_logs
    from bot.operations.process_secrecy import close_to_other_processes
    from bot.settings.config import load_config
    from embeddings import EmbeddingError
    from retrieval import RetrievalError

    close_to_other_processes()
    try:
        config = load_config(base_url=base_url, index=index)
        set_up_logs(config.token, config.webhook_secret, config.state_url, form=config.log_format)
        from bot.lifecycle import run

        run(config)
    except FatalError as refusal:
        _end(refusal.exit_code, str(refusal))
    except (RetrievalError, EmbeddingError) as error:
        _end(FAILED, str(error))
    _end(FOUND)


feedback = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(feedback, name="feedback")


@feedback.callback()
def _group() -> None:  # without a callback Typer drops the name of a single command
    """What readers thought of the answers in Telegram."""


@feedback.command(name="export")
def export_feedback(
    state: Annotated[
        str,
        typer.Option("--state", envvar="TRICHDAN_STATE", metavar="FILE", help="The bot's state file, or its database."),
    ] = str(DEFAULT_STATE),
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    """Write the ratings as a .jsonl for `trichdan eval`."""
    with one_sentence_errors():
        from bot.administration.ratings_export import export_ratings
        from bot.errors import FatalError

        try:
            exported = export_ratings(state_address(state), index)
        except FatalError as refusal:
            print_to_stderr(str(refusal))
            raise typer.Exit(refusal.exit_code) from None
        for line in exported.lines:
            echo(line)
        for sentence in exported.remarks:
            print_to_stderr(sentence)
    raise typer.Exit(FOUND if exported.lines else NOT_FOUND)


@app.command("bot-backup")
def bot_backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy is written.")]) -> None:
    """Copy the bot's state file, also while the bot runs: people, audit trail, what waits for its answer."""
    from bot.errors import FatalError
    from bot.settings.config import configured_state
    from bot.storage.sqlite.backup import back_up

    try:
        back_up(_in_a_file(configured_state()), file)
    except FatalError as refusal:
        print_to_stderr(str(refusal))
        raise typer.Exit(refusal.exit_code) from None


@app.command("bot-rebind")
def bot_rebind() -> None:
    """Hand the bot's state file over to the next bot that starts with it."""
    from bot.errors import FatalError
    from bot.settings.config import configured_state
    from bot.storage.bound_bot import unbind
    from bot.storage.opening import open_alone

    try:
        address = _existing(configured_state())
        with open_alone(address) as state:
            owner, dropped = unbind(state)
    except FatalError as refusal:
        print_to_stderr(str(refusal))
        raise typer.Exit(refusal.exit_code) from None
    former = f"of bot {owner}" if owner else "nobody's"
    print_to_stderr(f"{address} was {former}; unanswered messages dropped: {dropped}")


@app.command("bot-copy-state")
def bot_copy_state(
    address: Annotated[
        str, typer.Argument(metavar="STATE", help="An empty database, or a file that is not there yet.")
    ],
) -> None:
    """Copy the bot's state to another place, while no bot answers; then name that in TRICHDAN_STATE."""
    from bot.administration.state_copy import copy_state
    from bot.errors import FatalError
    from bot.settings.config import configured_state

    try:
        source, target = _existing(configured_state()), state_address(address)
        copied = copy_state(source, target)
    except FatalError as refusal:
        print_to_stderr(str(refusal))
        raise typer.Exit(refusal.exit_code) from None
    print_to_stderr(
        f"{copied} rows of {source} stand in {target} now: start the bot with TRICHDAN_STATE naming that alone"
    )


@app.command("bot-confirm-root")
def bot_confirm_root(index: IndexOption = DEFAULT_INDEX) -> None:
    """Let the bot show the collections of the folder that the index is of now."""
    from bot.errors import FatalError
    from bot.search.corpus_root import CorpusRoot
    from bot.settings.config import configured_state
    from bot.storage.facts import Facts
    from bot.storage.opening import open_state

    with one_sentence_errors():
        try:
            state = open_state(_existing(configured_state()))
            former, current = CorpusRoot(index, Facts(state)).confirm()
            state.close()
        except FatalError as refusal:
            print_to_stderr(str(refusal))
            raise typer.Exit(refusal.exit_code) from None
    print_to_stderr(f"the bot shows the collections of {current or 'no folder'}, it was {former or 'none'}")


def _in_a_file(state: StateAddress) -> Path:
    from bot.errors import StateError

    if not isinstance(state, Path):
        raise StateError(
            f"this command copies a state file, the state is in {state}: run `pg_dump --schema=trichdan_bot`, or what "
            "backs up that server"
        )
    return state


def _existing(state: StateAddress) -> StateAddress:
    from bot.errors import StateError

    if isinstance(state, Path) and not state.is_file():
        raise StateError(f"a state file must be there, there is none at {state}: correct TRICHDAN_STATE")
    return state


def _end(code: int, sentence: str = "") -> NoReturn:
    """End the process at once, even while a search hangs in its thread."""
    if sentence:
        print_to_stderr(sentence)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _settings() -> str:
    """The bot's settings for `trichdan doctor`, the token masked."""
    from bot.errors import ConfigError
    from bot.settings.config import load_config

    try:
        config = load_config()
    except ConfigError as error:
        return f"not set up: {error}"
    return "; ".join([config.masked(), *config.unencrypted()])


def _state_rights() -> str:
    """Whether the state file and what lies beside it are the bot's alone."""
    from bot.errors import ConfigError
    from bot.settings.config import configured_state
    from bot.storage.sqlite.rights import open_to_others
    from retrieval import RetrievalError

    try:
        state = configured_state()
    except ConfigError as error:
        return f"not set up: {error}"
    if not isinstance(state, Path):
        return f"the state is in {state}, whose roles decide who reads it"
    found = open_to_others(state)
    if found:
        raise RetrievalError(
            f"the state file, its backups and uploads are for the bot's user alone, others have rights to {found[0]}: "
            f"run `chmod -R go= {found[0]}`"
        )
    return f"{state} is its owner's alone" if state.exists() else f"there is no state file {state} yet"


def _as_telegram(answer: Answer) -> str:
    """The message for an answer, then each further place as its button opens it."""
    from bot.messages.answer_message import answer_message
    from bot.messages.quote_html import render_open_quote, visible_length
    from bot.messages.vi import VI

    page = answer_message(answer, VI)
    further = answer.hits[len(page.shown) :] if page.shown else ()
    messages = [page.html, *(render_open_quote(hit.quote, f"{hit.rank} · ") for hit in further)]
    rules = (f"--- message {i}/{len(messages)}, {visible_length(m)} of 4096 units" for i, m in enumerate(messages, 1))
    return "\n".join(line for rule, message in zip(rules, messages, strict=True) for line in (rule, message))

"""The README's commands are commands: every `make` target and every `trichdan` command with its options."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot.command  # noqa: F401 - it adds `bot` to the commands
from retrieval.terminal import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
GROUPS = {group.name for group in cli.app.registered_groups}  # of commands, as `trichdan feedback export`
TARGETS = set(re.findall(r"^([a-z][\w-]*):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def commands(program: str) -> list[list[str]]:
    """The words after the program's name in every shell line, and in every span of code, that calls it."""
    lines = [line for block in BLOCKS for line in block.splitlines()]
    prose = re.sub(r"^```.*?^```", "", README, flags=re.DOTALL | re.MULTILINE)
    lines += [span.replace("[", " ").replace("]", " ") for span in re.findall(r"`([^`\n]+)`", prose)]
    words = [shlex.split(line, comments=True) for line in lines if program in line]
    return [line[1:] for line in words if line and Path(line[0]).name == program]


def test_the_readme_shows_two_commands_first() -> None:
    """A newcomer's first block is `make ask` and `make test`."""
    first = [line.split()[:2] for line in BLOCKS[0].splitlines()]

    assert first == [["make", "ask"], ["make", "test"]]


def test_every_make_target_exists() -> None:
    """At least the two of the first block."""
    named = [word for words in commands("make") for word in words if re.fullmatch(r"[a-z][\w-]*", word)]

    assert len(named) >= 2
    assert set(named) <= TARGETS


@pytest.mark.parametrize("words", commands("trichdan"), ids=" ".join)
def test_every_command_and_option_exists(words: list[str]) -> None:
    """`--help` of the command lists each option that the README gives it."""
    options = {word.partition("=")[0] for word in words if re.fullmatch(r"--?[a-z].*", word)}
    assert words, "`trichdan` alone names the program"
    named = words[:2] if words[0] in GROUPS else words[:1]
    help_ = CliRunner().invoke(cli.app, [*named, "--help"])

    listed = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", help_.stdout))

    assert help_.exit_code == 0
    assert options <= listed


def test_every_command_is_in_the_readme() -> None:
    """The table of commands is complete."""
    named = {words[0] for words in commands("trichdan")}

    assert {command.name or command.callback.__name__ for command in cli.app.registered_commands} | GROUPS <= named


def test_nothing_is_left_to_fill_in() -> None:
    """No placeholder of the README's own making."""
    assert re.findall(r"@@\w+@@", README) == []

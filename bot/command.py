"""
The console command `trichdan`: the command line of `retrieval`, with what needs to know Telegram added to it.

It stands here because imports go one way: `retrieval` must not know `bot`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.terminal import cli

if TYPE_CHECKING:
    from retrieval.answer import Answer


def main() -> None:
    """Runs `trichdan`."""
    cli.REPL_COMMANDS["telegram"] = ("the last answer as the bot would send it", _as_telegram)
    cli.main()


def _as_telegram(answer: Answer) -> str:
    from bot.render import render, visible_length

    messages = render(answer)
    rules = (f"--- message {i}/{len(messages)}, {visible_length(m)} of 4096 units" for i, m in enumerate(messages, 1))
    return "\n".join(line for rule, message in zip(rules, messages, strict=True) for line in (rule, message))

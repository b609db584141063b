"""`python -m bot`: the same as `trichdan bot`."""

from __future__ import annotations

import typer

from bot.command import bot

if __name__ == "__main__":
    typer.run(bot)

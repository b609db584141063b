"""
Text that a terminal shows and does not obey.

Titles and paragraphs come from files of anywhere. An escape sequence in one could write the clipboard, hide words, or
draw a citation over the real one; in a pipe the characters stay as they are.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from rich.console import Console, RenderHook
from rich.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import ConsoleOptions, ConsoleRenderable, RenderableType

_KEPT = "\n\t"


def printable(text: str) -> str:
    """The text without format characters (bidi marks too); control characters become "�"."""
    return text if text.isprintable() else "".join(map(_shown, text))


def printable_console(*, stderr: bool = False) -> Console:
    """A console without highlighting that sends a terminal only printable text."""
    console = Console(highlight=False, stderr=stderr)
    if console.is_terminal:
        console.push_render_hook(_PrintableHook())
    return console


class _PrintableHook(RenderHook):
    """Cleans the text of whatever is printed; rich adds its styles later."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Printable(renderable) for renderable in renderables]


class _Printable:
    """Something to print, its text made printable."""

    def __init__(self, renderable: RenderableType) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for text, style, control in console.render(self._renderable, options):
            yield Segment(text if control else printable(text), style, control)


def _shown(character: str) -> str:
    if character in _KEPT:
        return character
    category = unicodedata.category(character)
    return "\ufffd" if category == "Cc" else "" if category == "Cf" else character

"""
The tokens of an RTF file: groups, control words and text.

Rich Text Format Specification 1.9.1, "RTF Syntax" and "Character Set".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<symbol>.)|(?P<brace>[{}])"
    rb"|[\r\n\x00]+|(?P<text>[^\\{}\r\n\x00]+)|\\",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """
    A token.

    word: control word or symbol, with its number; byte: text in the code page of its font; open, close: of a group.
    """

    kind: Literal["word", "text", "open", "close"]
    name: str = ""
    number: int | None = None
    text: bytes = b""


def tokens_of(data: bytes) -> Iterator[Token]:
    """The tokens in order, binary pictures left out."""
    place = 0
    while found := _TOKEN.match(data, place):
        place = found.end()
        if found["word"]:
            name = found["word"].decode("ascii")
            number = int(found["number"]) if found["number"] else None
            yield Token("word", name, number)
            if name == "bin" and number and number > 0:
                place += number
        elif found["hex"]:
            yield Token("text", text=bytes.fromhex(found["hex"].decode("ascii")))
        elif found["symbol"]:
            yield _symbol(found["symbol"])
        elif found["brace"]:
            yield Token("open" if found["brace"] == b"{" else "close")
        elif found["text"]:
            yield Token("text", text=found["text"])


def _symbol(symbol: bytes) -> Token:
    if symbol in (b"{", b"}", b"\\"):
        return Token("text", text=symbol)
    return Token("word", "par" if symbol in (b"\r", b"\n") else symbol.decode("latin-1"))

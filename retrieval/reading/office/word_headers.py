"""
The headers and footers of a .doc, which office_oxide does not tell.

[MS-DOC] 2.4.1: the text of a file is its pieces in order; that of headers follows the main text and the footnotes.
"""

from __future__ import annotations

import io
import struct
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.reading.assembly.content import in_one_line
from retrieval.reading.text.encoding import decode_windows_1252

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIB_BASE = 32  # bytes before csw
_OTHER_TABLE = 0x0200  # fWhichTblStm: the table stream is 1Table
_CLX = 33  # the pair fcClx, lcbClx
_PIECES = 2  # clxt of the piece table; 1 for a property, which is skipped
_COMPRESSED = 0x40000000  # a piece of one byte a character
_MOST = 20_000  # characters
_PARTS = str.maketrans(dict.fromkeys("\r\x07\x0b\x0c", "\n") | dict.fromkeys(map(chr, range(7))))  # [MS-DOC] 2.4.1


def header_lines(data: bytes) -> tuple[str, ...]:
    """The lines of headers and footers, each once; none of a damaged file."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            words = _header_text(file)
    except Exception:  # noqa: BLE001 - olefile and struct raise whatever a damaged file leads to
        return ()
    lines = (line for part in words.translate(_PARTS).split("\n") if (line := in_one_line(part)))
    return tuple(dict.fromkeys(lines))


def _header_text(file: object) -> str:
    stream = file.openstream("WordDocument").read()  # type: ignore[attr-defined]
    (flags,) = struct.unpack_from("<H", stream, 10)
    (words,) = struct.unpack_from("<H", stream, _FIB_BASE)
    longs_at = _FIB_BASE + 2 + 2 * words
    (longs,) = struct.unpack_from("<H", stream, longs_at)
    main, footnotes, headers = struct.unpack_from("<3i", stream, longs_at + 2 + 4 * 3)
    pairs_at = longs_at + 2 + 4 * longs + 2
    start, length = struct.unpack_from("<2I", stream, pairs_at + 8 * _CLX)
    table = file.openstream("1Table" if flags & _OTHER_TABLE else "0Table").read()  # type: ignore[attr-defined]
    first = main + footnotes
    return "".join(_characters(stream, table[start : start + length], first, first + min(headers, _MOST)))


def _characters(stream: bytes, clx: bytes, first: int, end: int) -> Iterator[str]:
    """The characters of the positions [first, end) out of the pieces that they lie in."""
    at = 0
    while clx[at] != _PIECES:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    (length,) = struct.unpack_from("<I", clx, at + 1)
    count = (length - 4) // 12
    positions = struct.unpack_from(f"<{count + 1}I", clx, at + 5)
    pieces_at = at + 5 + 4 * (count + 1)
    for number, (begin, stop) in enumerate(pairwise(positions)):
        low, high = max(first, begin), min(end, stop)
        if low >= high:
            continue
        (place,) = struct.unpack_from("<I", clx, pieces_at + 8 * number + 2)
        if place & _COMPRESSED:
            offset = (place & ~_COMPRESSED) // 2
            yield decode_windows_1252(stream[offset + low - begin : offset + high - begin])
        else:
            yield stream[place + 2 * (low - begin) : place + 2 * (high - begin)].decode("utf-16-le", "replace")

"""
Read lines of UTF-8 from standard input, whatever the locale.
"""

import io
import sys
from collections.abc import Iterator


def piped_lines() -> Iterator[str]:
    """
    Yield lines without their ends.

    Bytes that are not UTF-8 become surrogates, so that one bad line is refused as a question and the next ones are
    read.
    """
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    for line in sys.stdin:
        yield line.rstrip("\r\n")

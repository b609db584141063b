"""
Stamps of electronic signatures: "Người ký: …", "Thời gian ký: …".
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.reading.pdf.lines import PdfLine

_SIGNED = re.compile(
    r"(?:người ký|ký (?:bởi|số bởi|điện tử bởi)|được ký bởi|digitally signed by|signed by)\b|signature (?:not )?valid",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?:email|thư điện tử|cơ quan|đơn vị|tổ chức|chức vụ|thời gian(?: ký)?|ngày ký|ký ngày|giờ ký|lý do|vị trí"
    r"|date|time|reason|location|dn)\s*:",
    re.IGNORECASE,
)
_MOST_LINES = 12  # of a stamp
_WRAPPED = 3  # lines without a field's name that may go on with the field above


def split_stamps(lines: Sequence[PdfLine]) -> tuple[list[PdfLine], list[PdfLine]]:
    """The lines of the text, and those of signature stamps."""
    stamps = [line for _, page in groupby(lines, lambda line: line.page) for line in _stamps(list(page))]
    ids = {id(line) for line in stamps}
    return [line for line in lines if id(line) not in ids], stamps


def _stamps(page: Sequence[PdfLine]) -> Iterator[PdfLine]:
    for place, line in enumerate(page):
        if _SIGNED.match(line.text):
            yield from _stamp(page[place : place + _MOST_LINES])


def _stamp(lines: Sequence[PdfLine]) -> Sequence[PdfLine]:
    """The signer's line and the fields below it; nothing without any."""
    end = 0
    for place, line in enumerate(lines[1:], 1):
        is_far = abs(line.baseline - lines[place - 1].baseline) > 3 * lines[0].size
        if is_far or place - end > _WRAPPED:
            break
        if _FIELD.match(line.text):
            end = place
    return lines[: end + 1] if end else ()

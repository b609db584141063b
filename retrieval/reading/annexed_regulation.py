"""
Find the titles of regulations that a decision issues: "QUY CHẾ" below its signature.

Nghị định 30/2020/NĐ-CP sets them behind the decision, with their kind and name in lines of their own and "(Ban hành kèm
theo Quyết định số …)" below. Their articles count anew.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from retrieval.reading.annex import is_issued_with
from retrieval.reading.text.headings import is_bare_part

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE_LINES: Final = 6  # in which a title and what issued it stand
_MOST_NAMES: Final = 4
_LONGEST: Final = 200  # characters of a line of the name
_KIND: Final = re.compile(
    r"(?P<kind>quy chế|quy định|nội quy|điều lệ|quy tắc(?: ứng xử)?|bộ quy tắc(?: ứng xử)?|quy trình|chương trình"
    r"|kế hoạch|đề án|phương án|hướng dẫn|thể lệ|quy ước|hương ước|điều khoản)\b"
    r"(?!\s+(?:chung|cụ thể|khác|chuyển tiếp|chi tiết|thực hiện|thi hành)\b)",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"điều\s+1\s*[.:]|chương\s+(?:i|1|thứ nhất)\b|phần\s+(?:i|1|thứ nhất)\b", re.IGNORECASE)
_ROMAN_ONE = re.compile(r"(?:I|A|1)\s*[.)/–-]\s*[^\W\d_]")


def regulation_kind(words: str) -> str:
    """
    The kind of regulation that a heading names, "" if none.

    Example: "QUY CHẾ QUẢN LÝ CHỢ" -> "Quy chế"
    """
    found = _KIND.match(words)
    return " ".join(found["kind"].split()).capitalize() if found else ""


def count_title_lines(lines: Sequence[str], before: str) -> int:
    """
    How many lines the title of an annexed regulation takes; 0 if none stands here.

    `lines` begin with the one that may name the kind, `before` is the line above: "Chương I" names a chapter.
    """
    kind = _KIND.match(lines[0])
    if kind is None or is_bare_part(before) or not _may_stand_in_title(lines[0]):
        return 0
    below = next((at for at, line in enumerate(lines[1:], 1) if not _may_name(line)), len(lines))
    if below > _MOST_NAMES or below == len(lines):
        return 0
    is_issued = is_issued_with(lines[below])
    is_begun = lines[0].isupper() and _BEGINS.match(lines[below]) is not None
    return below if is_issued or is_begun else 0


def _may_stand_in_title(line: str) -> bool:
    return len(line) <= _LONGEST and not line.endswith((".", ";", ":", ",")) and "|" not in line


def _may_name(line: str) -> bool:
    """Whether a line may go on with the name."""
    begins = is_issued_with(line) or _BEGINS.match(line) or _ROMAN_ONE.match(line)
    return bool(line) and not begins and _may_stand_in_title(line)

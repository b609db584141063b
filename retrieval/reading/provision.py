"""
Name the provision in a section path: article, clause, point, and their annex.
"""

from __future__ import annotations

import re
from typing import Final

from retrieval.reading.annexed_regulation import regulation_kind
from retrieval.reading.lead_in import BETWEEN, is_lead_in

_OPENING: Final = re.compile(r"(?:Điều|Khoản|Điểm)\s+\w+\s*(?:[.:]|$)")  # a heading, whatever it ends in
_CITED: Final = re.compile(r"(?P<name>Điều\s+\d+[a-zđ]?)\b|(?P<below>(?:Khoản|Điểm) \w+)")
_NAMED_ANNEX: Final = re.compile(
    r"(?:phụ lục|mẫu|biểu mẫu|mẫu biểu|biểu)\s+(?:số\s+)?(?:\d+\w*(?:[-./]\w+)*|[IVXLC]+\b)", re.IGNORECASE
)


def article_in(section: str) -> str:
    """
    Cite the place in a statute that a section path names; "" if none.

    Example: "Chương II › Điều 5. Giải thích từ ngữ › Khoản 2 › Điểm a" -> "Điều 5, khoản 2, điểm a",
    "Phụ lục I › Điều 1. Đối tượng của hợp đồng" -> "Phụ lục I, Điều 1",
    "QUY CHẾ QUẢN LÝ CHỢ › Điều 1. Phạm vi › Khoản 2" -> "Điều 1, khoản 2 Quy chế"
    """
    parts = _headings(section)
    found = [match for part in parts if (match := _CITED.match(part))]
    first = max((i for i, match in enumerate(found) if match["name"]), default=None)
    if first is None:
        return ""
    annexes = (match[0] for part in parts if (match := _NAMED_ANNEX.match(part)))
    names = (match["below"].lower() for match in found[first + 1 :])
    place = ", ".join((*annexes, " ".join(found[first]["name"].split()), *names))
    return " ".join(filter(None, (place, _regulation_in(parts))))


def annex_in(section: str) -> str:
    """
    The annex or annexed regulation that a section path lies in, "" if in none.

    Example: "QUY CHẾ HỌP › Chương I › Điều 1" -> "QUY CHẾ HỌP"
    """
    parts = _headings(section)
    return next((part for part in parts if regulation_kind(part) or _NAMED_ANNEX.match(part)), "")


def headings_of(section: str) -> str:
    """The path of headings, without the sentences that lead into a list."""
    return BETWEEN.join(_headings(section))


def lead_in_of(section: str) -> str:
    """The sentences in a section path that lead into its list, "" if none."""
    return BETWEEN.join(section.split(BETWEEN)[len(_headings(section)) :])


def _headings(section: str) -> list[str]:
    """The headings of a section path, without the sentences that lead into a list."""
    parts = section.split(BETWEEN)
    while parts and is_lead_in(parts[-1]) and not _OPENING.match(parts[-1]):
        parts.pop()
    return parts


def _regulation_in(parts: list[str]) -> str:
    """The kind of the annexed regulation above the article, "" if there is none."""
    return next((kind for part in parts[:-1] if (kind := regulation_kind(part))), "")

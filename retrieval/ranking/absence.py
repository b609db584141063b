"""
What a question names outright and the documents do not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AbsenceKind = Literal["article", "clause", "point", "undivided", "number", "mention", "edition"]


@dataclass(frozen=True, slots=True)
class Absence:
    """
    What a question names and the documents do not have.

    "mention": they speak of it; all others leave nothing to quote.
    """

    kind: AbsenceKind
    name: str  # "Điều 120", "khoản 9 Điều 5", "15/2020/NĐ-CP", "Luật An ninh mạng 2019"
    title: str = ""  # of the document that would have it
    count: int = 0  # how many articles, clauses or points there are; 0 if it is not known
    years: str = ""  # of the editions that there are: "2018, 2025"

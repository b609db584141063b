"""
The passages of a clause or a point inside an article, or its absence.

What is absent is said only where the numbers that there are prove it: 1, 2, 3 or a, b, c without a gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from retrieval.index.contract import SectionedPassage
from retrieval.language.spelling import fold
from retrieval.question.reference import Reference
from retrieval.ranking.absence import Absence
from retrieval.reading.provision import article_in

Parts = dict[str, str]  # of a section path, folded: {"dieu": "5", "khoan": "2"}
_Placed = tuple[SectionedPassage, Parts]
_PART = re.compile(r"(dieu|khoan|diem) (\d+[a-z]?|[a-z])\b")  # not "dieu le"
_CLAUSE = re.compile(r"^\W{0,3}\d{1,3}[a-zđ]?\s*[.)]", re.MULTILINE)
_POINT = re.compile(r"^\W{0,3}([a-zđ])\\?\)", re.MULTILINE)
_LETTERS: Final = "abcdđeghiklmnopqrstuvxy"


def parts_of(section: str) -> Parts:
    """
    The parts of a statute that a section path names, folded.

    Example: "Chương I › Điều 5. Giải thích › Khoản 2" -> {"dieu": "5", "khoan": "2"}
    """
    return dict(_PART.findall(fold(article_in(section))))


def articles_of(parts: Iterable[_Placed]) -> set[str]:
    """The articles that there are."""
    return {own["dieu"] for _, own in parts if "dieu" in own}


def passages_below(inside: Sequence[_Placed], reference: Reference) -> tuple[SectionedPassage, ...] | Absence:
    """The passages of the named clause and point, or of the whole article."""
    if not reference.clause:
        return _pointed(inside, reference, f"Điều {reference.articles[0]}")
    clauses = list(dict.fromkeys(own["khoan"] for _, own in inside if "khoan" in own))
    chosen = [each for each in inside if each[1].get("khoan") == reference.clause]
    name = f"khoản {reference.clause} Điều {reference.articles[0]}"
    if chosen:
        return _pointed(chosen, reference, name)
    if clauses and clauses == [str(number + 1) for number in range(len(clauses))]:
        return Absence("clause", name, count=len(clauses))
    if not clauses and not any(_CLAUSE.search(found.text) for found, _ in inside):
        return Absence("undivided", name)
    return tuple(found for found, _ in inside)


def _pointed(inside: Sequence[_Placed], reference: Reference, name: str) -> tuple[SectionedPassage, ...] | Absence:
    """The passages of the named point; most points stand in one paragraph with their clause."""
    passages = tuple(found for found, _ in inside)
    if not reference.point:
        return passages
    pointed = tuple(found for found, own in inside if own.get("diem") == fold(reference.point))
    lettered = [(found, _POINT.findall(found.text)) for found in passages]
    letters = [letter for _, own in lettered for letter in own]
    holding = pointed or tuple(found for found, own in lettered if reference.point in map(fold, own))
    is_counted = bool(letters) and letters == list(_LETTERS[: len(letters)])
    absent = Absence("point", f"điểm {reference.point} {name}", count=len(letters))
    return holding or (absent if is_counted else passages)

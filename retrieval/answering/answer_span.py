"""
The answer itself, set apart from its sentence.

A quantity, a date, a place, an enumeration or the holder of an office: only where the answering sentence holds exactly
one thing of the kind that is asked for and that the question does not name itself. The words are the sentence's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from retrieval.language.spelling import fold
from retrieval.ranking.answer_kinds.answer_form import answer_form
from retrieval.ranking.answer_kinds.asked_sum import ASKS_SUM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Span = tuple[int, int]

_UPPER = "A-ZĐÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĨŨƠƯẠ-Ỹ"
_NAME = rf"[{_UPPER}][\w-]*(?: [{_UPPER}][\w-]*){{0,4}}"
_NUMBER = r"\d[\d.,]*(?<![.,])(?:[-–]\d[\d.,]*(?<![.,]))?(?: (?:triệu|tỷ|tỉ|nghìn|ngàn|vạn|trăm))*"
_SMALL = (
    r"(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)(?: (?:mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín|mươi|trăm|nghìn))*"
)
_ABOUT = r"(?:(?:hơn|gần|khoảng|trên|dưới|tới|ít nhất|tối thiểu|tối đa|không quá) )?"
_QUANTITY = re.compile(rf"(?<![\w/.,-]){_ABOUT}(?:{_NUMBER}|{_SMALL})(?![\w/])")
_UNIT = re.compile(
    r"\s?(?:%|phần trăm|km²|km2|km|m²|m2|ha|héc-ta|kg|tấn|mét|m|đồng|USD|đô la|euro|tuổi|người|ngày làm việc|ngày|"
    r"tháng|năm|giờ|phút|lần|độ)(?!\w)"
)
_NO_SUM = re.compile(r"\s?(?:tuổi|người|ngày|tháng|năm|giờ|phút|km|kg|tấn|mét|m|ha|độ)(?!\w)")
# Things that are counted under several names.
_SAME_THINGS = (("nước", "quốc gia"), ("người", "cán bộ", "nhân viên", "nhân sự"), ("lần", "lượt"))
# What leads into a part of the quantity before it: "100 quốc gia, bao gồm 5 nước …".
_PART = re.compile(r"(?:gồm|trong đó|trong số đó|kể cả)(?: có)?:? ?$")
_DAY = r"(?:ngày )?\d{1,2}(?:[/.-]\d{1,2}[/.-]\d{4}|[/-]\d{1,2}(?![/\d])| tháng \d{1,2}(?:,? năm \d{4}|/\d{4})?)"
_MONTH = r"tháng \d{1,2}(?:/\d{4}|,? năm \d{4})?"
_DATE = re.compile(
    rf"(?<![\w/])(?:{_DAY}|{_MONTH}|năm \d{{4}}|(?:thế kỷ|thập niên) (?:[IVX]+|\d+))(?![\w/])", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\w/.-])\d{4}(?![\w/])")
_DIVISION = r"(?:thành phố|tỉnh|huyện|quận|phường|xã|thị xã|thị trấn|thôn|bang) "
# A name that goes on in small letters is the sentence's subject: "tại Hà Nội, Bộ Quốc phòng tổ chức …".
_WIDER = rf"(?:(?:{_DIVISION})+{_NAME}|{_NAME}(?![\w-]| \w))"
_PLACE = re.compile(rf"(?<!\w)(?:tại|ở) (?P<place>(?:{_DIVISION})*{_NAME}(?:, {_WIDER})*)")

_ITEM = re.compile(r"[,;] | và ")
_CUED = re.compile(r"\b(?:gồm có|gồm|như|:) (?P<items>[^.:]+?)(?=[.:]|$)")
_NAMES = re.compile(rf"{_NAME}(?:, {_NAME})*(?:,)? và {_NAME}|{_NAME}(?:, {_NAME}){{2,}}")


class _Kind(NamedTuple):
    asking: re.Pattern[str]  # in the question, in lower case
    find: Callable[[str, str], Iterator[Span]]  # (question, sentence) -> the spans of this kind


def answer_span(question: str, sentence: str) -> Span | None:
    """
    (start, end) in the answering sentence of what a question asks for.

    None unless there is exactly one.

    Args:
        question: as understood, with diacritics.

    Example: "Việt Nam có quan hệ với bao nhiêu quốc gia?", "Đến nay có hơn 100 quốc gia." -> "hơn 100 quốc gia"
    """
    named = question.casefold()
    for kind in _KINDS:
        if kind.asking.search(named):
            found = [span for span in kind.find(question, sentence) if sentence[slice(*span)].casefold() not in named]
            return found[0] if len(found) == 1 else None
    return None


def _quantities(question: str, sentence: str) -> Iterator[Span]:
    """Quantities of the thing that is counted; of any thing where the question names none."""
    asked = re.search(r"(?:bao nhiêu|mấy)\s+(\w+)(?:\s+(\w+))?", question, re.IGNORECASE)
    thing = [fold(word) for word in asked.groups() if word] if asked else []
    names = _names_of(thing)
    is_first = True
    for place in _QUANTITY.finditer(sentence):
        following = re.match(r"\s(\w+)(?:\s(\w+))?", sentence[place.end() :])
        words = [fold(word) for word in following.groups() if word] if following else []
        unit = _UNIT.match(sentence, place.end())
        if name := next((name for name in names if words[: len(name)] == name), None):
            if is_first or not _PART.search(sentence[: place.start()]):
                end = place.end() + following.end(len(name))  # type: ignore[union-attr]  # it has words
                yield place.start(), max(end, unit.end() if unit else 0)  # three working days are not three days
            is_first = False
        elif not thing and any(map(str.isdigit, place[0])) and not _is_date_at(sentence, place):
            if ASKS_SUM.search(question) and _NO_SUM.match(sentence, place.end()):
                continue  # six months are no price
            yield place.start(), unit.end() if unit else place.end()


def _names_of(thing: list[str]) -> list[list[str]]:
    """
    The names of what is counted, as folded words, longer ones first.

    `thing`: the first words of one.
    """
    own = [thing[:2], thing[:1]] if thing else []
    for same in _SAME_THINGS:
        folded = [fold(name).split() for name in same]
        if any(thing[: len(name)] == name for name in folded):
            own += folded
    return own


def _is_date_at(sentence: str, place: re.Match[str]) -> bool:
    return any(m.start() < place.end() and place.start() < m.end() for m in _DATE.finditer(sentence))


def _dates(_question: str, sentence: str) -> Iterator[Span]:
    found = [match.span() for match in _DATE.finditer(sentence)]
    yield from found
    for year in _YEAR.finditer(sentence):
        if not any(start <= year.start() < end for start, end in found):
            yield year.span()


def _places(_question: str, sentence: str) -> Iterator[Span]:
    yield from (match.span("place") for match in _PLACE.finditer(sentence))


def _enumerations(_question: str, sentence: str) -> Iterator[Span]:
    """
    What follows "gồm" to the end of the clause, if it has several items.

    Names side by side where nothing follows it.
    """
    cued = [m.span("items") for m in _CUED.finditer(sentence) if _ITEM.search(m["items"])]
    yield from cued or (m.span() for m in _NAMES.finditer(sentence))


def _holders(question: str, sentence: str) -> Iterator[Span]:
    yield from answer_form(question).holders(sentence)


_KINDS = (
    _Kind(re.compile(r"\b(?:ai|người nào|tên gì|tên là gì)\b"), _holders),
    _Kind(
        re.compile(
            r"\bgồm\b.*\b(?:gì|nào|ai)\b|\bnhững ai\b|"
            r"\b(?:những|các) (?:nước|quốc gia|tỉnh|thành phố|nơi|người)\b.*\bnào\b"
        ),
        _enumerations,
    ),
    _Kind(
        re.compile(r"\b(?:khi nào|bao giờ|(?:ngày|tháng|năm|lúc|thời gian|thời điểm) nào|năm bao nhiêu|mấy giờ)\b"),
        _dates,
    ),
    _Kind(re.compile(r"\b(?:bao nhiêu|mấy \w+)\b"), _quantities),
    _Kind(re.compile(r"\b(?:(?:ở|tại) đâu|nơi nào|địa điểm nào)\b"), _places),
)

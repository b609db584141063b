"""
Substitution: a follow-up that replaces one part of the previous question, such as a year.

Only kinds that can be recognised reliably are replaced, and only where the previous question names exactly one thing of
that kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from retrieval.language import data_file
from retrieval.language.abbreviation import curated_list
from retrieval.language.analyzer import WORD
from retrieval.language.mention import agrees
from retrieval.language.span import replace_spans, without_overlaps
from retrieval.language.spelling import fold, folded_key
from retrieval.language.variant import variant_list

Pieces = tuple[str, ...]  # alternately of the previous question and of the new one

_SOURCE = "followups.toml"
_YEAR = r"(?:19|20)\d\d"
_OF_YEAR = r"(?:(?:năm|(?<!việt )(?<!viet )nam)\s+)?"  # "Viet Nam 2022" has no "nam 2022" in it
_END = r"(?![\w/-]*\d)"
# In order of precedence: the year of a date is not a year by itself, nor is that of "104/2012/NĐ-CP".
_TIMES = tuple(
    (kind, re.compile(rf"(?<![\w/.-])(?:{pattern})", re.IGNORECASE))
    for kind, pattern in (
        (
            "years",
            rf"(?:(?:giai đoạn|giai doan|từ|tu)\s+)?{_OF_YEAR}{_YEAR}\s*(?:[-–]|đến|den|to)\s*{_OF_YEAR}{_YEAR}{_END}",
        ),
        ("date", rf"(?:ngày|ngay)\s+\d\d?\s+(?:tháng|thang)\s+\d\d?(?:\s+{_OF_YEAR}{_YEAR})?{_END}"),
        ("date", rf"(?:ngày|ngay)\s+\d\d?[/.-]\d\d?(?:[/.-]{_YEAR})?{_END}"),
        ("date", rf"\d\d?(?:/\d\d?(?:/{_YEAR})?|[.-]\d\d?[.-]{_YEAR}){_END}"),
        ("part", r"(?:[369]|ba|sáu|sau|chín|chin)\s+(?:tháng|thang)\s+(?:đầu|dau|cuối|cuoi)\b"),
        ("part", r"(?:quý|quy)\s+(?:[1-4]|IV|I{1,3})\b"),
        ("month", r"(?:tháng|thang)\s+\d\d?(?!\d)"),
        ("year", rf"{_OF_YEAR}{_YEAR}(?![\w/-])"),
    )
)
# The kinds that a time may replace, best first. "còn năm 2015?" after a date asks about another year.
_PLACES = {
    "years": ("years", "year"),
    "year": ("year", "years", "date"),
    "date": ("date",),
    "part": ("part",),
    "month": ("month",),
}
_BESIDE = frozenset("nam cua trong of in".split())  # joins times: "6 tháng cuối năm", "quý 1 của năm 2023"
_NUMBER = re.compile(r"(?:(?:số|so)\s+)?(\d+(?:[/-](?:\d+|[^\W\d_]+\d*))*|[IVX]+)(?![\w/-])")
_COUNTRY_ASKED = re.compile(r"\b(?:nước|quốc gia|nuoc|quoc gia)\s+(?:nào|nao)\b|\bwhich countr", re.IGNORECASE)

_UPPER = "".join(char for char in map(chr, range(0x1F00)) if char.isupper())
_CAPITALS = re.compile(rf"(?<!\w)[{_UPPER}]\w*(?: [{_UPPER}]\w*)*")


@dataclass(frozen=True, slots=True)
class Entity:
    """A time or a name in a text."""

    kind: str
    start: int
    end: int


def is_time(text: str) -> bool:
    """
    Whether a text is a time and nothing else.

    Example: "năm 2023" -> True, "6 tháng cuối năm 2022" -> True
    """
    times = _times(text)
    return bool(times) and _BESIDE.issuperset(map(fold, WORD.findall(_without(text, times))))


def is_number(text: str) -> bool:
    """Whether a text is a numbered thing and nothing else: "điều 5", "Nghị định 22/2016/NĐ-CP"."""
    return _numbered(text) is not None


def is_name(text: str) -> bool:
    """Whether a text is a name of a known kind and nothing else."""
    return _whole_name(text) is not None


def substitute(previous: str, new: str) -> Pieces | None:
    """
    The previous question with its time, number or name replaced by the new one.

    None when it has no part of that kind, or more than one.
    Example: "đón bao nhiêu đoàn năm 2022?", "năm 2023" -> ("đón bao nhiêu đoàn năm ", "2023", "?")
    """
    if is_time(new):
        places = _time_places(previous, new)
    elif number := _numbered(new):
        places = _number_place(previous, *number)
    else:
        places = _name_place(previous, new)
    return _with(previous, places) if places else None


Edit = tuple[int, int, str]  # a span of the previous question, and its replacement


def _with(previous: str, places: Sequence[Edit]) -> Pieces:
    pieces, position = [], 0
    for start, end, new in sorted(places):
        pieces += [previous[position:start], new]
        position = end
    return (*pieces, previous[position:])


def _times(text: str) -> list[Entity]:
    """The times in a text, in order."""
    found = (Entity(kind, *match.span()) for kind, pattern in _TIMES for match in pattern.finditer(text))
    return sorted(without_overlaps(found), key=lambda time: time.start)


def _without(text: str, parts: Sequence[Entity]) -> str:
    return replace_spans(text, ((part.start, part.end, " ") for part in parts))


def _time_places(previous: str, new: str) -> list[Edit] | None:
    """
    Edits that put each new time in a place of its own, if possible.

    None when a time has no place, has several, or shares one.
    """
    places = []
    old = _times(previous)
    for part in _times(new):
        alike = next((found for kind in _PLACES[part.kind] if (found := [t for t in old if t.kind == kind])), [])
        if len(alike) != 1:
            return None
        (at,) = alike
        # Only the number when both are years: "đầu 2022" has no "năm", and "nam" may be typed for it.
        years = part.kind == at.kind == "year"
        start, first = (at.end - 4, part.end - 4) if years else (at.start, part.start)
        places.append((start, at.end, new[first : part.end]))
    return places if len({start for start, *_ in places}) == len(places) else None


def _numbered(text: str) -> tuple[list[str], str] | None:
    """A label's words and the number that ends a text."""
    words = list(WORD.finditer(text))
    for i in range(1, min(len(words), 7)):
        if match := _NUMBER.fullmatch(text[words[i].start() :].rstrip(" ?!.,")):
            return [word[0] for word in words[:i]], match[1]
    return None


def _number_place(previous: str, label: Sequence[str], number: str) -> list[Edit] | None:
    """An edit where the previous question has another number after the same words."""
    words = list(WORD.finditer(previous))
    places = []
    for i in range(len(label), len(words)):
        same = all(_same(a, b[0]) for a, b in zip(label, words[i - len(label) : i], strict=True))
        if same and (match := _NUMBER.match(previous, words[i].start())):
            places.append((match.start(1), match.end(1), number))
    return places if len(places) == 1 else None


def _same(typed: str, word: str) -> bool:
    return folded_key(typed) == folded_key(word) and agrees(typed, word)


def _name_place(previous: str, new: str) -> list[Edit] | None:
    kind = _whole_name(new)
    places = [part for part in _names(previous) if part.kind == kind] if kind else []
    if kind == "country":
        # The documents are about Viet Nam, so another country is the topic of a question; and where a country is asked
        # for, the new one may be an answer: "ở những nước nào? – còn Lào?".
        abroad = [part for part in places if fold(previous[part.start : part.end]).replace(" ", "") != "vietnam"]
        places = abroad or ([] if _COUNTRY_ASKED.search(previous) else places)
    return [(places[0].start, places[0].end, new)] if len(places) == 1 else None


def _whole_name(text: str) -> str | None:
    """The kind of a name that makes up a whole text."""
    words = list(WORD.finditer(text))
    return next((n.kind for n in _names(text) if (n.start, n.end) == (words[0].start(), words[-1].end())), None)


def _names(text: str) -> Iterator[Entity]:
    """
    The countries, people and bodies in a text.

    The kind of a body is its first word.
    """
    for found in variant_list().variants(text):
        if not _countries().isdisjoint((found.typed, *found.others)):
            yield Entity("country", found.start, found.end)
    bodies = (*curated_list().contractions(text), *curated_list().expansions(text))
    yield from {Entity(fold(b.longs[0].split()[0]), b.start, b.end): None for b in bodies if b.longs[0][0].isupper()}
    yield from _people(text)


def _people(text: str) -> Iterator[Entity]:
    """
    The people in a text, with any titles before their names.

    A name is a surname and two or three more capitalised words. Two words may as well be a place ("Thái Bình", "Hà
    Nội").
    """
    surnames, titles = _surnames_and_titles()
    for run in _CAPITALS.finditer(text):
        words = list(WORD.finditer(text, *run.span()))
        for i, word in enumerate(words):
            before = titles.search(text, 0, word.start())
            start = before.start() if before else word.start()
            if word[0] in surnames and start <= run.start() and 3 <= len(words) - i <= 4:
                yield Entity("person", start, run.end())
                break


@cache
def _countries() -> frozenset[str]:
    return frozenset(data_file.words(_substitution_lists(), "countries", source=_SOURCE))


@cache
def _surnames_and_titles() -> tuple[frozenset[str], re.Pattern[str]]:
    surnames = data_file.word(_substitution_lists(), "surnames", source=_SOURCE).split()
    titles = "|".join(data_file.words(_substitution_lists(), "titles", source=_SOURCE))
    return frozenset(surnames), re.compile(rf"(?:\b(?:{titles})\s+)+$", re.IGNORECASE)


def _substitution_lists() -> data_file.Table:
    return data_file.table(data_file.read_toml(_SOURCE), "like", source=_SOURCE)

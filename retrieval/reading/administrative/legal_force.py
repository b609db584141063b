"""
What a document states of its own legal force and of that of others.

Read from its sentences alone ("Nghị định này có hiệu lực …", "… thay thế Nghị định số …", "Bãi bỏ các văn bản sau
đây: …"), never from properties, quotations or tables. A sentence that names a part ("khoản 2 Điều 5 …") amends, and one
that cannot be read with certainty states nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

from retrieval.language.document_number import NUMBER, names_kind
from retrieval.reading.quotation import Quotation, opens_quotation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.reading.document import Document

ForceKind = Literal["replaces", "repeals", "amends"]
_KIND: Final = (
    "Bộ luật|Luật|Pháp lệnh|Nghị quyết liên tịch|Nghị quyết|Nghị định|Quyết định|Thông tư liên tịch|Thông tư|Chỉ thị"
    "|Quy chế|Quy định|Quy trình|Kế hoạch|Hướng dẫn|Điều lệ|Nội quy|Chương trình|Đề án|Thông báo|Công văn|Văn bản"
)
_MARKER = r"(?:Điều\s+\d+[a-zđ]?\s*[.:]\s*)?(?:(?:[-–+•]|\(?\d{1,2}[a-z]?(?:\.\d{1,2})*[.)]|[a-zđ]\))\s*)?"
_DAY = (
    r"(?:(?P<day>\d{1,2})\s*tháng\s*(?P<month>\d{1,2})\s*năm\s*(?P<of_year>\d{4})"
    r"|(?P<slashed>\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}))"
)
_DATE = re.compile(rf"(?:ngày\s*)?{_DAY}")
_EFFECTIVE = re.compile(
    rf"(?P<kind>{_KIND}) này (?:chính thức )?có hiệu lực(?: thi hành| áp dụng| pháp lý)?,? "
    rf"(?:(?:kể )?từ (?:(?P<signed>ngày (?:ký|ban hành)\b)|(?:ngày\s*)?{_DAY})"
    rf"|sau (?P<later>\d{{1,3}}) ngày,? (?:kể )?từ ngày (?:ký|ban hành)\b)",
    re.IGNORECASE,
)
# "Luật Bảo hiểm y tế số 25/2008/QH12 ngày 14 tháng 11 năm 2008"
_TARGET = re.compile(
    rf"(?:{_KIND})(?: (?!số\b)[^\s;:.()]+){{0,20}} số:?\s*(?P<number>{NUMBER.pattern})(?:,?\s*{_DATE.pattern})?",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?:(?:các|những|một số|một phần|nội dung|quy định(?: tại| của)?|toàn bộ)\s+)*"
    r"(?:điểm|khoản|điều|chương|mục|tiểu mục|phần|phụ lục|cụm từ|từ|mẫu|biểu|đoạn|dòng)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"^(?P<what>.+?),? (?:(?:sẽ )?hết hiệu lực(?: thi hành| toàn bộ)*|bị bãi bỏ|được bãi bỏ),? "
    rf"(?:kể )?từ (?:(?:ngày|khi) (?:{_KIND}) này|(?:ngày\s*)?{_DAY})",
    re.IGNORECASE,
)
_SINCE_THIS = re.compile(
    rf"^(?:Kể )?từ (?:ngày|khi) (?:{_KIND}) này có hiệu lực(?: thi hành)?,? (?:thì )?"
    r"(?P<what>.+?) (?:hết hiệu lực|bị bãi bỏ)",
    re.IGNORECASE,
)
_VERB = re.compile(r"(?<!được )(?<!bị )\b(?P<verb>thay thế|bãi bỏ|hủy bỏ|huỷ bỏ)(?: cho)? (?P<rest>.+)", re.IGNORECASE)
_SUBJECT = re.compile(rf"(?:(?:{_KIND}) này\b.*?(?:và|,)?\s*|và\s*)?", re.IGNORECASE)
_TEXTS = r"\b(?:văn bản|luật|nghị định|nghị quyết|thông tư|quyết định)\b"
_LIST = re.compile(
    rf"(?:bãi bỏ|thay thế|hủy bỏ|huỷ bỏ|hết hiệu lực)\b.*{_TEXTS}.*\bsau(?: đây)?"
    rf"|{_TEXTS}.*\bsau(?: đây)?\b.*\b(?:hết hiệu lực|bị bãi bỏ)",
    re.IGNORECASE,
)
_AMENDS = re.compile(
    rf"(?:(?:Về việc|ban hành (?:{_KIND})) )?(?:sửa đổi(?:,? (?:và )?bổ sung)?|bổ sung)\b(?P<rest>.+)", re.IGNORECASE
)
_ISSUED = re.compile(rf"\bban hành (?:{_KIND}) sửa đổi", re.IGNORECASE)
_AMENDED = re.compile(r"\b(?:đã )?được (?:sửa đổi|bổ sung|thay thế|hợp nhất)|\btrừ\b", re.IGNORECASE)
_NEXT = re.compile(
    rf"\s*(?P<between>[^;:]*?)(?P<mark>;|,| và)\s+(?:các\s+)?(?=(?:{_KIND})\b[^;,.]{{0,120}}? số:?\s*\d)", re.IGNORECASE
)
_ABOUT = re.compile(r"\b(?:quy định|hướng dẫn|về|ban hành|sửa đổi|theo|thi hành|của luật|tại)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-ZĐÁÀÂĂÊÔƠƯÝỨỦ])")
_WORDS = re.compile(r"hiệu lực|thay thế|bãi bỏ|h[uủ][yỷ] bỏ|sửa đổi|bổ sung", re.IGNORECASE)
_LONGEST: Final = 1500  # characters of a sentence that is read
_LONGEST_LEAD_IN: Final = 300


@dataclass(frozen=True, slots=True)
class ForceAct:
    """What a document does to another one."""

    kind: ForceKind  # "amends" also where a part is repealed or replaced
    number: str  # of the other document, as it is written
    dated: date | None = None  # of the other document, if that is said: numbers without a year come again
    since: date | None = None  # None: since this document is in force


@dataclass(frozen=True, slots=True)
class LegalForce:
    """What a document states of legal force; nothing by default."""

    effective: date | None = None  # in force from this day
    acts: tuple[ForceAct, ...] = ()


def legal_force_of(document: Document) -> LegalForce:
    """
    What a document states of legal force.

    Only one that bears the number of a kind states any.
    """
    if not names_kind(document.number):
        return LegalForce()
    lines = [line for line in _lines(document) if _WORDS.search(line) or _TARGET.search(line[:400])]
    acts: dict[str, ForceAct] = {}
    for act in _acts(lines):
        known = acts.get(act.number)
        if act.number != document.number and (known is None or known.kind == "amends"):
            acts[act.number] = act
    return LegalForce(_effective(lines, document), tuple(acts.values()))


def _lines(document: Document) -> Iterator[str]:
    """The lines of paragraphs and headings outside of quotations and tables."""
    quotation = Quotation()
    for block in document.blocks:
        if block.kind not in ("paragraph", "heading") or block.is_row:
            continue
        for line in document.text_of(block).split("\n"):
            words = " ".join(line.split())
            is_quoted = quotation.is_open or opens_quotation(words)
            quotation.read(words)
            if words and not is_quoted:
                yield words


def _effective(lines: list[str], document: Document) -> date | None:
    """The day that the document names for itself, before that of an annex."""
    found: list[tuple[str, date]] = []
    for line in lines:
        statement = _EFFECTIVE.match(_bare(line))
        when = _day_of(statement, document.published) if statement else None
        if statement and when:
            found.append((statement["kind"].lower(), when))
    own = [when for kind, when in found if document.title.lower().startswith(kind)]
    return next(iter([*own, *(when for _, when in found)]), None)


def _day_of(statement: re.Match[str], signed: date | None) -> date | None:
    if statement["signed"]:
        return signed
    if statement["later"]:
        return signed + timedelta(days=int(statement["later"])) if signed else None
    return _date(statement)


def _date(found: re.Match[str]) -> date | None:
    parts = re.split(r"\s?[/.-]\s?", found["slashed"]) if found["slashed"] else found.group("day", "month", "of_year")
    if not all(parts):
        return None
    day, month, year = map(int, parts)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _acts(lines: list[str]) -> Iterator[ForceAct]:
    listed: ForceKind | None = None
    for line in lines:
        bare = _bare(line)
        is_item = bare != line
        if listed and is_item and (targets := list(_targets(bare[:_LONGEST], listed))):
            yield from targets
            continue
        listed = None
        for sentence in _SENTENCE.split(bare):
            yield from _acts_of(sentence[:_LONGEST])
        if bare.endswith(":") and _LIST.search(bare[-_LONGEST_LEAD_IN:]):
            listed = "replaces" if "thay thế" in bare.lower() else "repeals"


def _acts_of(sentence: str) -> Iterator[ForceAct]:
    """What one sentence does."""
    if amended := _AMENDS.match(_after_issuer(sentence)):
        target = _TARGET.search(amended["rest"][:400])
        if target and not _AMENDED.search(amended["rest"][: target.start()]):
            yield ForceAct("amends", _number(target), _date(target))
        return
    if ends := _SINCE_THIS.match(sentence) or _ENDS.match(sentence):
        yield from _targets(ends["what"], "repeals", _date(ends) if ends.re is _ENDS else None)
        return
    verb = _VERB.search(sentence)
    if verb and _SUBJECT.fullmatch(sentence[: verb.start()]):
        yield from _targets(verb["rest"], "replaces" if verb["verb"].lower() == "thay thế" else "repeals")


def _after_issuer(sentence: str) -> str:
    """The sentence from "ban hành Luật sửa đổi …" on, where an issuer opens it."""
    found = _ISSUED.search(sentence[:200])
    return sentence[found.start() :] if found else sentence


def _targets(words: str, kind: ForceKind, since: date | None = None) -> Iterator[ForceAct]:
    """The documents enumerated from the beginning; of a part, its document."""
    words = re.sub(r"^(?:toàn bộ |các |những )*", "", words)
    if _PART.match(words):
        target = _TARGET.search(words[:400])
        if target and not _AMENDED.search(words[: target.start()]):
            yield ForceAct("amends", _number(target), _date(target), since)
        return
    cut = _AMENDED.search(words)
    words = words[: cut.start()] if cut else words
    place = 0
    while target := _TARGET.match(words, place):
        yield ForceAct(kind, _number(target), _date(target), since)
        following = _NEXT.match(words, target.end())
        if not following or (following["mark"] != ";" and _ABOUT.search(following["between"])):
            return
        place = following.end()


def _number(target: re.Match[str]) -> str:
    return " ".join(target["number"].split())


def _bare(line: str) -> str:
    """A line without its number or letter."""
    return re.sub(rf"^{_MARKER}", "", line)

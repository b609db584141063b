"""
The header of an administrative document: kind, subject, number, issuer and date.

Nghị định 30/2020/NĐ-CP, annex I: the issuer stands above the number on the left, the name of the state and the place
and date on the right, the kind and the subject below them. Older documents write "Nghị định của Chính phủ số
116/2003/NĐ-CP". What is not there stays unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from retrieval.language.document_number import INTERNAL_KINDS, KINDS, NUMBER, names_kind
from retrieval.language.spelling import fold
from retrieval.reading.administrative.fragments import begins_text, fragments_of_head
from retrieval.reading.administrative.issuer import is_authority, is_state_name, issuer_of
from retrieval.reading.administrative.letter_case import in_case_of_text, is_shouted, with_small_initial

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.reading.document import Block, Outline

_LAWS: Final = ("bo luat", "luat", "phap lenh", "hien phap")  # cited by name, the others by number
_KIND = re.compile(rf"(?:{'|'.join(sorted((*KINDS, *INTERNAL_KINDS), key=len, reverse=True))})\b")
_LABEL = re.compile(r"(?:(?:\w+ ){0,3}so ?:|so(?= ?\d))")
_TITLE_NUMBER = re.compile(r"(?:cua [^:;,]{2,80}? )?so\b")
_TITLE_ISSUER = re.compile(r"của (?P<issuer>[^:;,\d]{2,80}?)(?: số\b.*)?", re.IGNORECASE)
_DATE = re.compile(
    r"ngay ?(?P<d>\d{1,2}) ?thang ?(?P<m>\d{1,2}) ?nam ?(?P<y>\d{4})"
    r"|ngay ?(?P<d2>\d{1,2})[/.-](?P<m2>\d{1,2})[/.-](?P<y2>\d{4})"
)
_PLACE_DATE = re.compile(rf"[\w. ]{{2,40}}, ?(?:{_DATE.pattern})")
_PASSED = re.compile(rf"quoc hoi [^.;]{{0,120}}thong qua (?:{_DATE.pattern})")
_HEADER_ROW = re.compile(r"cong hoa xa hoi chu nghia|doc lap ?[-–] ?tu do|\bso ?:|v ?/ ?v\b|, ?ngay .{0,20}thang")
_ARTICLE_ONE = re.compile(r"^\W*dieu 1\b", re.MULTILINE)
_GROUNDS = re.compile(r"^\W*can cu\b", re.MULTILINE)
_ADDRESS = re.compile(r"^\W*kinh gui\b", re.MULTILINE)
_ABOUT = re.compile(r"(?:v ?/ ?v|về việc)\b[:. ]*", re.IGNORECASE)
_WRAPPED = re.compile(r"[-–/]$")
_HEAD = 6_000  # characters
_LONGEST_LINE = 80  # characters of a line in small letters below a subject in capitals
_MOST_LINES = 14  # of a subject
_LONGEST_SUBJECT = 700  # characters


@dataclass(frozen=True, slots=True)
class AdministrativeHeader:
    """What a header states; "" or None where it is silent."""

    title: str
    number: str
    issuer: str
    published: date | None
    title_lines: frozenset[str] = frozenset()  # folded: the lines of kind and subject


def with_administrative_header(text: str, outline: Outline) -> Outline:
    """An outline with what the document's header states; other outlines stay unchanged."""
    header = administrative_header(text, _header_end(text, outline))
    if header is None:
        return outline
    return replace(
        outline,
        title=header.title or outline.title,
        number=header.number or outline.number,
        publisher=header.issuer or outline.publisher,
        published=header.published or outline.published,
        blocks=tuple(_blocks(text, outline, header)),
    )


def _blocks(text: str, outline: Outline, header: AdministrativeHeader) -> Iterator[Block]:
    """The blocks, with one title: lines of the header open no section of their own."""
    texts = [text[block.start : block.end] for block in outline.blocks]
    body_at = next((at for at, words in enumerate(texts) if begins_text(" ".join(words.split()))), 0)
    for at, (block, after) in enumerate(pairwise((*outline.blocks, None))):
        if block is None or at >= body_at or block.kind != "heading":
            if block is not None:
                yield block
        elif fold(texts[at]) == fold(header.title or outline.title):
            yield block
        elif fold(texts[at]) in header.title_lines:
            yield replace(block, level=1, label=header.title)
        elif after is None or after.start >= block.end:  # else a mark that opens the next block
            yield replace(block, kind="paragraph", level=0)


def _header_end(text: str, outline: Outline) -> int | None:
    """Where the first table begins that is not the header's own, if any."""
    rows = (block for block in outline.blocks if block.is_row)
    return next((row.start for row in rows if not _HEADER_ROW.search(fold(text[row.start : row.end]))), None)


def administrative_header(text: str, end: int | None = None) -> AdministrativeHeader | None:
    """Read the header before `end` in a text; None if there is none."""
    fragments = fragments_of_head(text[:end])
    kind_at = next((at for at, fragment in enumerate(fragments) if _kind_end(fragment)), len(fragments))
    number, number_at = _number_in(fragments, kind_at)
    head = fold(text[:end][:_HEAD])
    if kind_at < len(fragments):
        begins = _GROUNDS.search(head) is not None or (fragments[kind_at].isupper() and _ARTICLE_ONE.search(head))
        is_official = bool(number) or any(map(is_state_name, fragments)) or bool(begins)
        kind = fragments[kind_at][: _kind_end(fragments[kind_at])].capitalize()
        lines = _subject_lines(fragments[kind_at:])
        title = _title(text, kind, " ".join(lines)[:_LONGEST_SUBJECT].strip(" ./-–|"), number)
    else:
        lines = []
        about = _letter_subject(fragments[number_at:])
        is_letter = bool(about) or _ADDRESS.search(head) is not None
        is_official = bool(number) and is_letter
        title = "" if names_kind(number) else _title(text, "Công văn", about, number)
    if not is_official:
        return None
    issuer = issuer_of(text, fragments[: min(kind_at, number_at)]) or _issuer_in_title(text, fragments[kind_at:])
    published = _date_of(fragments, kind_at, number_at if number else len(fragments)) or _passed_on(text)
    title_lines = frozenset(map(fold, (*fragments[kind_at : kind_at + 1], *lines)))
    return AdministrativeHeader(title, number, issuer, published, title_lines)


def _kind_end(fragment: str) -> int:
    """The end of the kind that opens a fragment, 0 if none does."""
    folded = fold(fragment)
    found = _KIND.match(folded)
    if found is None or len(folded) != len(fragment):
        return 0
    rest = folded[found.end() :].strip(" :.")
    if _LABEL.match(rest):  # "Luật số: 24/2018/QH14" is a number's label, "Nghị định số 5/2003/NĐ-CP ngày" a title
        return found.end() if rest.startswith("so ") and NUMBER.search(rest) and len(rest) > 30 else 0
    is_title = not rest or fragment[: found.end()].isupper() or rest.startswith("cua ")
    return found.end() if is_title else 0


def _number_in(fragments: Sequence[str], kind_at: int) -> tuple[str, int]:
    """The document's own number ("" if none) and the index of its fragment."""
    for at, fragment in enumerate(fragments[: kind_at + 4]):
        folded = fold(fragment)
        if at >= kind_at:
            folded = folded[_kind_end(fragment) :].strip(" :.")
        if (_TITLE_NUMBER if at >= kind_at else _LABEL).match(folded) or NUMBER.fullmatch(fragment):
            after = fragments[at + 1].split()[0] if at + 1 < len(fragments) and _WRAPPED.search(fragment) else ""
            found = NUMBER.search(fragment + after)
            if found and (found["symbol"] or found["short"]):
                return re.sub(r"\s", "", found[0].replace("–", "-")), at
    return "", kind_at


def _issuer_in_title(text: str, fragments: Sequence[str]) -> str:
    """The issuer in a title such as "Nghị định của Chính phủ"; "" if none."""
    for fragment in fragments[:2]:
        rest = fragment[_kind_end(fragment) :].strip(" :.")
        if found := _TITLE_ISSUER.fullmatch(rest):
            return in_case_of_text(text, found["issuer"].strip())
    return ""


def _subject_lines(fragments: Sequence[str]) -> list[str]:
    """What the document is about: the lines from its kind to the authority that acts."""
    first = fragments[0][_kind_end(fragments[0]) :].strip(" :.")
    is_law = fold(fragments[0]).startswith(_LAWS)
    lines: list[str] = []
    for fragment in ("" if fold(first).startswith("cua ") and not NUMBER.search(first) else first, *fragments[1:]):
        line = _without_number(fragment)
        is_text = bool(lines) and len(line) > _LONGEST_LINE and is_shouted(lines[-1]) and not is_shouted(line)
        is_text = is_text or (
            bool(lines) and (line.endswith(":") or (len(line) > _LONGEST_LINE and line.endswith(".")))
        )
        if line and (is_text or (is_authority(line) and (lines or not is_law))):  # a law's name may open like one
            break
        if line and not (line.startswith("(") or is_state_name(line) or _PLACE_DATE.fullmatch(fold(line))):
            lines.append(line)
        if len(lines) == _MOST_LINES:
            break
    return lines


def _without_number(line: str) -> str:
    """A line of a title without the number and date that open it."""
    folded = fold(line)
    if not _TITLE_NUMBER.match(folded) or len(folded) != len(line):
        return line
    found = NUMBER.search(line)
    if found is None:
        return line
    rest = line[found.end() :].strip(" ,:-")
    day = _DATE.match(fold(rest))
    return rest[day.end() :].strip(" ,:-") if day else rest


def _letter_subject(fragments: Sequence[str]) -> str:
    """The subject of a letter, which stands below its number as "V/v …"."""
    lines: list[str] = []
    for fragment in fragments:
        about = _ABOUT.search(fragment)
        if about and not lines:
            lines.append(f"về việc {fragment[about.end() :]}")
        elif lines and (is_state_name(fragment) or _PLACE_DATE.search(fold(fragment))):
            break
        elif lines:
            lines.append(fragment)
    return " ".join(lines)[:_LONGEST_SUBJECT]


def _title(text: str, kind: str, subject: str, number: str) -> str:
    """Examples: "Luật An ninh mạng", "Nghị định 38/2022/NĐ-CP: quy định mức lương tối thiểu"."""
    if fold(kind) in _LAWS:
        return _law_title(text, kind, subject) if subject else ""
    subject = _ABOUT.sub("về việc ", subject, count=1)
    if is_shouted(subject):
        subject = in_case_of_text(text, f"{kind} {subject}")[len(kind) :].strip()
    subject = with_small_initial(subject) if number or fold(kind) not in INTERNAL_KINDS else subject
    named = f"{kind} {number}" if number else kind
    return f"{named}{':' if number else ''} {subject}" if subject else named if number else ""


def _law_title(text: str, kind: str, name: str) -> str:
    """Examples: "Luật Công nghệ thông tin", but "Luật sửa đổi, bổ sung …"."""
    named = in_case_of_text(text, f"{kind} {name}")
    start = len(kind) + 1
    return (
        named
        if fold(name).startswith("sua doi")
        else named[:start] + named[start : start + 1].upper() + named[start + 1 :]
    )


def _passed_on(text: str) -> date | None:
    """The day on which the National Assembly passed a law, which its last lines say."""
    return _day(list(_PASSED.finditer(fold(text[-_HEAD:])))[-1:])


def _date_of(fragments: Sequence[str], kind_at: int, number_at: int) -> date | None:
    """The date beside the place, or behind the number in the title."""
    found = next((match for each in fragments if (match := _PLACE_DATE.search(fold(each)))), None)
    if found is None and kind_at <= number_at < len(fragments):
        found = _DATE.search(fold(" ".join(fragments[number_at : number_at + 2])))
    return _day([found] if found else [])


def _day(found: Sequence[re.Match[str]]) -> date | None:
    if not found:
        return None
    day, month, year = (int(found[0][name] or found[0][f"{name}2"]) for name in "dmy")
    try:
        return date(year, month, day)
    except ValueError:
        return None

"""
The header of a plain text or saved page: title, publisher, author and date.

The header is what stands above the first paragraph. Nothing is dropped here but menus, contact lines, datelines and the
publisher's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.reading.article.boilerplate import is_contact_line, is_office_line, is_section_path
from retrieval.reading.article.byline import byline_of, is_full_name
from retrieval.reading.article.dateline import Dateline, dateline_of, place_date_of
from retrieval.reading.article.publisher import (
    is_publisher,
    opening_publisher,
    publisher_line,
    strip_opening_publisher,
)
from retrieval.reading.article.teaser import bigrams
from retrieval.reading.text.characters import CAPITAL
from retrieval.reading.text.headings import is_capital, part_level
from retrieval.reading.text.lines import Line, first_sentence, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_MOST_LINES = 15
_LONGEST_TITLE = 220  # characters
_OFFICIAL = re.compile(
    r".*(?:CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA|ĐẢNG CỘNG SẢN VIỆT NAM|Độc lập\s*[-–]\s*Tự do).*"
    r"|(?:Luật |Nghị quyết |Nghị định )?[Ss]ố\s*:.*|SỐ\s*:.*|Kính gửi\b.*|Kính trình\b.*"
    r"|(?:QUỐC HỘI|CHÍNH PHỦ|THỦ TƯỚNG|CHỦ TỊCH|ỦY BAN|UỶ BAN|HỘI ĐỒNG|BỘ|QUÂN|BAN|TỔNG CỤC|CỤC|ĐẢNG|TỈNH"
    r"|SỞ)\b[^a-z]*"
)
_KIND = re.compile(
    r"(?:BỘ LUẬT|LUẬT|HIẾN PHÁP|PHÁP LỆNH|LỆNH|NGHỊ (?:ĐỊNH|QUYẾT)|QUYẾT ĐỊNH|THÔNG (?:TƯ|BÁO|CÁO)|CHỈ THỊ"
    r"|KẾ HOẠCH|BÁO CÁO"
    r"|TỜ TRÌNH|HƯỚNG DẪN|QUY (?:ĐỊNH|CHẾ|TRÌNH)|BIÊN BẢN|CHƯƠNG TRÌNH|ĐỀ ÁN|KẾT LUẬN|CÔNG (?:VĂN|ĐIỆN))"
)
_FIELD = re.compile(rf"{CAPITAL}[^:]{{0,25}}:\s.*|[-+*•–]\s.*")


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the first paragraph, and the remaining lines."""

    title: str
    title_lines: tuple[Line, ...]  # one, or "LUẬT" and its name; none if the title is a sentence
    publisher: str
    author: str
    published: date | None
    rest: tuple[Line, ...]


def header_of(text: str, lines: Sequence[Line]) -> Header:
    """Find the header in the lines that are left after boilerplate is removed."""
    head = _head(lines)
    datelines = {line: found for line in head if (found := dateline_of(line.text))}
    furniture = {line for line in head if _is_furniture(line) and line not in datelines}
    plain = [line for line in head if line not in datelines and line not in furniture]
    title = _title_lines(text, plain, datelines, lines[len(head) :])
    above = _above(title, head)
    mastheads = {line for line in plain if line in above and is_section_path(line.text)}
    authored = {line for line in plain if title and line.start > title[-1].end and _is_author_line(line, lines)}
    gone = furniture | mastheads | authored | set(title) | {a for a, found in datelines.items() if not found.bare}
    gone |= {line for line in datelines if not re.search(r"[^\W\d]", line.text)}
    rest = tuple(line for line in lines if line not in gone)
    date_line = _chosen(text, datelines, title)
    return Header(
        title=_title(title, rest),
        title_lines=tuple(title),
        publisher=_publisher(head, datelines, above, rest),
        author=_author(authored, date_line),
        published=date_line.published if date_line else _place_date(head),
        rest=rest,
    )


def _head(lines: Sequence[Line]) -> list[Line]:
    head: list[Line] = []
    for line in lines[:_MOST_LINES]:
        if dateline_of(line.text) is None and not _is_furniture(line) and _opens_body(line):
            break
        head.append(line)
    return head


def _opens_body(line: Line) -> bool:
    ended = line.ends_sentence and not (line.text.endswith("?") and len(line.text) <= 120)
    return ended or line.text[-1] in ";," or len(line.text) > _LONGEST_TITLE or part_level(line.text) > 0


def _is_furniture(line: Line) -> bool:
    # An address inside a sentence is text; on its own it is the head of the page.
    is_contact = is_contact_line(line.text) or is_office_line(line.text)
    return (is_contact and not line.ends_sentence) or bool(publisher_line(line.text))


def _title_lines(text: str, plain: Sequence[Line], datelines: dict[Line, Dateline], body: Sequence[Line]) -> list[Line]:
    official = any(_OFFICIAL.fullmatch(line.text) for line in plain)
    for line, following in zip(plain, [*plain[1:], *body[:1]], strict=False):
        if _KIND.fullmatch(line.text):
            return [line, following] if _is_name_of_kind(following) else [line]
    found = [line for line in plain if not _OFFICIAL.fullmatch(line.text) and not place_date_of(line.text)]
    found = [line for line in found if not official or not is_capital(line.text)] or found
    found = [line for i, line in enumerate(found) if i == 0 or not _FIELD.fullmatch(line.text)]
    if not found:
        return []
    known = set().union(*(bigrams(line.text) for line in body))
    best = max(found, key=lambda line: _likelihood(text, line, found, datelines, known))
    return [best] if _heads(best, [*plain, *body]) else []


def _is_name_of_kind(line: Line) -> bool:
    return not line.ends_sentence and len(line.text) <= _LONGEST_TITLE and line.text[-1] not in ";,"


def _likelihood(
    text: str,
    line: Line,
    rivals: Sequence[Line],
    datelines: dict[Line, Dateline],
    known: set[tuple[str, str]],
) -> float:
    own = bigrams(line.text)
    score = len(own & known) / len(own) if own else 0.0
    score += 0.5 * (line == rivals[0]) + 0.3 * any(_touch(text, line, other) for other in datelines)
    # "Chính trị" above a title is a section name: short, and followed by something longer.
    is_section = bool(datelines) and len(line.words) < 4 and any(len(rival.words) > 4 for rival in rivals)
    return score - 0.6 * (is_section or is_section_path(line.text))


def _touch(text: str, line: Line, other: Line) -> bool:
    first, second = sorted((line, other), key=lambda each: each.start)
    between = text[first.end : second.start]
    return between.count("\n") == 1 and not between.strip()


def _heads(title: Line, lines: Sequence[Line]) -> bool:
    below = [line for line in lines if line.start > title.end]
    longest = max((len(line.text) for line in below), default=0)
    set_apart = bool(below) and below[0].gap and longest > len(title.text)
    return set_apart or longest >= 2 * len(title.text)


def _above(title: Sequence[Line], head: Sequence[Line]) -> list[Line]:
    return [line for line in head if title and line.end < title[0].start]


def _title(title: Sequence[Line], rest: Sequence[Line]) -> str:
    if title:
        return " ".join(word for line in title for word in line.words)
    body = [line for line in rest if not _OFFICIAL.fullmatch(line.text)] or rest
    return shortened(first_sentence(strip_opening_publisher(body[0].text))) if body else ""


def _chosen(text: str, datelines: dict[Line, Dateline], title: Sequence[Line]) -> Dateline | None:
    """The article's own dateline. A date far above the title is the day of saving."""
    for found in datelines.values():
        if found.labelled or found.publisher or found.author:
            return found
    below = [found for line, found in datelines.items() if title and line.start > title[-1].end]
    beside = [found for line, found in datelines.items() if title and _touch(text, line, title[0])]
    return next(iter([*below, *beside]), None)


def _place_date(head: Sequence[Line]) -> date | None:
    found = {day for line in head if (day := place_date_of(line.text))}
    return found.pop() if len(found) == 1 else None


def _publisher(
    head: Sequence[Line], datelines: dict[Line, Dateline], above: Sequence[Line], rest: Sequence[Line]
) -> str:
    named = [found.publisher for found in datelines.values()]
    named += [publisher_line(line.text) for line in head]
    named += [line.text for line in above if is_publisher(line.text)]
    named += [opening_publisher(line.text) for line in rest[:2]]
    return next((name for name in named if name), "")


def _is_author_line(line: Line, lines: Sequence[Line]) -> bool:
    if is_full_name(line.text):
        return not any(line.text in other.text for other in lines if other != line)
    return bool(re.match(r"(?:Tác giả|Bài|Thực hiện|By|Author)\b", line.text) and byline_of(line.text))


def _author(authored: set[Line], dateline: Dateline | None) -> str:
    named = [byline_of(line.text) for line in sorted(authored, key=lambda line: line.start)]
    return named[0] if named else dateline.author if dateline else ""

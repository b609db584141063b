"""
The fragments of a document's head: its lines, parted where two columns were joined.

The head ends where the text begins: at "Căn cứ …", "Điều 1" or the first long sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from retrieval.language.spelling import fold
from retrieval.reading.text.headings import part_level

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_CHARACTERS = 6_000
_MOST_FRAGMENTS = 60
_LONGEST = 600  # characters of a fragment; a longer one is a paragraph of the text
_GAP = re.compile(r"\n|\t|[ |]*\|[ |]*|[^\S\n]{3,}|\s*[-–—_=*]{3,}\s*")
_RIGHT_COLUMN = re.compile(
    r"(?<!quốc hội nước)\s+(?=cộng h(?:òa|oà) xã hội\b)|\s+(?=độc lập\s*[-–]\s*tự do)"
    r"|\s+(?=đảng cộng sản việt nam$)"
    r"|(?<=[\w/]{6})\s+(?=[^\W\d_][\w. ]{1,40},\s*ngày\s)",
    re.IGNORECASE,
)
_ORGAN_AND_NUMBER = re.compile(r"(?P<organ>.{3,120}?)\s+(?P<number>(?:luật\s+)?số\s*:.*)", re.IGNORECASE)
_DATE_AND_KIND = re.compile(r"(?P<date>.*\bngày .{1,25} năm \d{4})\s+(?P<kind>\D.{2,})", re.IGNORECASE)
# A narrow column wraps "Lộc Hà, ngày 3 tháng 2 năm" and "2031".
_OPEN_DATE = re.compile(r".*,\s*ngày[\d\s]*(?:tháng[\d\s]*(?:năm)?)?", re.IGNORECASE)
_REST_OF_DATE = re.compile(r"(?:\d{1,2}\s+)?(?:tháng\s*\d{1,2}\s*)?(?:năm\s*)?\d{4}", re.IGNORECASE)
_EDGE_RULE = re.compile(r"^[-–—_*=~]{2,}\s*|\s*[-–—_*=~]{2,}$")
_RULE = re.compile(r"[\s\-–—_=*.~·•+#>]+")
_BEGINS_TEXT: Final = re.compile(
    r"can cu\b|chieu theo\b|xet\b|theo de nghi\b|kinh gui\b|thuc hien\b|nham\b|de (?:trien khai|thuc hien)\b"
    r"|(?:quoc hoi|chinh phu|uy ban thuong vu quoc hoi|bo truong .{3,120}) ban hanh\b"
    r"|(?:\w+ ){1,4}nay (?:quy dinh|duoc|ap dung|huong dan)\b|noi nhan\b"
    r"|\d{1,2}\. |[ivx]{1,4}[.)-] "
)


def fragments_of_head(text: str) -> list[str]:
    """The fragments before the text begins, in reading order, without rules of dashes."""
    found: list[str] = []
    for line in _GAP.split(text[:_MOST_CHARACTERS]):
        for part in _parts(line.lstrip("#* ").rstrip("* ")):
            fragment = _EDGE_RULE.sub("", " ".join(part.split()))
            if not fragment or _RULE.fullmatch(fragment):
                continue
            if begins_text(fragment) or len(found) == _MOST_FRAGMENTS:
                return found
            if found and _OPEN_DATE.fullmatch(found[-1]) and _REST_OF_DATE.fullmatch(fragment):
                found[-1] += f" {fragment}"
            else:
                found.append(fragment)
    return found


def _parts(line: str) -> Iterator[str]:
    """What one line holds: two columns, organ and number, date and kind."""
    for part in _RIGHT_COLUMN.split(line):
        if (found := _ORGAN_AND_NUMBER.fullmatch(part)) and found["organ"].isupper():
            yield from (found["organ"], found["number"])
        elif (found := _DATE_AND_KIND.fullmatch(part)) and found["kind"].isupper():
            yield from (found["date"], found["kind"])
        else:
            yield part


def begins_text(fragment: str) -> bool:
    """Whether a fragment is the beginning of what the document says."""
    return (
        len(fragment) > _LONGEST
        or part_level(fragment.lstrip("-–+ ")) > 0
        or re.match(r"điều 1\b", fragment, re.IGNORECASE) is not None
        or _BEGINS_TEXT.match(fold(fragment).lstrip("-–+ ")) is not None
    )

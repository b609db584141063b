"""
Strip what follows an article on its page: comments, other articles, their teasers.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from retrieval.reading.article.dateline import date_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from retrieval.reading.text.lines import Line

_COUNT = r"\s*(?:\(\d*\)|\d+)?\s*:?"
_ENDS_ARTICLE = re.compile(
    r"(?:ý kiến (?:bạn đọc|của bạn|độc giả)|phản hồi|bình luận(?= ?\(\d)|gửi (?:bình luận|ý kiến|phản hồi)"
    r"|viết bình luận"
    r"|(?:các )?(?:tin|bài|tin,? bài|tin tức|bài viết)(?: viết)? (?:đã (?:đưa|đăng)|khác|liên quan"
    r"|cùng (?:chuyên mục|loại|chủ đề)"
    r"|cũ hơn|mới hơn|mới(?: nhất)?|nổi bật|nóng|đọc nhiều)|cùng (?:chuyên mục|chủ đề)|có thể bạn quan tâm"
    r"|bạn (?:đọc )?(?:có thể )?quan tâm|(?:tin )?(?:đọc|xem) nhiều(?: nhất)?|những (?:tin|bài) (?:mới hơn"
    r"|cũ hơn)"
    r"|related (?:articles|news|posts|stories)|most read|leave a (?:comment|reply)|you may also like"
    r"|more stories)" + _COUNT,
    re.IGNORECASE,
)
_OPENS_BOX = re.compile(
    r"(?:xem thêm|đọc thêm|bình luận|liên quan|read more|see also|comments?)" + _COUNT, re.IGNORECASE
)
_DATED = re.compile(r"^[^\W\d_].{20,}[\s(\[|-](?P<date>\d{1,2}[/.-]\d{1,2}[/.-]\d{4})(?:[ ,|-]+\d{1,2}:\d{2})?[)\]]?$")
_BEFORE_OWN_DATE = re.compile(r"(?:ngày|năm|từ|đến|trước|sau|hạn|,)\s*$", re.IGNORECASE)


def strip_related_links(lines: Sequence[Line]) -> list[Line]:
    """The lines without lists of other articles and what belongs to them."""
    return _without_dated_list(_without_boxes(_without_end(lines)))


def _without_end(lines: Sequence[Line]) -> list[Line]:
    lengths = [0, *accumulate(len(line.text) if line.is_prose else 0 for line in lines)]  # of the prose above a line
    for i, line in enumerate(lines):
        # A report's own heading of that name has much text below it, the foot of a page little.
        if _ENDS_ARTICLE.fullmatch(line.text) and 0 < lengths[i] >= 3 / 4 * lengths[-1]:
            return list(lines[:i])
    return list(lines)


def _without_boxes(lines: Sequence[Line]) -> list[Line]:
    kept: list[Line] = []
    in_box = False
    for line in lines:
        opens = _ENDS_ARTICLE.fullmatch(line.text) or _OPENS_BOX.fullmatch(line.text)
        in_box = bool(opens) or (in_box and not line.ends_sentence)
        if not in_box:
            kept.append(line)
    return kept


def _without_dated_list(lines: Sequence[Line]) -> list[Line]:
    """Drop three or more final dated headlines, newest first; timetables are oldest first."""
    dates: list[date] = []
    for line in reversed(lines):
        day = _headline_date(line)
        if day is None or (dates and day < dates[-1]):
            break
        dates.append(day)
    return list(lines[: len(lines) - len(dates)] if len(dates) >= 3 else lines)


def _headline_date(line: Line) -> date | None:
    found = _DATED.match(line.text)
    if found is None or _BEFORE_OWN_DATE.search(line.text[: found.start("date")]):
        return None
    return date_in(found["date"])

"""
Divide a text at the line breaks that part paragraphs.

Writers of web pages part paragraphs by breaks, and break long names for their looks: where a sentence goes on, or both
lines are capitals, the break is a space.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.reading.text.headings import part_level
from retrieval.reading.text.lines import unwrapped_lines_of

if TYPE_CHECKING:
    from retrieval.reading.text.lines import Line

_OPENER = re.compile(r"(?:[-+*•–]|\d{1,3}[a-zđ]?[.)]|[a-zđ]\))\s*\S|điều\s+\d+[a-zđ]?\s*[.:]", re.IGNORECASE)


def divide_at_breaks(words: str) -> list[str]:
    """
    The paragraphs of a text whose lines are parted by "\\n".

    Example: "Điều 1. Giờ mở cửa\\n1. Từ 7 giờ\\nđến 11 giờ." -> ["Điều 1. Giờ mở cửa", "1. Từ 7 giờ đến 11 giờ."]
    """
    if "\n" not in words:
        return [words]
    paragraphs: list[str] = []
    before: Line | None = None
    for line in unwrapped_lines_of(words):
        if before is not None and _continues(before, line):
            paragraphs[-1] += f" {line.text}"
        else:
            paragraphs.append(line.text)
        before = line
    return [" ".join(paragraph.split("\n")) for paragraph in paragraphs]


def divide_at_parts(words: str) -> list[str]:
    """
    The same for soft breaks: divided only where a numbered part follows a whole line.
    """
    paragraphs: list[str] = []
    for line in words.split("\n"):
        if not paragraphs or (_opens(line.strip()) and _is_whole(paragraphs[-1])):
            paragraphs.append(line)
        else:
            paragraphs[-1] += f" {line}"
    return paragraphs


def _continues(before: Line, line: Line) -> bool:
    if line.gap or _opens(line.text):
        return False
    goes_on = line.text[0].islower() and not before.ends_sentence
    return goes_on or (before.text.isupper() and line.text.isupper())


def _opens(line: str) -> bool:
    return _OPENER.match(line) is not None or part_level(line) > 0


def _is_whole(words: str) -> bool:
    """Whether a line ends a sentence, or is the heading of a part."""
    words = words.strip()
    return words.endswith((".", ";", ":", "!", "?", "”", '"')) or part_level(words) > 0

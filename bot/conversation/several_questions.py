"""
Messages of several questions, which are answered one by one.
"""

from __future__ import annotations

import re

MOST_QUESTIONS = 5  # in one message

# A question mark, or the end of a line that begins with a number or a dash.
_END = re.compile(r"(?<=\?)\s+(?=\S)")
_ITEM = re.compile(r"^\s*(?:\d{1,2}[.)]|[-–•+*])\s+", re.MULTILINE)
_FEWEST = 2  # words of a question


def split_questions(text: str) -> list[str]:
    """
    The questions of a message; the whole text where it is one question.

    What stands before the first question stays with it. "Khi nào? Ở đâu?" are two, the second a follow-up.

    Example: "Hạn nộp là ngày nào? Nộp ở đâu?" -> ["Hạn nộp là ngày nào?", "Nộp ở đâu?"]
    """
    items = [item.strip() for item in _ITEM.split(text) if item.strip()]
    listed = len(_ITEM.findall(text)) > 1
    if listed and not _ITEM.match(text) and not items[0].endswith("?"):
        items = items[1:]  # "Cho em hỏi:"
    parts = items if listed else _END.split(text)
    whole = len(parts) < 2 or any(len(part.split()) < _FEWEST for part in parts)
    if whole or not (listed or all(part.rstrip().endswith("?") for part in parts[:-1])):
        return [" ".join(text.split())]
    if not listed and not parts[-1].rstrip().endswith("?"):
        *parts, last = parts  # "… ở đâu? Em cảm ơn."
        parts[-1] = f"{parts[-1]} {last}"
    return [" ".join(part.split()) for part in parts]

"""
Split a long paragraph over several messages, between sentences where possible.

For paragraphs that an answer only excerpts; every character is in exactly one message.
"""

from __future__ import annotations

import re
import unicodedata

from bot.messages.quote_html import escape, truncate, utf16_length
from retrieval import Quote
from retrieval.language import split_sentences

_MOST = 12  # messages; for a longer paragraph the reader opens the document
_PART = 3400  # UTF-16 units of a part, which leave room for title and citation
_LINE = 300  # UTF-16 units of each of those
_SPACES = re.compile(r"\s+")


def paragraph_messages(quote: Quote) -> list[str]:
    """
    A quote's whole paragraph in HTML messages: titles above, the citation below the last.

    Empty if it needs too many messages, decided by length first, since splitting takes time.
    """
    if utf16_length(quote.text) > _MOST * _PART:
        return []
    parts = split_paragraph(quote.text)
    if len(parts) > _MOST:
        return []
    title = escape(truncate(quote.citation.title, _LINE))
    messages = [
        f"<b>{title}</b> ({number}/{len(parts)})\n<blockquote>{escape(part)}</blockquote>"
        for number, part in enumerate(parts, 1)
    ]
    return [*messages[:-1], f"{messages[-1]}\n{escape(truncate(quote.citation.line, _LINE))}"]


def split_paragraph(text: str, limit: int = _PART) -> list[str]:
    """Split a text into parts of at most `limit` UTF-16 units, without losing any."""
    starts = [sentence.start for sentence in split_sentences(text)]
    parts: list[str] = []
    start = 0
    while start < len(text):
        end = start + _fitting_length(text[start : start + limit], limit)
        if end < len(text):
            end = _split_position(text, starts, start, end)
        parts.append(text[start:end])
        start = end
    return parts


def _fitting_length(text: str, limit: int) -> int:
    """How many leading characters take at most `limit` UTF-16 units."""
    count = len(text)
    while (over := utf16_length(text[:count]) - limit) > 0:
        count -= -(-over // 2)  # each character is two units at most
    return count


def _split_position(text: str, starts: list[int], start: int, end: int) -> int:
    """
    Where to split, at `end` or before.

    At a sentence in the second half, else at white space, else anywhere but before a combining mark.
    """
    middle = (start + end) // 2
    sentences = [each for each in starts if middle < each <= end]
    if sentences:
        return sentences[-1]
    spaces = [space.end() for space in _SPACES.finditer(text, start, end)]
    if spaces:
        return spaces[-1]
    while end - 1 > middle and unicodedata.combining(text[end]):  # keep a letter with its marks
        end -= 1
    return end

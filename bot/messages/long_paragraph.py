"""
A whole paragraph in several messages: for one so long that an answer shows an excerpt of it.

Apart from `page`, in which no quote is ever divided: here one must be, between sentences where there are some, and
every letter stands in exactly one message.
"""

from __future__ import annotations

import re
import unicodedata

from bot.messages.quote_html import escape, truncate, utf16_length
from retrieval.answering.quote import Quote
from retrieval.language.sentence import split_sentences

_MOST = 12  # messages; a paragraph beyond them is read in its document
_PART = 3400  # units of the paragraph in one message, which leaves room for title and citation
_LINE = 300  # units of each of those
_SPACES = re.compile(r"\s+")


def paragraph_messages(quote: Quote) -> list[str]:
    """
    A quote's whole paragraph in HTML: the title above each part, the citation below the last.

    Nothing for one that needs too many messages; what cannot fit is not even divided, which takes the longer the more.
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
    """The text in parts of at most `limit` UTF-16 units, which joined are the text."""
    starts = [sentence.start for sentence in split_sentences(text)]
    parts: list[str] = []
    begun = 0
    while begun < len(text):
        end = begun + _fitting(text[begun : begun + limit], limit)
        if end < len(text):
            end = _border(text, starts, begun, end)
        parts.append(text[begun:end])
        begun = end
    return parts


def _fitting(text: str, limit: int) -> int:
    """How many characters of a text are at most `limit` units."""
    count = len(text)
    while (over := utf16_length(text[:count]) - limit) > 0:
        count -= -(-over // 2)  # each character is two units at most
    return count


def _border(text: str, starts: list[int], begun: int, end: int) -> int:
    """Where to divide at `end` or before: at a sentence in the second half, else at white space, else anywhere."""
    middle = (begun + end) // 2
    sentences = [start for start in starts if middle < start <= end]
    if sentences:
        return sentences[-1]
    spaces = [space.end() for space in _SPACES.finditer(text, begun, end)]
    if spaces:
        return spaces[-1]
    while end - 1 > middle and unicodedata.combining(text[end]):  # a letter stays with its marks
        end -= 1
    return end

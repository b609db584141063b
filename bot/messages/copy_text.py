"""
What the copy button copies: the answering sentence with its citation.

Bot API, "CopyTextButton": 1 to 256 characters.
"""

from __future__ import annotations

from bot.messages.quote_html import utf16_length
from retrieval import Quote
from retrieval.language import split_sentences

LIMIT = 256  # UTF-16 units are never fewer than characters
_LEFT_OUT = " […]"


def copy_text(quote: Quote) -> str:
    """
    The sentence in quotation marks and where it stands.

    A longer one is cut where a sentence ends, and says so; "" if not even the first sentence fits.
    """
    start, end = quote.highlight
    words = quote.text[start:end] if end > start else quote.text
    citation = quote.citation
    for source in (citation.brief, f"{citation.title}, {citation.provision}"):
        for stop in _ends(words):
            left_out = _LEFT_OUT if stop < len(words) else ""
            copied = f"“{words[:stop]}{left_out}” ({source})"
            if utf16_length(copied) <= LIMIT:
                return copied
    return ""


def _ends(words: str) -> list[int]:
    """Where the words may end, at the ends of sentences, the farthest first."""
    ends = {len(words), *(len(words[: sentence.end].rstrip()) for sentence in split_sentences(words))}
    return sorted(ends - {0}, reverse=True)

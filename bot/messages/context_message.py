"""
A paragraph between the one before it and the one after it.
"""

from __future__ import annotations

from dataclasses import replace

from bot.messages.quote_html import escape, render_paragraph, render_title, truncate
from retrieval import Quote

_BESIDE = 700  # UTF-16 units of each neighbour; with the paragraph, title and citation they fit one message
_LINE = 300


def context_message(before: Quote | None, quote: Quote, after: Quote | None, *, limit: int) -> str:
    """The title, then up to three paragraphs, of neighbours the nearest end."""
    parts = [render_title(quote)]
    if before:
        end = len(before.text)
        parts += [_place(before), render_paragraph(replace(before, highlight=(end, end)), _BESIDE)]
    parts += [escape(truncate(quote.citation.line, _LINE)), render_paragraph(quote, limit)]
    if after:
        parts += [_place(after), render_paragraph(after, _BESIDE)]
    return "\n".join(parts)


def _place(quote: Quote) -> str:
    return f"<i>{escape(quote.citation.place)}</i>"

"""
Quotes as Telegram HTML: one verbatim quote with its title and citation.

Format and limits: Bot API, "Formatting options", "sendMessage". Imports no Telegram library.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from retrieval import Hit, Quote
from retrieval.answering import ALSO

LIMIT = 4096  # UTF-16 units of a message, after parsing its markup
_EXCERPT = 2500  # UTF-16 units of a quote: a longer paragraph is cut around its highlight
_NOTE = 600  # of a footnote
_SENTENCE = 700  # of the answering sentence by itself
_UNFOLDED = 100  # characters of a folded quotation that every phone shows: three lines
_LINE = 300  # of a title or a citation
_PLACES = 3  # lines for other places of the same quote
_PLACE = 250  # UTF-16 units of each
_SNAP = 60  # characters by which a cut may move to white space
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s")


def render_hit(hit: Hit) -> list[str]:
    """
    A hit's HTML parts: the quote with citation and other places, then each footnote.
    """
    return [
        "\n".join([render_quote(hit.quote, f"{hit.rank} · "), *_other_places(hit.duplicates)]),
        *(f"<i>{escape(truncate(note.text, _NOTE))}</i>" for note in hit.footnotes),
    ]


def render_answering_sentence(quote: Quote, span: str) -> str:
    """
    The answer span, and the answering sentence outside any fold.

    "" where there is no span and the folded quote shows the sentence: clients fold an expandable quotation to its first
    lines.
    """
    start, end = quote.highlight
    answer = f"<b>→ {escape(span)}</b>" if span else ""
    if end <= _UNFOLDED or end <= start:
        return answer
    last = _end_within(quote.text, start, end)
    rest = "…" if last < end else ""
    sentence = f"<blockquote>{escape(quote.text[start:last])}</blockquote>{rest}"
    return f"{answer}\n{sentence}" if answer else sentence


def render_quote(quote: Quote, number: str = "") -> str:
    """A quote between its title and its citation."""
    title, line = quote.citation.title, quote.citation.line
    return f"<b>{number}{escape(truncate(title, _LINE))}</b>\n{_blockquote(quote)}\n{escape(truncate(line, _LINE))}"


def is_excerpt(quote: Quote) -> bool:
    """Whether a quote's paragraph is too long to be shown whole."""
    return utf16_length(quote.text) > _EXCERPT


def escape(text: str) -> str:
    """Escape the three special characters of Telegram's HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def truncate(text: str, limit: int) -> str:
    """Cut a text to at most `limit` UTF-16 units, ending in "…" if cut."""
    if utf16_length(text) <= limit:
        return text
    kept = text[: limit - 1]
    while utf16_length(kept) > limit - 1:
        kept = kept[:-1]
    return f"{kept}…"


def utf16_length(text: str) -> int:
    """A text's length as Telegram counts it, in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def visible_length(message: str) -> int:
    """A message's UTF-16 units without its markup."""
    return utf16_length(html.unescape(_TAG.sub("", message)))


def _other_places(also: Sequence[Quote]) -> list[str]:
    """Lines for a quote's first other places, and the number of further ones."""
    lines = [escape(truncate(ALSO.format(citation=quote.citation.brief), _PLACE)) for quote in also[:_PLACES]]
    return [*lines, f"… và {len(also) - _PLACES} nơi khác"] if len(also) > _PLACES else lines


def _blockquote(quote: Quote) -> str:
    start, end = quote.highlight
    first, last = _excerpt(quote.text, start, end)
    start, end = max(start, first), max(min(end, last), first)
    words = quote.text
    marked = f"<b>{escape(words[start:end])}</b>" if end > start else ""
    inner = f"{escape(words[first:start])}{marked}{escape(words[max(end, start) : last])}"
    before, after = ("…" if first else ""), ("…" if last < len(words) else "")
    return f"{before}<blockquote expandable>{inner}</blockquote>{after}"


def _end_within(text: str, start: int, end: int) -> int:
    """Where the answering sentence is cut if it is very long, between words if possible."""
    if utf16_length(text[start:end]) <= _SENTENCE:
        return end
    last = start + _SENTENCE // 2  # characters, each of up to two units
    spaces = list(_SPACE.finditer(text, last - _SNAP, last))
    return spaces[-1].start() if spaces else last


def _excerpt(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of a long paragraph around its highlight, between spaces if possible."""
    if utf16_length(text) <= _EXCERPT:
        return 0, len(text)
    room = _EXCERPT // 2  # characters, each of up to two units
    margin = max(0, room - (end - start)) // 2
    first = max(0, min(start - margin, len(text) - room))
    last = min(len(text), first + room)
    space = _SPACE.search(text, first, min(first + _SNAP, start)) if first else None
    first = space.end() if space else first
    spaces = list(_SPACE.finditer(text, max(min(end, last), last - _SNAP), last)) if last < len(text) else []
    return first, spaces[-1].start() if spaces else last

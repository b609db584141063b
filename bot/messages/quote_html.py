"""
Quotes as Telegram HTML: the answering sentence in sight, its paragraph folded, the citation.

Format and limits: Bot API, "Formatting options", "sendMessage". Imports no Telegram library.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from retrieval import Quote
from retrieval.answering import ALSO

LIMIT = 4096  # UTF-16 units of a message, after parsing its markup
EXCERPT = 2500  # UTF-16 units of a quote: a longer paragraph is cut around its highlight
FILLS_SCREEN = 450  # characters of an answering sentence: 13 of a phone's 28 lines
_NOTES = 600  # of the footnotes together
_SENTENCE = 700  # of the answering sentence by itself
_FOLD = 108  # characters of a folded quotation that every phone shows: three lines
_LINE = 300  # of a title or a citation
_PLACE = 120  # of another place of the same quote
_SNAP = 60  # characters by which a cut may move to white space
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s")


def render_quote(quote: Quote, number: str = "", *, limit: int = EXCERPT) -> str:
    """A quote between its title and its citation; phones fold it to three lines."""
    return "\n".join([render_title(quote, number), *_header_row(quote), render_paragraph(quote, limit), _line(quote)])


def render_open_quote(quote: Quote, number: str, *, limit: int = EXCERPT) -> str:
    """A quote with its answering sentence outside the fold, below its title."""
    return "\n".join([render_title(quote, number), *render_sentence(quote), *render_source(quote, limit)])


def render_sentence(quote: Quote) -> list[str]:
    """
    The answering sentence outside any fold; below the header, if it is a table's row.

    All of a paragraph that is hardly longer: a fold would take as much of the screen.
    """
    start, end = quote.highlight
    if _is_short(quote):
        return [*_header_row(quote), f"<blockquote>{_marked(quote, 0, len(quote.text))}</blockquote>"]
    if end <= start:
        return []
    last = _end_within(quote.text, start, end, _SENTENCE)
    rest = "…" if last < end else ""
    return [*_header_row(quote), f"<blockquote>{escape(quote.text[start:last])}</blockquote>{rest}"]


def render_source(quote: Quote, limit: int = EXCERPT) -> list[str]:
    """
    Below the answering sentence: the citation, and the paragraph.

    Not where all of it stands above, nor where the sentence leaves no room: a button shows it between its neighbours.
    """
    start, end = quote.highlight
    is_left_out = _is_short(quote) or (end - start > FILLS_SCREEN and utf16_length(quote.text[start:end]) <= _SENTENCE)
    return [_line(quote)] if is_left_out else [_line(quote), render_paragraph(quote, limit)]


def render_title(quote: Quote, number: str = "") -> str:
    """The title of a quote's document."""
    return f"<b>{number}{escape(truncate(quote.citation.title, _LINE))}</b>"


def render_paragraph(quote: Quote, limit: int = EXCERPT) -> str:
    """A paragraph with its highlight in bold, as phones fold it."""
    first, last = _excerpt(quote.text, *quote.highlight, limit)
    before, after = ("…" if first else ""), ("…" if last < len(quote.text) else "")
    return f"{before}<blockquote expandable>{_marked(quote, first, last)}</blockquote>{after}"


def render_footnotes(notes: Sequence[Quote]) -> list[str]:
    """The footnotes of a quote in one quotation, which phones fold."""
    return [render_excerpt("\n".join(note.text for note in notes), _NOTES)] if notes else []


def render_excerpt(text: str, limit: int, *, fold: bool = True) -> str:
    """The beginning of a text as a quotation; what is cut is marked outside it."""
    last = _end_within(text, 0, len(text), limit)
    attribute = " expandable" if fold else ""
    return f"<blockquote{attribute}>{escape(text[:last])}</blockquote>{'…' if last < len(text) else ''}"


def render_duplicates(places: Sequence[Quote]) -> list[str]:
    """The first other place of a quote, and the number of further ones."""
    lines = [escape(truncate(ALSO.format(citation=quote.citation.brief), _PLACE)) for quote in places[:1]]
    return [*lines, f"… và {len(places) - 1} nơi khác"] if len(places) > 1 else lines


def is_excerpt(quote: Quote, limit: int = EXCERPT) -> bool:
    """Whether a quote's paragraph is too long to be shown whole."""
    return utf16_length(quote.text) > limit


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


def _line(quote: Quote) -> str:
    return escape(truncate(quote.citation.line, _LINE))


def _header_row(quote: Quote) -> list[str]:
    """The names of the columns above a row: "0,5" alone says nothing."""
    return [f"<i>{escape(truncate(quote.columns, _LINE))}</i>"] if quote.columns else []


def _is_short(quote: Quote) -> bool:
    """Whether a paragraph takes no more of a screen than its sentence and a fold."""
    start, end = quote.highlight
    return len(quote.text) - max(0, end - start) <= _FOLD and utf16_length(quote.text) <= _SENTENCE


def _marked(quote: Quote, first: int, last: int) -> str:
    """A stretch of a paragraph, its highlight in bold."""
    start, end = quote.highlight
    start, end = max(start, first), max(min(end, last), first)
    words = quote.text
    marked = f"<b>{escape(words[start:end])}</b>" if end > start else ""
    return f"{escape(words[first:start])}{marked}{escape(words[max(end, start) : last])}"


def _end_within(text: str, start: int, end: int, limit: int) -> int:
    """Where a stretch is cut if it is longer, between words if possible."""
    if utf16_length(text[start:end]) <= limit:
        return end
    last = start + limit // 2  # characters, each of up to two units
    spaces = list(_SPACE.finditer(text, last - _SNAP, last))
    return spaces[-1].start() if spaces else last


def _excerpt(text: str, start: int, end: int, limit: int) -> tuple[int, int]:
    """The span of a long paragraph around its highlight, between spaces if possible."""
    if utf16_length(text) <= limit:
        return 0, len(text)
    room = limit // 2  # characters, each of up to two units
    margin = max(0, room - (end - start)) // 2
    first = max(0, min(start - margin, len(text) - room))
    last = min(len(text), first + room)
    space = _SPACE.search(text, first, min(first + _SNAP, start)) if first else None
    first = space.end() if space else first
    spaces = list(_SPACE.finditer(text, max(min(end, last), last - _SNAP), last)) if last < len(text) else []
    return first, spaces[-1].start() if spaces else last

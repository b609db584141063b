"""
An Answer as Telegram messages: HTML within the limits of one message, the quote verbatim in each.

Pure: no network, no library of Telegram's. Format and limits: Bot API, "Formatting options", "sendMessage".
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from retrieval.answering.answer import MISSING, NOT_FOUND, UNSURE, Answer, Hit
from retrieval.answering.quote import Quote

LIMIT = 4096  # UTF-16 units of a message, counted after its markup is parsed
_EXCERPT = 2500  # units of one quote: a longer paragraph is shown around its highlight
_NOTE = 600
_LINE = 300  # units of a title, a citation, a notice
_PLACES = 3  # where else a quote stands: so many lines
_PLACE = 250  # units of each of them
_SNAP = 60  # characters within which a cut moves to white space
NEAREST = "Tài liệu gần nhất:"
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s")


def render(answer: Answer) -> list[str]:
    """The messages for an answer, in order; split between quotes, never inside one."""
    notices = [escape(cut(notice, _LINE)) for notice in answer.notices]
    missing = [escape(cut(MISSING.format(names=answer.missing), _LINE))] if answer.missing else []
    if answer.state == "none":
        return _packed([*notices, NOT_FOUND, *missing, *_nearest(answer.hits)])
    head = [*missing, UNSURE] if answer.state == "weak" else []
    return _packed([*notices, *head, *(part for hit in answer.hits for part in render_hit(hit))])


def render_hit(hit: Hit) -> list[str]:
    """
    One quote under its title with its citation and where else it stands, then its footnotes: parts that may stand in
    several messages.
    """
    return [
        "\n".join([render_quote(hit.quote, f"{hit.rank} · "), *_elsewhere(hit.duplicates)]),
        *(f"<i>{escape(cut(note.text, _NOTE))}</i>" for note in hit.footnotes),
    ]


def render_quote(quote: Quote, number: str = "") -> str:
    """One quote under its title, with its citation."""
    title, line = quote.citation.title, quote.citation.line
    return f"<b>{number}{escape(cut(title, _LINE))}</b>\n{_blockquote(quote)}\n{escape(cut(line, _LINE))}"


def is_excerpt(quote: Quote) -> bool:
    """Whether a quote is shown in part, its paragraph being too long."""
    return utf16_length(quote.text) > _EXCERPT


def escape(text: str) -> str:
    """The text with the three characters that Telegram's HTML gives a meaning."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """At most `limit` units of a text."""
    if utf16_length(text) <= limit:
        return text
    kept = text[: limit - 1]
    while utf16_length(kept) > limit - 1:
        kept = kept[:-1]
    return f"{kept}…"


def utf16_length(text: str) -> int:
    """Telegram counts UTF-16 units: characters beyond U+FFFF count twice."""
    return len(text) + sum(char > "\uffff" for char in text)


def visible_length(message: str) -> int:
    """The UTF-16 units of a message that are left when its markup is parsed."""
    return utf16_length(html.unescape(_TAG.sub("", message)))


def _elsewhere(also: Sequence[Quote]) -> list[str]:
    """A line for each of the first other places of a quote, and how many more there are."""
    lines = [escape(cut(f"Cũng đăng ở: {quote.citation.brief}", _PLACE)) for quote in also[:_PLACES]]
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


def _excerpt(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of a long paragraph to show: the highlight in the middle, cut at white space where there is some."""
    if utf16_length(text) <= _EXCERPT:
        return 0, len(text)
    room = _EXCERPT // 2  # characters, each of which may be two units
    margin = max(0, room - (end - start)) // 2
    first = max(0, min(start - margin, len(text) - room))
    last = min(len(text), first + room)
    space = _SPACE.search(text, first, min(first + _SNAP, start)) if first else None
    first = space.end() if space else first
    spaces = list(_SPACE.finditer(text, max(min(end, last), last - _SNAP), last)) if last < len(text) else []
    return first, spaces[-1].start() if spaces else last


def _nearest(hits: Sequence[Hit]) -> list[str]:
    titles = list(dict.fromkeys(hit.quote.citation.title for hit in hits))[:2]
    return ["\n".join([NEAREST, *(f"• {escape(cut(title, _LINE))}" for title in titles)])] if titles else []


def _packed(parts: Sequence[str]) -> list[str]:
    """Parts joined into as few messages as the limit allows."""
    messages: list[str] = []
    for part in parts:
        joined = f"{messages[-1]}\n\n{part}" if messages else part
        if messages and visible_length(joined) <= LIMIT:
            messages[-1] = joined
        else:
            messages.append(part)
    return messages

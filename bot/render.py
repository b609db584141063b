"""
An Answer as Telegram messages: HTML within the limits of one message, the quote verbatim in each.

Pure: no network, no library of Telegram's. Format and limits: Bot API, "Formatting options", "sendMessage".
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answer import Answer, Hit
from retrieval.quote import Quote

LIMIT = 4096  # UTF-16 units of a message after its entities are parsed
_EXCERPT = 2500  # UTF-16 units of one quote: a longer paragraph is shown around its highlight
UNSURE = "Có thể liên quan, nhưng tôi không chắc:"
NOT_FOUND = "Tài liệu hiện có không trả lời câu hỏi này."
NEAREST = "Tài liệu gần nhất:"


def render(answer: Answer) -> list[str]:
    """The messages for an answer, in order; split between quotes, never inside one."""
    notices = [escape(notice) for notice in answer.notices]
    if answer.state == "none":
        return ["\n\n".join([*notices, NOT_FOUND, *_nearest(answer.hits)])]
    head = [UNSURE] if answer.state == "weak" else []
    return _packed([*notices, *head, *(render_hit(hit) for hit in answer.hits)])


def render_hit(hit: Hit) -> str:
    """One quote under its title, with its footnotes and its citation."""
    parts = [
        f"<b>{hit.rank} · {escape(_cut(hit.quote.citation.title, 200))}</b>",
        _blockquote(hit.quote),
        *(f"<i>{escape(_cut(note.text, 300))}</i>" for note in hit.footnotes),
        escape(hit.quote.citation.line),
    ]
    return "\n".join(parts)


def escape(text: str) -> str:
    """The text with the three characters that Telegram's HTML gives a meaning."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def utf16_length(text: str) -> int:
    """Telegram counts UTF-16 units: characters beyond U+FFFF count twice."""
    return len(text) + sum(char > "\uffff" for char in text)


def _blockquote(quote: Quote) -> str:
    start, end = quote.highlight
    first, last = _excerpt(quote.text, start, end)
    start, end = max(start, first), min(end, last)
    words = quote.text
    marked = f"<b>{escape(words[start:end])}</b>" if end > start else ""
    inner = f"{escape(words[first:start])}{marked}{escape(words[max(end, first) : last])}"
    before, after = ("…" if first else ""), ("…" if last < len(words) else "")
    return f"{before}<blockquote expandable>{inner}</blockquote>{after}"


def _excerpt(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of a long paragraph to show: the highlight in the middle, cut at spaces."""
    if utf16_length(text) <= _EXCERPT:
        return 0, len(text)
    room = _EXCERPT // 2  # characters, so that even astral ones fit
    first = max(0, min(start - (room - (end - start)) // 2, start))
    last = min(len(text), first + room)
    first = text.rfind(" ", 0, first) + 1 if first else 0
    cut = text.rfind(" ", first, last) if last < len(text) else last
    return first, cut if cut > first else last


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _nearest(hits: Sequence[Hit]) -> list[str]:
    titles = list(dict.fromkeys(hit.quote.citation.title for hit in hits))[:2]
    return ["\n".join([NEAREST, *(f"• {escape(_cut(title, 200))}" for title in titles)])] if titles else []


def _packed(parts: Sequence[str]) -> list[str]:
    """Parts joined into as few messages as the limit allows; markup is counted too, to be safe."""
    messages: list[str] = []
    for part in parts:
        joined = f"{messages[-1]}\n\n{part}" if messages else part
        if messages and utf16_length(joined) <= LIMIT:
            messages[-1] = joined
        else:
            messages.append(part)
    return messages

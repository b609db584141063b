"""
The Page: one message of quotes, as many of them as fit, never cut inside one.

Apart from `render`, which knows a quote's markup: here is decided what stands together in a message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages.quote_html import LIMIT, cut, escape, render_hit, render_quote, visible_length
from bot.messages.texts import Words
from retrieval.answering.answer import Answer, Hit
from retrieval.answering.quote import Quote

QUOTES = 3  # in one message
ENTITIES = 100  # of one message: Bot API, "MessageEntity"; the server drops what is beyond
_TAG = re.compile(r"<[a-z]")
_LINE = 300


@dataclass(frozen=True, slots=True)
class Page:
    """A message in HTML, and which quotes stand in it: positions in what it was made from."""

    html: str
    shown: tuple[int, ...]


def answer_page(answer: Answer, words: Words, *, admin: bool = False) -> Page:
    """The first message for an answer; an administrator is told what to do about its notices."""
    head = [escape(cut(notice, _LINE)) for notice in answer.notices[:QUOTES]]
    if head and admin:
        head.append(escape(words.upkeep.remedy))
    if answer.query.is_follow_up:
        head.append(f"<i>{escape(words.followed)}</i>")
    if answer.query.searched_text:
        head.append(f"<i>{escape(cut(words.searched.format(question=answer.query.searched_text), _LINE))}</i>")
    missing = [escape(cut(words.missing.format(names=answer.missing), _LINE))] if answer.missing else []
    if answer.state == "none":
        return Page("\n\n".join([*head, escape(words.none), *missing, *_nearest(answer.hits, words)]), ())
    head += missing
    if answer.state == "weak":
        head.append(escape(words.weak))
    return _filled("\n".join(head), [_forms(hit, words) for hit in answer.hits[:QUOTES]], 0)


def further_page(quotes: Sequence[Quote], start: int) -> Page:
    """A later message of quotes that stand at `start` and after it; None of them carries footnotes."""
    forms = [[render_quote(quote, f"{start + i} · ")] for i, quote in enumerate(quotes[:QUOTES], 1)]
    return _filled("", forms, start)


def fits(html: str) -> bool:
    """Whether Telegram takes it as one message with all of its markup."""
    return visible_length(html) <= LIMIT and len(_TAG.findall(html)) <= ENTITIES


def _filled(head: str, forms: Sequence[Sequence[str]], start: int) -> Page:
    """Each quote in the first of its forms that fits; at least one quote, at most as many as there are."""
    html, shown = head, 0
    for each in forms:
        joined = [f"{html}\n\n{form}" if html else form for form in each]
        fitting = [text for text in joined if fits(text)]
        if not fitting:
            break
        html, shown = fitting[0], shown + 1
    if forms and not shown:  # a head that leaves no room: the quote matters more
        html, shown = forms[0][-1], 1
    return Page(html, tuple(range(start, start + shown)))


def _forms(hit: Hit, words: Words) -> list[str]:
    """A hit with all its footnotes; without them; and alone."""
    quoted, *notes = render_hit(hit)
    bare = render_quote(hit.quote, f"{hit.rank} · ")
    if not notes:
        return [quoted, bare]
    short = f"<i>{escape(words.shortened)}</i>"
    return ["\n".join([quoted, *notes]), f"{quoted}\n{short}", f"{bare}\n{short}", bare]


def _nearest(hits: Sequence[Hit], words: Words) -> list[str]:
    titles = list(dict.fromkeys(hit.quote.citation.title for hit in hits))[:2]
    listed = [f"• {escape(cut(title, _LINE))}" for title in titles]
    return ["\n".join([escape(words.nearest), *listed])] if titles else []

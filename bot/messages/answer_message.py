"""
Compose an answer's messages: as many whole quotes as fit in each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages.quote_html import (
    LIMIT,
    escape,
    render_answering_sentence,
    render_hit,
    render_quote,
    truncate,
    visible_length,
)
from bot.messages.texts import Texts
from retrieval import Answer, Hit, Quote
from retrieval.answering import absent_text

QUOTES = 3  # in one message
ENTITIES = 100  # of one message: Bot API, "MessageEntity"; the server drops further ones
_TAG = re.compile(r"<[a-z]")
_LINE = 300


@dataclass(frozen=True, slots=True)
class AnswerMessage:
    """A message in HTML, and the positions of its quotes among all hits."""

    html: str
    shown: tuple[int, ...]


def answer_message(answer: Answer, texts: Texts, *, admin: bool = False) -> AnswerMessage:
    """The first message for an answer; for administrators its notices come with a remedy."""
    head = [escape(truncate(notice, _LINE)) for notice in answer.notices[:QUOTES]]
    if head and admin:
        head.append(escape(texts.administration.remedy))
    if answer.query.is_follow_up:
        head.append(f"<i>{escape(texts.follow_up)}</i>")
    if answer.query.searched_text:
        head.append(f"<i>{escape(truncate(texts.searching.format(question=answer.query.searched_text), _LINE))}</i>")
    missing = [escape(truncate(texts.missing.format(names=answer.missing), _LINE))] if answer.missing else []
    if answer.unknown:
        missing.append(escape(truncate(texts.unknown.format(words=answer.unknown), _LINE)))
    if answer.absence:
        missing.append(escape(truncate(absent_text(answer.absence, dict(texts.absent)), _LINE)))
    if answer.state == "none":
        return AnswerMessage("\n\n".join([*head, escape(texts.none), *missing, *_nearest(answer.hits, texts)]), ())
    head += missing
    if answer.state == "weak":
        head.append(escape(texts.weak))
    if answer.old:
        head.append(escape(texts.old.format(day=f"{answer.old:%d/%m/%Y}")))
    head += [escape(truncate(texts.unanswered.format(part=part), _LINE)) for part in answer.unanswered]
    return _fill("\n".join(head), [_forms(hit, answer, texts) for hit in answer.hits[:QUOTES]], 0)


def further_message(quotes: Sequence[Quote], start: int) -> AnswerMessage:
    """A later message, of quotes from position `start` on, without footnotes."""
    forms = [[render_quote(quote, f"{start + i} · ")] for i, quote in enumerate(quotes[:QUOTES], 1)]
    return _fill("", forms, start)


def fits(html: str) -> bool:
    """Whether Telegram accepts this as one message with all of its markup."""
    return visible_length(html) <= LIMIT and len(_TAG.findall(html)) <= ENTITIES


def _fill(head: str, forms: Sequence[Sequence[str]], start: int) -> AnswerMessage:
    """Add quotes, each in its first form that fits; at least one."""
    html, shown = head, 0
    for each in forms:
        joined = [f"{html}\n\n{form}" if html else form for form in each]
        fitting = [text for text in joined if fits(text)]
        if not fitting:
            break
        html, shown = fitting[0], shown + 1
    if forms and not shown:  # the head leaves no room: the quote matters more
        html, shown = forms[0][-1], 1
    return AnswerMessage(html, tuple(range(start, start + shown)))


def _forms(hit: Hit, answer: Answer, texts: Texts) -> list[str]:
    """
    The forms of a hit, longest first: with footnotes, without, and the quote alone.

    The first hit begins with what answers. Each names the parts of the question that it answers.
    """
    asked = [f"<b>{escape(truncate(texts.part.format(part=part), _LINE))}</b>" for part in answer.parts_of(hit)]
    first = render_answering_sentence(hit.quote, answer.span) if hit.rank == 1 else ""
    quoted, *notes = render_hit(hit)
    bare = render_quote(hit.quote, f"{hit.rank} · ")
    head = [*asked, first] if first else asked
    lines = [[*head, quoted], [*head, bare], [*asked, bare]]
    if notes:
        short = f"<i>{escape(texts.footnotes_omitted)}</i>"
        lines[:2] = [[*head, quoted, *notes], [*head, quoted, short], [*head, bare, short], [*head, bare]]
    return ["\n".join(each) for each in lines]


def _nearest(hits: Sequence[Hit], texts: Texts) -> list[str]:
    titles = list(dict.fromkeys(hit.quote.citation.title for hit in hits))[:2]
    listed = [f"• {escape(truncate(title, _LINE))}" for title in titles]
    return ["\n".join([escape(texts.nearest), *listed])] if titles else []

"""
Compose an answer's message: what answers first, further places a line each.

The message has two parts. What answers stays as it is; what follows the underlined heading is written anew when a
button opens another place, so the heading is the only underlined text of a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.messages.quote_html import (
    EXCERPT,
    FILLS_SCREEN,
    LIMIT,
    escape,
    render_duplicates,
    render_excerpt,
    render_footnotes,
    render_open_quote,
    render_sentence,
    render_source,
    render_title,
    truncate,
    visible_length,
)
from bot.messages.texts import Texts
from retrieval import Answer, Hit, Quote, State
from retrieval.answering import absent_text

QUOTES = 3  # places that the first message names
ENTITIES = 100  # of one message: Bot API, "MessageEntity"; the server drops further ones
# Summands of a score are log odds. Of the development questions' paragraphs that answer, the lowest stood 5.6 below
# the first quote; see tests/bot/screens/measure.py.
FAR_BELOW = 8.0
_TAG = re.compile(r"<[a-z]")
_LINE = 300
_SENTENCE = 700  # UTF-16 units of that of a further place
_PHONE_LINE = 38  # characters that a phone shows in one line
_SHORTEST_TITLE = 12  # characters of one in a line
_SMALLEST_QUOTE = 600  # UTF-16 units of a place that is opened
_UNFOLDED_ITEMS = 900  # UTF-16 units of a list that is shown without a fold
_ITEMS = 1500


@dataclass(frozen=True, slots=True)
class AnswerMessage:
    """
    A message in HTML, and the positions of the quotes that it shows in full.

    `nearest`: of the first quotes of the documents that it names instead.
    """

    html: str
    shown: tuple[int, ...]
    nearest: tuple[int, ...] = ()


def answer_message(answer: Answer, texts: Texts, *, admin: bool = False) -> AnswerMessage:
    """The message for an answer; for administrators its notices come with a remedy."""
    head = [escape(truncate(notice, _LINE)) for notice in answer.notices[:QUOTES]]
    if head and admin:
        head.append(escape(texts.administration.remedy))
    if answer.query.is_follow_up:
        head.append(f"<i>{escape(texts.follow_up)}</i>")
    if answer.query.searched_text:
        head.append(f"<i>{escape(truncate(texts.searching.format(question=answer.query.searched_text), _LINE))}</i>")
    missing = [*_missing(answer, texts)]
    if answer.state == "none":
        nearest = _nearest(answer.hits)
        listed = [_nearest_titles([answer.hits[place] for place in nearest], texts)] if nearest else []
        return AnswerMessage("\n\n".join([*head, escape(texts.none), *missing, *listed]), (), nearest)
    head += missing
    if answer.state == "weak":
        head.append(escape(texts.weak))
    if answer.old:
        head.append(escape(texts.old.format(day=f"{answer.old:%d/%m/%Y}")))
    if answer.is_undated:
        head.append(escape(texts.undated_now))
    head += [escape(truncate(texts.unanswered.format(part=part), _LINE)) for part in answer.unanswered]
    answering = _answering("\n".join(head), answer, texts)
    scores = [hit.score for hit in answer.hits]
    start, end = answer.hits[0].quote.highlight
    places = named_places(scores, len(answering.shown), answer.state, sentence=end - start)
    named = {place: answer.hits[place].quote for place in places}
    whole = "\n\n".join([answering.html, *further_places(named, texts, answer.state)])
    return AnswerMessage(whole if fits(whole) else answering.html, answering.shown)


def named_places(scores: Sequence[float | None], shown: int, state: State, *, sentence: int) -> range:
    """
    The places that a message names below those that it shows.

    Below a sure answer none that is far below the first, and none at all where its `sentence` fills the screen.
    """
    last = min(QUOTES, len(scores))
    if state == "found" and sentence > FILLS_SCREEN:
        return range(shown, shown)
    while state == "found" and last > shown and _is_far_below(scores[last - 1], scores[0]):
        last -= 1
    return range(shown, last)


def further_places(quotes: Mapping[int, Quote], texts: Texts, state: State) -> list[str]:
    """The heading and a line for each place; of an unsure answer also its sentence."""
    if not quotes:
        return []
    lines = [f"<u>{escape(texts.further_places)}</u>"]
    for place, quote in quotes.items():
        lines.append(_place_line(place, quote))
        start, end = quote.highlight
        if state == "weak" and end > start:
            lines.append(render_excerpt(quote.text[start:end], _SENTENCE))
    return ["\n".join(lines)]


def opened_place(above: str, quotes: Mapping[int, Quote], opened: int, texts: Texts) -> str:
    """
    A message below whose answering part one of the further places is open.

    "" if there is no room for it.
    """
    closed = {place: _place_line(place, quote) for place, quote in quotes.items() if place != opened}
    parts = [above] if above else []
    room = LIMIT - visible_length("\n\n".join([*parts, escape(texts.further_places), *closed.values()]))
    for limit in (EXCERPT, EXCERPT // 2, _SMALLEST_QUOTE):
        block = render_open_quote(quotes[opened], f"{opened + 1} · ", limit=limit)
        if visible_length(block) < room:
            listed = "\n".join(block if place == opened else closed[place] for place in quotes)
            html = "\n\n".join([*parts, f"<u>{escape(texts.further_places)}</u>\n{listed}"])
            return html if fits(html) else ""
    return ""


def fits(html: str) -> bool:
    """Whether Telegram accepts this as one message with all of its markup."""
    return visible_length(html) <= LIMIT and len(_TAG.findall(html)) <= ENTITIES


def _answering(head: str, answer: Answer, texts: Texts) -> AnswerMessage:
    """
    The first quote, and that of each part of the question; at least one.

    Each is in its first form that fits.
    """
    answered = [part.rank for part in answer.parts if part.rank is not None]
    html, shown, first_form = head, 0, ""
    between = "\n" if answer.state == "found" else "\n\n"
    for hit in answer.hits[: min(QUOTES, max([1, *answered]))]:
        forms = _forms(hit, answer, texts)
        first_form = first_form or forms[-1]
        joined = [f"{html}{between}{form}" if html else form for form in forms]
        fitting = [text for text in joined if fits(text)]
        if not fitting:
            break
        html, shown, between = fitting[0], shown + 1, "\n\n"
    # A head that leaves no room goes: the quote matters more.
    return AnswerMessage(html, tuple(range(shown))) if shown else AnswerMessage(first_form, (0,))


def _forms(hit: Hit, answer: Answer, texts: Texts) -> list[str]:
    """
    The forms of a hit, longest first.

    With footnotes, without, with less of the paragraph, and the quote alone. What answers comes first. Each names the
    parts of the question that it answers.
    """
    asked = [f"<b>{escape(truncate(texts.part.format(part=part), _LINE))}</b>" for part in answer.parts_of(hit)]
    if hit.rank == 1:
        asked += [f"<b>→ {escape(answer.span)}</b>"] if answer.span else []
        asked += _items(answer, texts)
    places_of_items = {(item.passage_id, item.highlight) for item in answer.items}
    is_listed = hit.rank == 1 and (hit.quote.passage_id, hit.quote.highlight) in places_of_items
    sentence = [] if is_listed else render_sentence(hit.quote)
    title = render_title(hit.quote, f"{hit.rank} · ")
    source = render_source(hit.quote)
    places, notes = render_duplicates(hit.duplicates), render_footnotes(hit.footnotes)
    short = [f"<i>{escape(texts.footnotes_omitted)}</i>"] if notes else []
    less = render_source(hit.quote, EXCERPT // 2)
    forms = [
        [*asked, *sentence, title, *source, *places, *notes],
        [*asked, *sentence, title, *source, *places, *short],
        [*asked, *sentence, title, *less, *places, *short],
        [*render_sentence(hit.quote), title, *less],
    ]
    return ["\n".join(form) for form in forms]


def _items(answer: Answer, texts: Texts) -> list[str]:
    """The first sentences of the list that is asked for, in one quotation."""
    if not answer.items:
        return []
    sentences = "\n".join(item.text[slice(*item.highlight)] for item in answer.items)
    listed = render_excerpt(sentences, _ITEMS, fold=len(sentences) > _UNFOLDED_ITEMS)
    return [f"<b>{escape(texts.items.format(count=len(answer.items)))}</b>", listed]


def _place_line(place: int, quote: Quote) -> str:
    """
    A further place in one line of a phone.

    Example: "2 · Hội nhập quốc tế – đoạn 7/19"
    """
    number, provision = f"{place + 1} · ", f" – {quote.citation.provision}"
    room = max(_SHORTEST_TITLE, _PHONE_LINE - len(number) - len(provision))
    return escape(f"{number}{truncate(quote.citation.title, room)}{truncate(provision, _LINE)}")


def _is_far_below(score: float | None, first: float | None) -> bool:
    return score is not None and first is not None and first - score > FAR_BELOW


def _missing(answer: Answer, texts: Texts) -> Iterator[str]:
    """What of the question no document has."""
    if answer.missing:
        yield escape(truncate(texts.missing.format(names=answer.missing), _LINE))
    if answer.unknown:
        yield escape(truncate(texts.unknown.format(words=answer.unknown), _LINE))
    if answer.absence:
        yield escape(truncate(absent_text(answer.absence, dict(texts.absent)), _LINE))


def _nearest(hits: Sequence[Hit]) -> tuple[int, ...]:
    """The positions of the first hits of the two nearest titles."""
    firsts: dict[str, int] = {}
    for place, hit in enumerate(hits):
        firsts.setdefault(hit.quote.citation.title, place)
    return tuple(firsts.values())[:2]


def _nearest_titles(hits: Sequence[Hit], texts: Texts) -> str:
    lines = [f"{n}. {escape(truncate(hit.quote.citation.title, _LINE))}" for n, hit in enumerate(hits, 1)]
    return "\n".join([escape(texts.nearest), *lines])

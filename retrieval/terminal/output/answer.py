"""
Print an Answer on a terminal or into a pipe.

The answering sentence is styled on a terminal and set in "**" in a pipe. The words are never changed, and in a pipe
never wrapped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from retrieval.answering.answer import (
    ALSO,
    FOLLOW_UP,
    ITEMS,
    MISSING,
    NOT_FOUND,
    OLD,
    PART,
    REMEDY,
    SEARCHING,
    UNANSWERED,
    UNDATED_NOW,
    UNKNOWN,
    UNSURE,
    Answer,
    Hit,
    absent_text,
)
from retrieval.answering.quote import UNDATED, Quote
from retrieval.index.records.document_record import DocumentRecord
from retrieval.passage import Passage
from retrieval.terminal.output.excerpt import excerpt

_WIDTH = 100  # columns
_LEFT_OUT = "[… lược {count} ký tự ở phía {where} …]"


def show_answer(console: Console, answer: Answer, *, whole: bool = False) -> None:
    """
    Print the state, the quotes and their citations.

    Before them: whether the previous question was used, what was searched for if not the typed text, and notices.
    Long paragraphs are excerpts unless `whole`.
    """
    _show_understanding(console, answer)
    if answer.state == "none":
        console.print(Text(NOT_FOUND, style="bold"), soft_wrap=True)
        _show_missing(console, answer)
        titles = list(dict.fromkeys(hit.quote.citation.title for hit in answer.hits))[:2]
        if titles:
            console.print(Text(f"Gần nhất: {'; '.join(titles)}", style="dim"), soft_wrap=True)
        return
    if answer.state == "weak":
        _show_missing(console, answer)
        console.print(Text(UNSURE, style="bold"), soft_wrap=True)
    if answer.span:
        console.print(Text(f"→ {answer.span}", style="bold green"), soft_wrap=True)
    _show_limits(console, answer)
    _show_items(console, answer)
    for hit in answer.hits:
        console.print()
        for part in answer.parts_of(hit):
            console.print(Text(PART.format(part=part), style="bold"), soft_wrap=True)
        show_hit(console, hit, whole=whole)


def _show_understanding(console: Console, answer: Answer) -> None:
    if answer.query.is_follow_up:
        console.print(Text(FOLLOW_UP, style="dim"), soft_wrap=True)
    if answer.query.searched_text:
        console.print(Text(SEARCHING.format(question=answer.query.searched_text), style="dim"), soft_wrap=True)
    for notice in answer.notices:
        console.print(Text(f"⚠ {notice} {REMEDY}", style="yellow"), soft_wrap=True)


def _show_limits(console: Console, answer: Answer) -> None:
    """What a reader must know of an answer that is shown."""
    if answer.old:
        console.print(Text(OLD.format(day=f"{answer.old:%d/%m/%Y}")), soft_wrap=True)
    if answer.is_undated:
        console.print(Text(UNDATED_NOW), soft_wrap=True)
    for part in answer.unanswered:
        console.print(Text(UNANSWERED.format(part=part)), soft_wrap=True)


def _show_items(console: Console, answer: Answer) -> None:
    """The items of the list that is asked for, one under the other."""
    if not answer.items:
        return
    console.print()
    console.print(Text(ITEMS.format(count=len(answer.items)), style="bold"), soft_wrap=True)
    for quote in answer.items:
        _print_indented(console, Text(quote.text[slice(*quote.highlight)]), 2)
    first, last = answer.items[0].citation, answer.items[-1].citation
    _print_indented(console, Text(f"— {first.title} · {first.line} đến đoạn {last.paragraph}", style="dim"), 2)


def _show_missing(console: Console, answer: Answer) -> None:
    if answer.missing:
        console.print(Text(MISSING.format(names=answer.missing)), soft_wrap=True)
    if answer.unknown:
        console.print(Text(UNKNOWN.format(words=answer.unknown)), soft_wrap=True)
    if answer.absence:
        console.print(Text(absent_text(answer.absence)), soft_wrap=True)


def show_hit(console: Console, hit: Hit, *, whole: bool = False) -> None:
    """Print a quote with its title, citation, duplicates and footnotes."""
    console.print(Text(f"{hit.rank} · {hit.quote.citation.title}", style="bold cyan"), soft_wrap=True)
    show_quote(console, hit.quote, whole=whole)
    for other in hit.duplicates:
        _print_indented(console, Text(ALSO.format(citation=other.citation.brief), style="dim"), 2)
    for note in hit.footnotes:
        _print_indented(console, Text(note.text, style="dim"), 4)


def show_quote(console: Console, quote: Quote, *, whole: bool = True) -> None:
    """Print a quote and its citation, without a title."""
    words = Text()
    start, end = (0, len(quote.text)) if whole else excerpt(quote.text, quote.highlight)
    for part, marked in _parts(quote, start, end):
        if marked and not console.is_terminal:
            words.append(f"**{part}**")
        else:
            words.append(part, style="bold green" if marked else "")
    if start:
        _print_indented(console, Text(_LEFT_OUT.format(count=start, where="trước"), style="dim"), 2)
    _print_indented(console, words, 2)
    if end < len(quote.text):
        left = _LEFT_OUT.format(count=len(quote.text) - end, where="sau")
        _print_indented(console, Text(left, style="dim"), 2)
    named = "" if quote.citation.is_title_shared else f" · {quote.citation.source}"
    _print_indented(console, Text(f"— {quote.citation.line}{named}", style="dim"), 2)


def _parts(quote: Quote, first: int, last: int) -> Iterator[tuple[str, bool]]:
    """The text from `first` to `last` in parts, each with whether it is highlighted."""
    start, end = (min(max(place, first), last) for place in quote.highlight)
    for part, marked in (
        (quote.text[first:start], False),
        (quote.text[start:end], True),
        (quote.text[end:last], False),
    ):
        if part:
            yield part, marked


def _print_indented(console: Console, words: Text, indent: int) -> None:
    """Wrap at a readable width on a terminal, never elsewhere."""
    if console.is_terminal:
        console.print(Padding(words, (0, 0, 0, indent)), width=min(console.width, _WIDTH))
    else:
        # Not through Rich, which expands tabs: a pipe gets the quote byte for byte.
        console.file.write(f"{' ' * indent}{words.plain}\n")


def show_outline(console: Console, document: DocumentRecord, passages: Sequence[Passage]) -> None:
    """Print a document's metadata and the start of each of its passages."""
    published = f"{document.published:%d/%m/%Y}" if document.published else UNDATED
    about = (document.title, document.publisher, document.author, published, document.source)
    console.print(Text(" · ".join(part for part in about if part), style="bold cyan"), soft_wrap=True)
    for passage in passages:
        words = " ".join(passage.text.split())
        number = passage.passage_id.rpartition("#")[2]
        shown = words if len(words) <= 90 else f"{words[:89]}…"
        console.print(Text(f"{number:>6}  {shown}"), soft_wrap=True)

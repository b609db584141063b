"""
Read plain text and saved web pages: metadata and blocks as an Outline.

The page around the article is removed from outside to inside: other articles, buttons and counters, the header, the
byline, footnotes, a teaser. What is left is the whole article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.reading.article.boilerplate import is_boilerplate, is_office_line
from retrieval.reading.article.byline import byline_of
from retrieval.reading.article.captions import is_credited_caption, is_plain_caption
from retrieval.reading.article.dateline import Dateline, dateline_of
from retrieval.reading.article.header import Header, header_of
from retrieval.reading.article.related_links import strip_related_links
from retrieval.reading.article.teaser import ends_in_teaser
from retrieval.reading.document import Block, BlockKind, Outline
from retrieval.reading.text.contents import contents_places
from retrieval.reading.text.footnotes import Footnote, footnotes_at_end, references_in
from retrieval.reading.text.headings import heading_level, is_bare_part, is_capital
from retrieval.reading.text.lines import Line, unwrapped_lines_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date


def outline_of_page(text: str) -> Outline:
    """The metadata and blocks of a plain text or a saved page."""
    lines = _without_contents(unwrapped_lines_of(text))
    header = header_of(text, [line for line in strip_related_links(lines) if not is_boilerplate(line.text)])
    stamps = {line: found for line in header.rest if (found := dateline_of(line.text)) and found.labelled}
    # A hotline number inside a sentence is text; on its own it is the foot of the page.
    offices = {line for line in header.rest if is_office_line(line.text) and not line.ends_sentence}
    body = [line for line in header.rest if line not in stamps and line not in offices]
    body, author, notes = _back(text, body)
    if not author and not notes and header.title_lines and lines[-1] in body:
        body = _without_teaser(header.title, body)
    return Outline(
        title=header.title or (lines[0].text if lines else ""),
        publisher=header.publisher,
        author=header.author or author,
        published=header.published or _day_of(stamps.values()),
        blocks=_blocks(header, body, notes),
    )


def _without_contents(lines: list[Line]) -> list[Line]:
    places = contents_places([line.text for line in lines])
    return [line for place, line in enumerate(lines) if place not in places]


def _back(text: str, lines: list[Line]) -> tuple[list[Line], str, list[Footnote]]:
    """Split byline and footnotes, in either order, from the end: lines, author, footnotes."""
    lines, author = _without_byline(lines)
    notes = footnotes_at_end(text, lines)
    lines = lines[: len(lines) - len(notes)]
    if notes and not author:
        lines, author = _without_byline(lines)
    return lines, author, notes


def _without_byline(lines: list[Line]) -> tuple[list[Line], str]:
    for count in (1, 2):
        last = lines[-count:]
        if len(lines) > count and all(byline_of(line.text) for line in last) and _may_close(lines[-count - 1]):
            return lines[:-count], ", ".join(byline_of(line.text) for line in last)
    return lines, ""


def _may_close(line: Line) -> bool:
    """Whether a byline may follow: after a paragraph yes, after a signatory's office no."""
    return line.ends_sentence or line.is_prose or is_credited_caption(line.text)


def _without_teaser(title: str, lines: list[Line]) -> list[Line]:
    paragraphs = [line.text for line in lines if line.is_prose]
    is_last = bool(lines) and lines[-1].is_prose
    return lines[:-1] if is_last and ends_in_teaser(title, paragraphs) else lines


def _day_of(stamps: Collection[Dateline]) -> date | None:
    days = {stamp.published for stamp in stamps}
    return days.pop() if len(days) == 1 else None


def _blocks(header: Header, body: Sequence[Line], notes: Sequence[Footnote]) -> tuple[Block, ...]:
    markers = {note.marker for note in notes}
    blocks = [Block("heading", line.start, line.end, level=1) for line in header.title_lines]
    blocks += _body_blocks(body, markers)
    blocks += [Block("footnote", note.line.start, note.line.end, marker=note.marker) for note in notes]
    return tuple(sorted(blocks, key=lambda block: block.start))


def _body_blocks(lines: Sequence[Line], markers: set[str]) -> list[Block]:
    blocks: list[Block] = []
    around = zip([None, *lines], lines, [*lines[1:], None], strict=False)
    for before, line, after in around:
        if before is not None and is_bare_part(before.text) and is_capital(line.text) and blocks[-1].level:
            # "Chương I" and its name on the next line are one heading.
            blocks[-1] = Block("heading", blocks[-1].start, line.end, level=blocks[-1].level)
            continue
        blocks.append(_block_of(line, before, after, markers))
    return blocks


def _block_of(line: Line, before: Line | None, after: Line | None, markers: set[str]) -> Block:
    notes = tuple(marker for marker in references_in(line.text) if marker in markers)
    if is_credited_caption(line.text) or is_plain_caption(line, before, after):
        return Block("caption", line.start, line.end, notes=notes)
    level = heading_level(line, before, after)
    kind: BlockKind = "heading" if level else "paragraph"
    return Block(kind, line.start, line.end, level=level, notes=notes)

"""
Passages: the paragraphs, footnotes and captions that are searched, ranked and quoted.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from retrieval.reading.annexed_regulation import regulation_kind
from retrieval.reading.document import LONGEST_NAME, Block, Document
from retrieval.reading.text.lines import shortened

PassageKind = Literal["paragraph", "footnote", "caption"]
_WORD: Final = re.compile(r"\S+")
_SHORTEST: Final = 40  # characters of a passage's identifying text: a person should recognise it
_PRIMES: Final = 3  # the first repeats of a footnote marker get a "'" each, later ones a number


@dataclass(frozen=True, slots=True)
class Passage:
    """
    ``document.text[start:end] == text``, always.

    `paragraph` counts from 1 through the document's paragraphs. A footnote carries the number of the paragraph
    that refers to it, a caption that of the paragraph before it.
    """

    passage_id: str
    doc_id: str
    kind: PassageKind
    paragraph: int
    paragraphs: int
    start: int
    end: int
    text: str
    section: str = ""  # the headings above it, outermost first, joined by " › "
    marker: str = ""  # footnotes: the label
    notes: tuple[str, ...] = ()  # paragraphs: the ids of the footnotes it refers to
    page: int | None = None  # where it begins, in formats with pages
    last_page: int | None = None  # where it ends


def split_document(document: Document) -> tuple[Passage, ...]:
    """
    The passages of a document, in reading order.

    Headings become the section of what follows them.
    """
    counts = sum(block.kind == "paragraph" for block in document.blocks)
    carriers = _footnote_carriers(document)
    passages: list[Passage] = []
    taken: dict[str, int] = {}
    paragraph = captions = 0
    for block, section in sections_of(document):
        if block.kind == "heading":
            continue
        paragraph += block.kind == "paragraph"
        captions = 0 if block.kind == "paragraph" else captions + (block.kind == "caption")
        number, suffix = paragraph, ""
        if block.kind == "caption":
            suffix = f".c{captions}"
        elif block.kind == "footnote":
            number, suffix = carriers.get(block.marker, paragraph), f".n{block.marker}"
        name = _own_name(f"{document.doc_id}#{number}{suffix}", taken)
        passages.append(
            Passage(
                passage_id=name,
                doc_id=document.doc_id,
                kind=block.kind,
                paragraph=number,
                paragraphs=counts,
                start=block.start,
                end=block.end,
                text=document.text_of(block),
                section=" › ".join(section),
                marker=block.marker,
                notes=tuple(f"{document.doc_id}#{carriers[m]}.n{m}" for m in block.notes if m in carriers),
                page=block.page,
                last_page=block.last_page,
            )
        )
    return tuple(passages)


def sections_of(document: Document) -> Iterator[tuple[Block, tuple[str, ...]]]:
    """Each block with its section, outermost heading first; that of a heading ends with itself."""
    headings: list[tuple[int, str]] = []  # level and name
    has_articles = False
    for block in document.blocks:
        if block.kind == "heading":
            name = _heading(document, block)
            # A regulation's own title stands above all of it, and may differ from that of the file.
            is_own_title = block.level == 1 and not has_articles and regulation_kind(name) != ""
            has_articles = has_articles or name.startswith("Điều ")
            headings = [*(h for h in headings if h[0] < block.level), (block.level, "" if is_own_title else name)]
        yield block, _section(document, headings, block.context)


def identifying_text(passage: Passage, others: Sequence[Passage]) -> str:
    """
    The shortest beginning of a passage, in whole words, that no other passage contains.

    The whole text if there is none, as in copies.
    """
    ends = (word.end() for word in _WORD.finditer(passage.text))
    beginnings = (passage.text[:end] for end in ends if end >= _SHORTEST)
    return next((start for start in beginnings if all(start not in other.text for other in others)), passage.text)


def _footnote_carriers(document: Document) -> dict[str, int]:
    """Footnote marker -> the number of the first paragraph that refers to it."""
    known = document.footnotes
    carriers: dict[str, int] = {}
    paragraph = 0
    for block in document.blocks:
        paragraph += block.kind == "paragraph"
        for marker in block.notes:
            if marker in known:
                carriers.setdefault(marker, paragraph)
    return carriers


def _own_name(name: str, taken: dict[str, int]) -> str:
    """
    The name, made unique if a footnote marker repeats.

    `taken` counts the uses of each name.
    """
    count = taken.get(name, 0)
    own = name
    while own in taken:
        own = name + "'" * count if count <= _PRIMES else f"{name}'{count}"
        count += 1
    taken[own] = 1
    taken[name] = max(count, 1)
    return own


def _heading(document: Document, block: Block) -> str:
    """A heading's name, shortened because every passage below repeats it."""
    return shortened(block.label or document.text_of(block).lstrip("#"), LONGEST_NAME)


def _section(document: Document, headings: list[tuple[int, str]], context: str) -> tuple[str, ...]:
    """The heading path without the document's own title, then the block's context."""
    title = shortened(document.title, LONGEST_NAME).casefold()
    return tuple(name for name in (*(name for _, name in headings), context) if name and name.casefold() != title)

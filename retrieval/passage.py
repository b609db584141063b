"""
The Passage: one paragraph, footnote or caption of a document; the unit that is found, quoted and cited.

Apart from Document because everything after this point handles passages and never whole files.
"""

from dataclasses import dataclass
from typing import Literal

from retrieval.reading.document import Block, Document

PassageKind = Literal["paragraph", "footnote", "caption"]


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


def split_document(document: Document) -> tuple[Passage, ...]:
    """The passages of a document, in reading order; headings become the section of what follows them."""
    counts = sum(block.kind == "paragraph" for block in document.blocks)
    carriers = _footnote_carriers(document)
    headings: list[Block] = []
    passages: list[Passage] = []
    taken: set[str] = set()
    paragraph = captions = 0
    for block in document.blocks:
        if block.kind == "heading":
            headings = [*(h for h in headings if h.level < block.level), block]
            continue
        paragraph += block.kind == "paragraph"
        captions = 0 if block.kind == "paragraph" else captions + (block.kind == "caption")
        number, suffix = paragraph, ""
        if block.kind == "caption":
            suffix = f".c{captions}"
        elif block.kind == "footnote":
            number, suffix = carriers.get(block.marker, paragraph), f".n{block.marker}"
        name = f"{document.doc_id}#{number}{suffix}"
        while name in taken:  # a footnote defined twice
            name += "'"
        taken.add(name)
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
                section=_section(document, headings, block.context),
                marker=block.marker,
                notes=tuple(f"{document.doc_id}#{carriers[m]}.n{m}" for m in block.notes if m in carriers),
                page=block.page,
            )
        )
    return tuple(passages)


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


def _section(document: Document, headings: list[Block], context: str) -> str:
    """The path of headings, without the one that is the document's own title; then the columns of a table."""
    names = (heading.label or " ".join(document.text_of(heading).lstrip("#").split()) for heading in headings)
    return " › ".join(name for name in (*names, context) if name and name != document.title)

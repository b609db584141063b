"""
The items of the list that holds an answer.

A question that asks for a list or a summary gets each item of the list that the first quote belongs to, by its first
sentence, word for word; nothing is summed up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.errors import StaleQuote
from retrieval.language.sentence import split_sentences
from retrieval.language.spelling import fold
from retrieval.reading.provision import lead_in_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.answering.answer import Hit
    from retrieval.answering.quote import Quote
    from retrieval.answering.quoted_documents import QuotedDocuments
    from retrieval.passage import Passage
    from retrieval.question.query import Query

FEWEST, MOST = 2, 30  # items of a list
_ASKING = re.compile(
    r"^(?:hay |xin |cho biet |cho hoi )?(?:neu|liet ke|ke ten|ke ra|ke|tom tat|trinh bay|noi dung chinh)\b|"
    r"\b(?:bao gom|gom co|gom)\b.{0,30}\b(?:gi|nao|ai)\b|\bnhung gi\b|\bnhung ai\b|\b(?:nhung|cac) [\w ]{1,40}\bnao\b|"
    r"^(?:nhung|cac) \w+|^(?:list|summarise|summarize|outline)\b|^what are the\b|"
    # The bare name of what a document lists: "nhiệm vụ năm 2023".
    r"^(?:nhiem vu|giai phap|bien phap|muc tieu|phuong huong|nguyen tac|dieu kien|tieu chuan|yeu cau|trach nhiem|"
    r"quyen han|nghia vu|thanh phan|ho so|noi dung)\b(?!.*\b(?:gi|nao|ai|dau|khi|bao|may|la|co|duoc|khong)\b)"
)
_ITEM = re.compile(r"\s*(?:\(?\d{1,2}[.)]|\d{1,2}\s*[-–]\s|[a-zđ][.)]|[IVX]{1,5}\.|[-–+*•▪]\s)", re.IGNORECASE)


def asks_for_list(query: Query) -> bool:
    """Whether a question asks for several things by one name, or for a summary."""
    return _ASKING.search(fold(query.text)) is not None


def list_items(documents: QuotedDocuments, query: Query, hits: Sequence[Hit]) -> tuple[Quote, ...]:
    """
    The items of the list of the first quote, their first sentences highlighted.

    () where it is in no list.
    """
    if not hits or not asks_for_list(query):
        return ()
    paragraphs = [p for p in documents.document(hits[0].quote.doc_id).passages if p.kind == "paragraph"]
    here = next((n for n, p in enumerate(paragraphs) if p.passage_id == hits[0].quote.passage_id), None)
    items = _list_around(paragraphs, here) if here is not None else []
    if not FEWEST <= len(items) <= MOST:
        return ()
    try:
        return tuple(documents.quote(item, _opening(item.text)) for item in items)
    except StaleQuote:
        return ()


def _list_around(paragraphs: Sequence[Passage], here: int) -> list[Passage]:
    """The items of the list that a paragraph stands in, or leads into."""
    if paragraphs[here].text.rstrip().endswith(":"):
        here += 1
    if here >= len(paragraphs) or not _is_item(paragraphs[here]):
        return []
    first = last = here
    section = paragraphs[here].section
    while first and paragraphs[first - 1].section == section and _is_item(paragraphs[first - 1]):
        first -= 1
    while last + 1 < len(paragraphs) and paragraphs[last + 1].section == section and _is_item(paragraphs[last + 1]):
        last += 1
    return list(paragraphs[first : last + 1])


def _is_item(passage: Passage) -> bool:
    return bool(lead_in_of(passage.section)) or _ITEM.match(passage.text) is not None


def _opening(text: str) -> tuple[int, int]:
    """(start, end) of the first sentence that says something: a number alone is none."""
    sentences = split_sentences(text)
    return (0, next((s.end for s in sentences if len(text[: s.end].split()) > 1), len(text))) if sentences else (0, 0)

"""Contents survive their way through the sandbox and its caches."""

from __future__ import annotations

import json
from datetime import date

from retrieval.reading.document import Block, Content, Outline, Unread
from retrieval.reading.sandbox.messages import content_from_reply, reply_from_content

CONTENT = Content(
    "Quyết định",
    Outline("Quyết định", published=date(2024, 3, 1), blocks=(Block("paragraph", 0, 10),), number="12/QĐ-UBND"),
    "ocr",
    (Unread("page", page=2), Unread("sheet", name="Phụ lục")),
)


def test_a_content_comes_back_whole() -> None:
    """Every field survives JSON."""
    reply = json.loads(json.dumps(reply_from_content(CONTENT)))

    assert content_from_reply(reply) == CONTENT


def test_a_result_of_earlier_versions_is_read() -> None:
    """OCR results stored by 0.2.0 name pages left out by their numbers, and know no document number."""
    reply = json.loads(json.dumps(reply_from_content(CONTENT)))
    reply["content"]["unread"] = [2]
    del reply["content"]["outline"]["number"]

    content = content_from_reply(reply)

    assert (content.unread, content.outline.number) == ((Unread("page", page=2),), "")

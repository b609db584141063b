"""
JSON replies of the sandbox, also stored in its caches.
"""

from __future__ import annotations

import base64
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from retrieval import errors
from retrieval.errors import DocumentError
from retrieval.reading.document import Block, Content, OcrConfidence, Outline, Unread
from retrieval.reading.layout.page_layout import FileLayout, LayoutWord, PageLayout, Rectangle
from retrieval.reading.pdf.ocr import RecognisedPage, Recognition
from retrieval.reading.pdf.page_image import PageImage
from retrieval.reading.summary import DocumentSummary

if TYPE_CHECKING:
    from collections.abc import Sequence

Reply = dict[str, Any]


def reply_from_content(content: Content) -> dict[str, Any]:
    """Encode a content as JSON values."""
    plain = asdict(content)
    published = content.outline.published
    plain["outline"]["published"] = published.isoformat() if published else None
    return {"content": plain}


def content_from_reply(reply: dict[str, Any]) -> Content:
    """Decode a content, or raise the DocumentError that the reply carries."""
    _raise_refusal(reply)
    plain = reply["content"]
    outline = plain["outline"]
    published = outline["published"]
    blocks = tuple(Block(**{**block, "notes": tuple(block["notes"])}) for block in outline["blocks"])
    day = date.fromisoformat(published) if published else None
    parsed = Outline(**{**outline, "published": day, "blocks": blocks})
    unread = tuple(map(_unread, plain["unread"]))
    confidence = plain.get("ocr_confidence")  # not in what was stored before it was measured
    return Content(
        plain["text"],
        parsed,
        plain["origin"],
        unread,
        OcrConfidence(**confidence) if confidence else None,
        tuple(plain.get("margins", ())),  # nor this
    )


def message_from_recognition(recognition: Recognition) -> Reply:
    """Encode recognised pages as JSON values."""
    pages = {str(number): asdict(page) for number, page in recognition.pages.items()}
    return {"recognised": {"version": recognition.version, "pages": pages}}


def recognition_from_message(message: dict[str, Any]) -> Recognition:
    """Decode the pages that are known already, and whether others may be recognised."""
    known = message["known"]
    try:
        pages = {int(number): _recognised_page(**page) for number, page in known["pages"].items()}
        return Recognition(pages, version=str(known["version"]), runs=message["runs"])
    except (AttributeError, KeyError, TypeError, ValueError):  # damaged, or of another version
        return Recognition(runs=message["runs"])


def reply_from_summary(summary: DocumentSummary) -> dict[str, Any]:
    """Encode a summary as JSON values."""
    published = summary.published.isoformat() if summary.published else None
    return {"summary": {**asdict(summary), "published": published}}


def summary_from_reply(reply: dict[str, Any]) -> DocumentSummary:
    """Decode a summary, or raise the DocumentError that the reply carries."""
    _raise_refusal(reply)
    plain = reply["summary"]
    published = date.fromisoformat(plain["published"]) if plain["published"] else None
    return DocumentSummary(**{**plain, "published": published})


def reply_from_images(pictures: Sequence[PageImage]) -> dict[str, Any]:
    """Encode page images as JSON values."""
    return {"pictures": [{**asdict(each), "png": base64.b64encode(each.png).decode()} for each in pictures]}


def images_from_reply(reply: dict[str, Any]) -> tuple[PageImage, ...]:
    """Decode page images, or raise the DocumentError that the reply carries."""
    _raise_refusal(reply)
    return tuple(PageImage(**{**each, "png": base64.b64decode(each["png"])}) for each in reply["pictures"])


def reply_from_layout(found: FileLayout) -> dict[str, Any]:
    """Encode layouts as JSON values, a word as its text and place."""
    layouts = [
        {
            **{name: getattr(each, name) for name in ("number", "width", "height", "pictures")},
            "lines": [[(word.text, *word.place) for word in line] for line in each.lines],
            "image": base64.b64encode(each.image).decode(),
        }
        for each in found.layouts
    ]
    return {"pages": found.pages, "layouts": layouts}


def layout_from_reply(reply: dict[str, Any]) -> FileLayout:
    """Decode the layouts of pages, or raise the DocumentError that the reply carries."""
    _raise_refusal(reply)
    return FileLayout(reply["pages"], tuple(map(_layout, reply["layouts"])))


def _unread(plain: dict[str, Any] | int) -> Unread:
    """Decode a part left out; OCR results stored before 0.3.0 hold page numbers."""
    return Unread("page", page=plain) if isinstance(plain, int) else Unread(**plain)


def _raise_refusal(reply: dict[str, Any]) -> None:
    if "error" in reply:
        kind = getattr(errors, str(reply["error"]), DocumentError)
        raise kind(reply["message"])


def _recognised_page(table: object, height: float, scale: float, turned: int = 0) -> RecognisedPage:
    return RecognisedPage(str(table), float(height), float(scale), int(turned))


def _layout(plain: dict[str, Any]) -> PageLayout:
    lines = tuple(tuple(LayoutWord(text, Rectangle(*place)) for text, *place in line) for line in plain["lines"])
    pictures = tuple(Rectangle(*place) for place in plain["pictures"])
    return PageLayout(**{**plain, "lines": lines, "pictures": pictures, "image": base64.b64decode(plain["image"])})

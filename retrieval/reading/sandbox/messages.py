"""
The Reply: what was found in a file as JSON carries it, between the processes of a Workshop and into what is kept.
"""

from __future__ import annotations

import base64
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from retrieval import errors
from retrieval.errors import DocumentError
from retrieval.reading.document import Block, Content, Outline
from retrieval.reading.pdf.page_image import PageImage

if TYPE_CHECKING:
    from collections.abc import Sequence

Reply = dict[str, Any]


def reply_from_content(content: Content) -> dict[str, Any]:
    """The content as JSON can carry it."""
    plain = asdict(content)
    published = content.outline.published
    plain["outline"]["published"] = published.isoformat() if published else None
    return {"content": plain}


def content_from_reply(reply: dict[str, Any]) -> Content:
    """The content of a reply; raises the DocumentError that it carries instead."""
    _raise_refusal(reply)
    plain = reply["content"]
    outline = plain["outline"]
    published = outline["published"]
    blocks = tuple(Block(**{**block, "notes": tuple(block["notes"])}) for block in outline["blocks"])
    day = date.fromisoformat(published) if published else None
    told = Outline(**{**outline, "published": day, "blocks": blocks})
    return Content(plain["text"], told, plain["origin"], tuple(plain["unread"]))


def reply_from_images(pictures: Sequence[PageImage]) -> dict[str, Any]:
    """Pictures as JSON can carry them."""
    return {"pictures": [{**asdict(each), "png": base64.b64encode(each.png).decode()} for each in pictures]}


def images_from_reply(reply: dict[str, Any]) -> tuple[PageImage, ...]:
    """The pictures of a reply; raises the DocumentError that it carries instead."""
    _raise_refusal(reply)
    return tuple(PageImage(**{**each, "png": base64.b64decode(each["png"])}) for each in reply["pictures"])


def _raise_refusal(reply: dict[str, Any]) -> None:
    if "error" in reply:
        kind = getattr(errors, str(reply["error"]), DocumentError)
        raise kind(reply["message"])

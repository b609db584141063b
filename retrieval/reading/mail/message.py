"""
Read .eml: the text of an e-mail, its subject as title, sender and date.

Attachments are named, not read.
"""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.utils import parseaddr, parsedate_to_datetime
from typing import TYPE_CHECKING

from retrieval.errors import BrokenError, EmptyError
from retrieval.reading.assembly.content import Metadata, Piece, content_of, in_one_line
from retrieval.reading.document import Unread
from retrieval.reading.html.reader import pieces_of_page
from retrieval.reading.text.encoding import decode

if TYPE_CHECKING:
    from datetime import date
    from email.message import EmailMessage, Message, MIMEPart

    from retrieval.reading.document import Content

_MOST_PARTS = 200


def read_message(data: bytes, source: str) -> Content:
    """Read an .eml file."""
    message = parse_message(data)
    if not message.keys():
        raise BrokenError(f"an e-mail begins with its headers, {source} does not: save it again as .eml")
    body = message.get_body(("plain", "html"))
    pieces = _body_pieces(body, source) if body is not None else []
    subject = in_one_line(str(message.get("Subject", "")))
    if not pieces:
        raise EmptyError(f"a document holds text, the e-mail {source} has none: save its attachments by themselves")
    name, address = parseaddr(str(message.get("From", "")))
    metadata = Metadata(title=subject, author=in_one_line(name or address), published=_day(message))
    title = [Piece(subject, kind="heading", level=1)] if subject else []
    unread = tuple(
        Unread("attachment", name=in_one_line(part.get_filename() or ""))
        for part in list(message.iter_attachments())[:_MOST_PARTS]
    )
    return replace(content_of([*title, *pieces], metadata), unread=unread)


def parse_message(data: bytes) -> EmailMessage:
    """Parse a message; damaged headers are kept as they are."""
    return email.message_from_bytes(data, policy=email.policy.default)


def bytes_of_part(part: Message) -> bytes:
    """The decoded bytes of a part, in UTF-8 if it names its encoding."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset()
    try:
        return data.decode(charset).encode() if charset else data
    except (LookupError, UnicodeError):
        return data  # the encoding it names is wrong: its reader finds out


def _body_pieces(body: MIMEPart, source: str) -> list[Piece]:
    data = bytes_of_part(body)
    if not data.strip():
        return []
    if body.get_content_type() == "text/html":
        return pieces_of_page(data, source)
    paragraphs = decode(data, source).split("\n\n")
    return [Piece(" ".join(paragraph.split())) for paragraph in paragraphs if paragraph.strip()]


def _day(message: EmailMessage) -> date | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", ""))).date()
    except (ValueError, TypeError, IndexError):
        return None

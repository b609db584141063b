"""
Read .mhtml: a web page that was saved with its pictures in one file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.errors import BrokenError
from retrieval.reading.html.reader import read_web_page
from retrieval.reading.mail.message import bytes_of_part, parse_message

if TYPE_CHECKING:
    from retrieval.reading.document import Content

_CHARSET = re.compile(rb"(<meta[^>]{0,200}charset\s*=\s*[\"']?\s*)[\w-]{2,40}", re.IGNORECASE)


def read_web_archive(data: bytes, source: str) -> Content:
    """Read an .mhtml or .mht file."""
    message = parse_message(data)
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    if not pages:
        raise BrokenError(f"a saved web page holds a page, {source} holds none: save it again as .html")
    # The bytes are in UTF-8 now, whatever the page itself names.
    page = bytes_of_part(pages[0])
    return read_web_page(_CHARSET.sub(rb"\g<1>utf-8", page, count=1), source)

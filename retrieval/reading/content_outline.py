"""
The whole outline of a content: what its text says of itself, whatever the format.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.reading.administrative.header import with_administrative_header
from retrieval.reading.lead_in import with_lead_ins
from retrieval.reading.statute import add_part_headings

if TYPE_CHECKING:
    from retrieval.reading.document import Content


def with_whole_outline(content: Content) -> Content:
    """The content with statute headings, lead-ins of lists and the fields of an administrative header."""
    parts = add_part_headings(content.text, with_lead_ins(content.text, content.outline))
    return replace(content, outline=with_administrative_header(content.text, parts))

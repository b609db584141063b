"""
A document as an index stores it, against which quotes are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from retrieval.index.records.document_record import DocumentRecord
from retrieval.passage import Passage


@dataclass(frozen=True)  # no slots: `cached_property` needs a __dict__
class StoredDocument:
    """
    A record, with the text and the passages behind it.

    Args:
        read_text: returns the text as it was read, compared with its hash; DamagedIndex when it differs.
        read_passages: returns all passages, in reading order.
    """

    record: DocumentRecord
    read_text: Callable[[], str]
    read_passages: Callable[[], list[Passage]]

    @cached_property
    def text(self) -> str:
        """The text as it was read; DamagedIndex when it is not what was stored."""
        return self.read_text()

    @cached_property
    def passages(self) -> list[Passage]:
        """All passages, in reading order."""
        return self.read_passages()

"""
Files that a Word file embeds as part of its text (`w:altChunk`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrieval.errors import DocumentError
from retrieval.reading.assembly.content import Piece
from retrieval.reading.docx.xml import find_value
from retrieval.reading.html.reader import pieces_of_page
from retrieval.reading.text.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docx.document import Document as WordDocument


def chunk_pieces(
    document: WordDocument,
    chunk: Any,  # noqa: ANN401 - an XML element, which has no types
    read_word_pieces: Callable[[bytes], Sequence[Piece]],
) -> Sequence[Piece]:
    """The paragraphs of an embedded page, Word file or text; () if unread."""
    part = document.part.related_parts.get(find_value(chunk, "@r:id"))
    kind = str(part.content_type).lower() if part is not None else ""
    name = str(part.partname) if part is not None else ""
    try:
        if "html" in kind and part is not None:
            return pieces_of_page(part.blob, name)
        if "wordprocessingml" in kind and part is not None:
            return read_word_pieces(part.blob)
        if kind == "text/plain" and part is not None:
            return [Piece(line) for line in decode(part.blob, name).split("\n")]
    except DocumentError:
        return ()
    return ()

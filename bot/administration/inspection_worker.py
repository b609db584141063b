"""
A dry run: one file read as the index would read it, in a process of its own with little memory and little time.

The file is somebody's, and what reads it was not written for enemies. `python -m bot.administration.inspection_worker
FILE` limits itself before it looks at the file, and prints one JSON object; `upload_inspection` runs it.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.errors import DocumentError
from retrieval.reading.quality.verdict import is_untitled
from retrieval.reading.reader import read_document
from retrieval.reading.sandbox.rlimit import lower_limit

if TYPE_CHECKING:
    from retrieval.reading.document import Document

SECONDS = 60
_MEMORY = 1024**3  # bytes of address space
_FIRST = 300  # characters of the first paragraph
_FIELD = 500


def main() -> None:
    """Reads the file that is named and prints what it reads as, or why it cannot be read."""
    path = Path(sys.argv[1])
    lower_limit(resource.RLIMIT_CPU, SECONDS)
    lower_limit(resource.RLIMIT_AS, _MEMORY)
    lower_limit(resource.RLIMIT_CORE, 0)
    try:
        told = _told(read_document(path, path.parent))
    except DocumentError as error:
        told = {"kind": type(error).__name__, "reason": str(error)}
    sys.stdout.buffer.write(json.dumps(told).encode())


def _told(document: Document) -> dict[str, object]:
    paragraphs = [document.text_of(block) for block in document.blocks if block.kind == "paragraph"]
    first = " ".join(paragraphs[0].split()) if paragraphs else ""
    return {
        "title": document.title[:_FIELD],
        "untitled": is_untitled(document),
        "publisher": document.publisher[:_FIELD],
        "published": document.published.isoformat() if document.published else None,
        "paragraphs": len(paragraphs),
        "first": first[:_FIRST],
        "sha256": document.sha256,
    }


if __name__ == "__main__":
    main()

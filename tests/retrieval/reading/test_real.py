"""One statute saved by real programs (see `real.make`) reads as its plain text does, paragraph by paragraph."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.passage import split_document
from retrieval.reading.document import Document
from retrieval.reading.provision import article_in
from retrieval.reading.reader import read_document
from retrieval.reading.sandbox.process import Sandbox

pytestmark = pytest.mark.slow

REAL = Path(__file__).parent / "real"
FILES = sorted(
    path.name for path in REAL.iterdir() if path.suffix in (".pdf", ".doc", ".docx", ".html", ".odt", ".rtf")
)


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    with Sandbox() as opened:
        yield opened


def read(name: str, sandbox: Sandbox | None = None) -> Document:
    return read_document(REAL / name, REAL, sandbox=sandbox)


def cited(document: Document) -> list[tuple[str, str]]:
    """Each paragraph by its place in the statute; Word's notes leave no mark in the text."""
    return [
        (article_in(passage.section), _bare(passage.text))
        for passage in split_document(document)
        if passage.kind == "paragraph"
    ]


def _bare(words: str) -> str:
    """Without the note's mark, and without the backslashes and line breaks of Markdown."""
    return " ".join(words.replace("¹", "").replace("\\", "").split())


def notes(document: Document) -> dict[str, str]:
    """The words of the notes, without their number."""
    return {
        marker: " ".join(document.text_of(block).lstrip("1¹ ").split()) for marker, block in document.footnotes.items()
    }


@pytest.mark.parametrize("name", FILES)
def test_a_statute_is_the_same_from_every_program(name: str, sandbox: Sandbox) -> None:
    """Every paragraph, row and note, word for word, under the article and clause of the plain text."""
    document, plain = read(name, sandbox), read("statute.txt")

    assert cited(document) == cited(plain)
    assert notes(document) == notes(plain) != {}


def test_a_statute_in_markdown(sandbox: Sandbox) -> None:
    """The same articles and clauses; a table stays the one stretch of the file that it is, and so does raw HTML."""
    document, plain = read("pandoc-to-markdown.md"), read("statute.txt")

    rows = [words for _, words in cited(plain) if " | " in words]
    expected = [(place, words) for place, words in cited(plain) if words not in rows]
    found = [(place, words) for place, words in cited(document) if words[:1] != "|" and "<a " not in words]
    assert found == [entry for entry in expected if "phòng họp của cơ quan," not in entry[1]]
    assert len(found) == len(expected) - 1

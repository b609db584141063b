"""
Whether each paragraph of a law is read word for word and cited with its own article, whatever the format.

    .venv/bin/python -m tests.benchmarks.laws FOLDER [--json]

FOLDER/files holds each law in several formats, FOLDER/text its plain text. The expected article of a paragraph is that
of the last line above it that opens with "Điều N"; a line of capitals, or one that opens with "Chương" or "Mục" and a
number, ends it. Counted are paragraphs of at least 50 letters: kept if their words, white space folded and soft hyphens
dropped, stand in one passage (or heading) of the document; cited right, wrong (another Điều) or not at all.
The exit code is 1 if a file is refused or below the bars: 99.5 % kept, 99.5 % cited right, none wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.errors import DocumentError
from retrieval.passage import split_document
from retrieval.reading.document import Document
from retrieval.reading.provision import article_in
from retrieval.reading.reader import read_document
from retrieval.reading.sandbox.process import Sandbox

SHORTEST = 50  # letters of a paragraph that counts
BAR = 0.995
# Not "Điều 5 của Luật này …", which a paragraph may open with: a heading goes on with a mark or a capital.
_ARTICLE = re.compile(r"(Điều \d+[a-zđ]?)(?:$| ?[.:]| (?=[A-ZĐÁÀÂĂÊÔƠƯÝỨỦ]))")

_ABOVE = re.compile(r"(?:Phần|Chương|Mục|Tiểu mục) (?:thứ \w+|[IVXLC]+|\d+)\b")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the plain text and its article, "" before the first."""

    words: str
    article: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of the paragraphs of one file; `refused` is the reason."""

    file: str
    title: str = ""
    refused: str = ""
    paragraphs: int = 0
    kept: int = 0
    right: int = 0
    wrong: tuple[str, ...] = ()  # "Điều 4 for Điều 5: …"
    uncited: tuple[str, ...] = ()  # of an article, and cited with none
    lost: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether the bars are met."""
        enough = BAR * self.paragraphs
        return not self.refused and not self.wrong and self.kept >= enough and self.right >= enough


def main() -> None:
    """Reads every file and prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with Sandbox() as sandbox:
        readings = [reading_of(path, options.folder, sandbox) for path in sorted((options.folder / "files").iterdir())]
    lines = [json.dumps([asdict(one) for one in readings], ensure_ascii=False, indent=1)]
    sys.stdout.write("\n".join(lines if options.json else table_of(readings)) + "\n")
    sys.exit(not readings or not all(reading.passes for reading in readings))


def reading_of(path: Path, folder: Path, sandbox: Sandbox) -> Reading:
    """One file beside the plain text of its law."""
    expected = paragraphs_of((folder / "text" / f"{path.stem}.txt").read_text(encoding="utf-8-sig"))
    try:
        document = read_document(path, path.parent, sandbox=sandbox)
    except DocumentError as error:
        return Reading(path.name, refused=str(error), paragraphs=len(expected))
    return compare(path.name, expected, document)


def paragraphs_of(text: str) -> list[Paragraph]:
    """The paragraphs that count, each with the article above it."""
    article, found = "", []
    for line in map(folded, text.splitlines()):
        if heading := _ARTICLE.match(line):
            article = heading[1]
        elif line.isupper() or _ABOVE.match(line):
            article = ""
        if sum(map(str.isalpha, line)) >= SHORTEST:
            found.append(Paragraph(line, article))
    return found


def compare(file: str, expected: Sequence[Paragraph], document: Document) -> Reading:
    """Find each paragraph, searching on from the one before: words may come twice in a law."""
    places = list(places_of(document))
    at = kept = right = 0
    wrong, uncited, lost = [], [], []
    for paragraph in expected:
        order = [*range(at, len(places)), *range(at)]
        found = next((number for number in order if paragraph.words in places[number].words), None)
        if found is None:
            lost.append(paragraph.words)
            continue
        at, kept, cited = found, kept + 1, places[found].article
        if cited == paragraph.article:
            right += 1
        elif cited:
            wrong.append(f"{cited} for {paragraph.article or 'none'}: {paragraph.words}")
        else:
            uncited.append(f"{paragraph.article}: {paragraph.words}")
    return Reading(file, document.title, "", len(expected), kept, right, tuple(wrong), tuple(uncited), tuple(lost))


def places_of(document: Document) -> Iterator[Paragraph]:
    """Headings and passages in reading order, with the article that is cited for each."""
    passages = {passage.start: passage for passage in split_document(document)}
    for block in document.blocks:
        words = folded(document.text_of(block))
        if block.kind == "heading":
            yield Paragraph(words, article_of(block.label or words))
        else:
            yield Paragraph(words, article_of(article_in(passages[block.start].section)))


def article_of(citation: str) -> str:
    """The article alone: "Điều 5, khoản 2" -> "Điều 5"."""
    found = re.match(r"Điều \d+[a-zđ]?\b", citation)
    return found[0] if found else ""


def folded(words: str) -> str:
    """NFC, with single spaces, Đ for the Icelandic Ð, and no soft hyphens."""
    return " ".join(unicodedata.normalize("NFC", words.replace("\u00ad", "").replace("Ð", "Đ")).split())


def table_of(readings: Sequence[Reading]) -> Iterator[str]:
    """One line a file, then what is wrong."""
    yield f"{'file':30} {'paragraphs':>10} {'kept':>7} {'right':>7} {'wrong':>5} {'none':>5}  title"
    for one in readings:
        if one.refused:
            yield f"{one.file:30} refused: {one.refused}"
            continue
        kept, right = (f"{100 * count / max(one.paragraphs, 1):.1f} %" for count in (one.kept, one.right))
        counts = f"{one.paragraphs:10} {kept:>7} {right:>7} {len(one.wrong):5} {len(one.uncited):5}"
        yield f"{one.file:30} {counts}  {one.title}"
    for one in readings:
        for name in ("wrong", "uncited", "lost"):
            yield from (f"{one.file} {name}: {words[:160]}" for words in getattr(one, name))


if __name__ == "__main__":
    main()

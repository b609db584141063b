"""
Make files of whole laws out of a corpus of their articles, for `tests.benchmarks.laws`.

    .venv/bin/python -m tests.benchmarks.law_files BEIR_FOLDER FOLDER
    .venv/bin/python -m tests.benchmarks.laws FOLDER

Records are titled "Luật Cư trú - Điều 5" and hold the article's heading and paragraphs. Each law becomes a .docx with
the header of a law, a chapter for every thirty articles, and its articles; LibreOffice converts it to the others.
What is set so plainly says less of a reader than files that offices made, but there are more laws: 17 in ALQAC.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH

FORMATS = ("doc", "rtf", "odt", "html", "pdf")
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_CHAPTER = 30  # articles
_LONGEST_HEADING = 150  # characters


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph and how it is set."""

    words: str
    bold: bool = False
    centred: bool = False


def main() -> None:
    """Make the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="a BEIR folder of articles")
    parser.add_argument("folder", type=Path, help="a new folder")
    options = parser.parse_args()
    for name in ("files", "text"):
        (options.folder / name).mkdir(parents=True)
    for number, (law, articles) in enumerate(sorted(laws_of(options.corpus / "corpus.jsonl").items())):
        _write(options.folder, f"law{number:02}", list(_lines(law, number, articles)))
    files = [str(path) for path in sorted((options.folder / "files").glob("*.docx"))]
    for form in FORMATS:
        command = ["soffice", "--headless", "--convert-to", form, "--outdir", str(options.folder / "files"), *files]
        subprocess.run(command, check=True, capture_output=True)


def laws_of(corpus: Path) -> dict[str, list[tuple[str, str]]]:
    """Each law's articles, "Điều 5" and its text, by their number."""
    laws: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with corpus.open(encoding="utf-8") as file:
        for record in map(json.loads, file):
            law, _, article = record["title"].rpartition(" - ")
            laws[law].append((article, record["text"]))
    return {law: sorted(articles, key=lambda each: int(each[0].split()[1])) for law, articles in laws.items()}


def _lines(law: str, number: int, articles: Sequence[tuple[str, str]]) -> Iterator[_Line]:
    kind, name = ("Bộ luật", law[8:]) if law.startswith("Bộ luật ") else ("Luật", law.removeprefix("Luật "))
    yield _Line("QUỐC HỘI", bold=True, centred=True)
    yield _Line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, centred=True)
    yield _Line("Độc lập - Tự do - Hạnh phúc", centred=True)
    yield _Line(f"Luật số: {number + 10}/2019/QH14")
    yield _Line(kind.upper(), bold=True, centred=True)
    yield _Line(name.upper(), bold=True, centred=True)
    yield _Line(f"Quốc hội ban hành {law}.")
    for place, (article, text) in enumerate(articles):
        if place % _CHAPTER == 0:
            chapter = place // _CHAPTER + 1
            yield _Line(f"Chương {'X' * (chapter // 10)}{_ROMAN[chapter % 10]}", bold=True, centred=True)
            yield _Line("QUY ĐỊNH CHI TIẾT", bold=True, centred=True)
        yield from _article(article, text)


def _article(article: str, text: str) -> Iterator[_Line]:
    first, *others = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    is_headed = others and not re.match(r"\d", first) and len(first) <= _LONGEST_HEADING
    yield _Line(f"{article}. {first}" if is_headed else f"{article}.", bold=True)
    yield from map(_Line, others if is_headed else [first, *others])


def _write(folder: Path, stem: str, lines: Sequence[_Line]) -> None:
    document = docx.Document()
    for line in lines:
        paragraph = document.add_paragraph()
        paragraph.add_run(line.words).bold = line.bold
        if line.centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.save(str(folder / "files" / f"{stem}.docx"))
    (folder / "text" / f"{stem}.txt").write_text("\n".join(line.words for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()

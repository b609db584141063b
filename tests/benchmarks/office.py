"""
How right the letters of real office files are read, beside their transcripts.

    .venv/bin/python -m tests.benchmarks.office FOLDER [--viparse PYTHON] [--json OUT]

FOLDER holds `files`, and in `transcripts` the right text of each as NAME.txt. Both texts are put in NFC and aligned on
their bare letters: letters and digits only, small, without marks. A letter is right if it is aligned with the same
letter; case does not count, because transcripts of files in fonts of capitals have small letters. Every figure is a
share:

    marked     of the transcript's letters with marks, those that are right
    produced   of the letters with marks that were read, those that are right: low where the transcript leaves text out
    syllables  of the transcript's words, those whose letters are all right and that are one word here too

A file that is refused counts 0. `--viparse` reads the same files with viparse, in the Python that has it installed.
Exit code 1: a bar was missed.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

from rapidfuzz.distance import Levenshtein

from retrieval.errors import DocumentError
from retrieval.language.spelling import fold
from retrieval.reading.reader import read_document
from retrieval.reading.sandbox.process import Sandbox
from tests.benchmarks.__main__ import about

BARS = {"marked": 0.99, "produced": 0.99, "syllables": 0.985}  # means; `produced` where the transcript is complete
LOWEST = 0.95  # of `marked`, for each file
COMPLETE = 0.97  # of what was read, bare letters that the transcript has, else it leaves parts out
_WORD = re.compile(r"[^\W\d_]+")
_VIPARSE = """
import json, sys, viparse
for path in sys.argv[1:]:
    try:
        text = "\\n".join(document.text for document in viparse.load(path, output="text", encoding="auto"))
    except Exception as error:
        text = ""
        print(path, type(error).__name__, error, file=sys.stderr)
    print(json.dumps(text), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one file, and the share of its bare letters that the transcript has."""

    marked: float
    produced: float
    syllables: float
    covered: float

    @property
    def is_complete(self) -> bool:
        """Whether the transcript has nearly all that was read."""
        return self.covered >= COMPLETE


NOTHING = Score(0.0, 0.0, 0.0, 1.0)


def score(read: str, transcript: str) -> Score:
    """Compare what was read with the transcript."""
    found, right = _letters(read), _letters(transcript)
    places = dict(_aligned(_bare(found), _bare(right)))
    agreed = {there: here for there, here in places.items() if found[here] == right[there]}
    marked = [place for place, letter in enumerate(right) if _is_marked(letter)]
    produced = sum(map(_is_marked, found))
    hits = sum(place in agreed for place in marked)
    here, there = set(_spans(read)), _spans(transcript)
    kept = sum(_image(span, agreed) in here for span in there)
    return Score(
        hits / max(1, len(marked)), hits / max(1, produced), kept / max(1, len(there)), len(places) / max(1, len(found))
    )


def _letters(text: str) -> str:
    """The letters and digits of a text, small, in NFC."""
    text = unicodedata.normalize("NFC", text).lower()
    return "".join(char for char in text if char.isalpha() or char.isdecimal())


def _bare(letters: str) -> str:
    return "".join((fold(char) or char)[0] for char in letters)


def _is_marked(letter: str) -> bool:
    return not letter.isascii() and fold(letter).isascii()


def _aligned(found: str, right: str) -> Iterator[tuple[int, int]]:
    """Places in the transcript with their places in what was read, of equal bare letters."""
    for step in Levenshtein.opcodes(found, right):
        if step.tag == "equal":
            yield from zip(range(step.dest_start, step.dest_end), range(step.src_start, step.src_end), strict=True)


def _spans(text: str) -> list[tuple[int, int]]:
    """Each word as a span of `_letters`."""
    text = unicodedata.normalize("NFC", text).lower()
    counts = [0]
    for char in text:
        counts.append(counts[-1] + (char.isalpha() or char.isdecimal()))
    spans = ((counts[word.start()], counts[word.end()]) for word in _WORD.finditer(text))
    return [span for span in spans if span[0] < span[1]]


def _image(span: tuple[int, int], agreed: Mapping[int, int]) -> tuple[int, int] | None:
    """The span of what was read that a word's letters are aligned with, if they stand together there."""
    start = agreed.get(span[0])
    places = [agreed.get(place) for place in range(*span)]
    return (
        (start, start + len(places)) if start is not None and places == [*range(start, start + len(places))] else None
    )


def read_here(paths: list[Path]) -> Iterator[str]:
    """The text of each file as this project reads it, "" for a refusal."""
    with Sandbox() as sandbox:
        for path in paths:
            try:
                yield read_document(path, path.parent, sandbox=sandbox).text
            except DocumentError as error:
                sys.stderr.write(f"{path.name}: {error}\n")
                yield ""


def read_with_viparse(python: Path) -> Callable[[list[Path]], Iterator[str]]:
    """The same by viparse, whose warnings are dropped."""

    def read(paths: list[Path]) -> Iterator[str]:
        ended = subprocess.run(
            [python, "-c", _VIPARSE, *map(str, paths)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
        )
        return map(json.loads, ended.stdout.splitlines())

    return read


def measure(folder: Path, read: Callable[[list[Path]], Iterator[str]]) -> dict[str, Score]:
    """The score of each file by its name."""
    paths = sorted((folder / "files").iterdir())
    return {
        path.name: score(text, _transcript(folder, path)) if text else NOTHING
        for path, text in zip(paths, read(paths), strict=True)
    }


def _transcript(folder: Path, path: Path) -> str:
    return (folder / "transcripts" / f"{path.stem}.txt").read_text(encoding="utf-8")


def means(scores: Mapping[str, Score]) -> dict[str, float]:
    """The means over all files; of `produced` over those with a complete transcript."""
    every = list(scores.values())
    complete = [each for each in every if each.is_complete] or every
    return {
        "files": len(every),
        "read": sum(each is not NOTHING for each in every),
        "marked": fmean(each.marked for each in every),
        "produced": fmean(each.produced for each in complete),
        "complete": len(complete),
        "syllables": fmean(each.syllables for each in every),
        "lowest": min(each.marked for each in every),
    }


def missed(found: Mapping[str, float]) -> list[str]:
    """The bars that the means miss."""
    return [
        *([] if found["read"] == found["files"] else [f"read: {found['read']} of {found['files']}"]),
        *(f"{name}: {found[name]:.4f} < {bar}" for name, bar in BARS.items() if found[name] < bar),
        *([] if found["lowest"] >= LOWEST else [f"lowest marked: {found['lowest']:.4f} < {LOWEST}"]),
    ]


def table(columns: Mapping[str, Mapping[str, Score]]) -> str:
    """A row of each file, then the means, with three figures of each reader; * where the transcript is incomplete."""
    lines = [f"{'':45}" + "".join(f"{name:^26}" for name in columns)]
    lines += [f"{'':45}" + f"{'marked':>8} {'produced':>8} {'syll.':>8}" * len(columns)]
    for name in next(iter(columns.values())):
        cells = (column[name] for column in columns.values())
        lines.append(
            f"{name[:44]:45}"
            + "".join(
                f"{each.marked:8.4f} {each.produced:7.4f}{' ' if each.is_complete else '*'} {each.syllables:8.4f}"
                for each in cells
            )
        )
    found = (means(column) for column in columns.values())
    last = (f"{each['marked']:8.4f} {each['produced']:7.4f}  {each['syllables']:8.4f}" for each in found)
    return "\n".join([*lines, f"{'mean':45}" + "".join(last)])


def main() -> int:
    """Measure, print and write; 1 if a bar was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--viparse", type=Path, metavar="PYTHON", help="a Python that has viparse installed")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write every figure here")
    options = parser.parse_args()
    columns = {"here": measure(options.folder, read_here)}
    if options.viparse:
        columns["viparse"] = measure(options.folder, read_with_viparse(options.viparse))
    found = {name: means(column) for name, column in columns.items()}
    sys.stdout.write(table(columns) + "\n" + "".join(f"{name}: {json.dumps(each)}\n" for name, each in found.items()))
    faults = missed(found["here"])
    sys.stdout.write("".join(f"missed: {fault}\n" for fault in faults))
    if options.json:
        files = {name: {file: asdict(each) for file, each in column.items()} for name, column in columns.items()}
        report = {"command": " ".join(sys.argv), **about(), "means": found, "missed": faults, "files": files}
        options.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())

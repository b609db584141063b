"""
Measure re-indexing after a few files changed, beside the first build.

    .venv/bin/python -m tests.benchmarks.reindex ../shared/corpora --work DIR

Writes `results/reindex.json`. News articles are written out as files, every other one as Word, cut to so many
characters that the first build takes minutes; whole articles would flatter the share, since encoding grows with the
text and the rest mostly with the files. Each figure is of `python -m retrieval index`, a new process with its start and
its model, and with Python's compiled files where they belong, as an installation has them. The share is of the
processor's seconds, which a busy machine does not stretch as it does the clock's.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import docx

from tests.benchmarks.__main__ import RESULTS, about

CHANGED = 10
ROUNDS = 3


def main() -> None:
    """Writes the files, builds, changes, builds again, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--characters", type=int, default=400, help="so much of each article")
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()
    corpus, index = arguments.work / "corpus", arguments.work / "index"
    for folder in (corpus, index):
        shutil.rmtree(folder, ignore_errors=True)
    corpus.mkdir(parents=True)
    files = written(arguments.folder / "baomoi2017.jsonl.gz", corpus, arguments.articles, arguments.characters)
    full = indexed(corpus, index)
    again = [indexed(corpus, index, changed(files, round_)) for round_ in range(ROUNDS)]
    moved = indexed(corpus, index, renamed(files))
    idle = indexed(corpus, index)
    spent = statistics.median(run["processor_seconds"] for run in again)
    report = {
        "command": "python -m tests.benchmarks.reindex " + " ".join(sys.argv[1:]),
        **about(),
        "articles": arguments.articles,
        "characters": arguments.characters,
        "full": full,
        "changed": again,
        "renamed": moved,
        "unchanged": idle,
        "share_of_full_percent": round(100 * spent / full["processor_seconds"], 2),
    }
    (RESULTS / "reindex.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


def written(articles: Path, corpus: Path, count: int, characters: int) -> list[Path]:
    """The articles as files, a hundred to a folder."""
    files = []
    with gzip.open(articles, "rt", encoding="utf-8") as lines:
        for number, article in enumerate(islice(map(json.loads, lines), count)):
            folder = corpus / f"{number // 100:02}"
            folder.mkdir(exist_ok=True)
            paragraphs = list(_cut(article["paragraphs"], characters))
            path = folder / f"{number:05}{'.docx' if number % 2 else '.txt'}"
            _write(path, article["title"], paragraphs)
            files.append(path)
    return files


def changed(files: list[Path], round_: int) -> int:
    """Other ten files of each round get another paragraph; how many."""
    chosen = files[round_ :: len(files) // CHANGED][:CHANGED]
    for number, path in enumerate(chosen):
        line = f"Đính chính lần {round_}, số {number}: con số đúng là {1000 + 17 * number + round_}."
        if path.suffix == ".docx":
            document = docx.Document(str(path))
            document.add_paragraph(line)
            document.save(str(path))
        else:
            path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{line}\n", encoding="utf-8")
    return len(chosen)


def renamed(files: list[Path]) -> int:
    """The first ten files get other names beside their own; how many."""
    for path in files[:CHANGED]:
        path.rename(path.with_stem(f"{path.stem}-moi"))
    return CHANGED


def indexed(corpus: Path, index: Path, touched: int = 0) -> dict[str, float]:
    """Seconds of the command, by the clock and of the processor, and its counts."""
    begun, before = time.perf_counter(), processor_seconds()
    command = [sys.executable, "-m", "retrieval", "index", str(corpus), "--index", str(index), "--json"]
    done = subprocess.run(command, check=True, capture_output=True, env=environment())
    counts = json.loads(done.stdout)
    names = ("documents", "passages", "new", "changed", "renamed", "unchanged", "removed")
    return {
        "seconds": round(time.perf_counter() - begun, 2),
        "processor_seconds": round(processor_seconds() - before, 2),
        "touched": touched,
        **{name: counts[name] for name in names if name in counts},
    }


def environment() -> dict[str, str]:
    """That of an installation: a new process does not compile the whole program again."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def processor_seconds() -> float:
    """What all programs that were started here and have ended have used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _cut(paragraphs: Iterable[str], characters: int) -> Iterable[str]:
    for paragraph in paragraphs:
        if characters <= 0:
            return
        yield paragraph.strip()[:characters]
        characters -= len(paragraph)


def _write(path: Path, title: str, paragraphs: list[str]) -> None:
    if path.suffix == ".txt":
        path.write_text("\n\n".join([title, *paragraphs]) + "\n", encoding="utf-8")
        return
    document = docx.Document()
    document.add_heading(title, 1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))


if __name__ == "__main__":
    main()

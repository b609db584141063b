"""
Make question sets whose unanswerable questions are near to the topic, from BEIR sets.

    .venv/bin/python -m tests.benchmarks.near_topic_sets SETS OUT

For each set NAME in SETS writes `NAME-removed`: half of the answering paragraphs, drawn by a fixed seed, are taken out
of the corpus and their neighbours left, so that the questions on them cannot be answered. For a set of law articles
(whose texts begin with a heading) also `NAME-headless`: the articles without headings and titles, and its `-removed`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from random import Random
from typing import Any

_LONGEST_HEADING = 60  # words
_SHARE_WITH_HEADINGS = 0.75


def main() -> None:
    """Writes every set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    for folder in sorted(path for path in arguments.sets.iterdir() if (path / "corpus.jsonl").is_file()):
        corpus = read_records(folder / "corpus.jsonl")
        made = [remove_half(folder, corpus, arguments.out / f"{folder.name}-removed")]
        if sum(_has_heading(record) for record in corpus) >= _SHARE_WITH_HEADINGS * len(corpus):
            headless = arguments.out / f"{folder.name}-headless"
            stripped = [without_heading(record) for record in corpus]
            made.append(write_set(headless, stripped, read_records(folder / "queries.jsonl"), _qrels(folder)))
            made.append(remove_half(headless, stripped, arguments.out / f"{folder.name}-headless-removed"))
        sys.stdout.writelines(f"{line}\n" for line in made)


def remove_half(folder: Path, corpus: list[dict[str, Any]], target: Path) -> str:
    """Takes half of the answering records of a set out; the grade of what is gone becomes 0."""
    qrels = _qrels(folder)
    answering = sorted({doc for _, doc, grade in qrels if int(grade) > 0})
    removed = set(Random(0).sample(answering, len(answering) // 2))  # noqa: S311 - no secret
    kept = [record for record in corpus if record["_id"] not in removed]
    graded = [(query, doc, "0" if doc in removed else grade) for query, doc, grade in qrels]
    return write_set(target, kept, read_records(folder / "queries.jsonl"), graded)


def without_heading(record: dict[str, Any]) -> dict[str, Any]:
    """An article without its heading and title."""
    heading, _, body = record["text"].partition("\n\n")
    return {**record, "title": "", "text": body if _has_heading(record) else heading + "\n\n" * bool(body) + body}


def _has_heading(record: dict[str, Any]) -> bool:
    heading, _, body = record["text"].partition("\n\n")
    return (
        bool(body.strip())
        and len(heading.split()) < _LONGEST_HEADING
        and not heading.rstrip().endswith((".", ";", ":"))
    )


def write_set(
    target: Path, corpus: list[dict[str, Any]], queries: list[dict[str, Any]], qrels: list[tuple[str, str, str]]
) -> str:
    """Writes a BEIR folder anew; says what is in it. `qrels`: question, record, grade."""
    shutil.rmtree(target, ignore_errors=True)
    (target / "qrels").mkdir(parents=True)
    for name, rows in (("corpus", corpus), ("queries", queries)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (target / f"{name}.jsonl").write_text(text, encoding="utf-8")
    lines = ["query-id\tcorpus-id\tscore", *("\t".join(row) for row in qrels)]
    (target / "qrels" / "test.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    answerable = {query for query, _, grade in qrels if int(grade) > 0}
    return f"{target}: {len(corpus)} records, {len(queries)} questions, {len(answerable)} answerable"


def read_records(path: Path) -> list[dict[str, Any]]:
    """The records of a .jsonl file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def _qrels(folder: Path) -> list[tuple[str, str, str]]:
    lines = (folder / "qrels" / "test.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [(query, doc, grade) for query, doc, grade in (line.split("\t") for line in lines if line.strip())]


if __name__ == "__main__":
    main()

"""
Whether a question that names an article gets it first, and one that names an absent article is told so.

    .venv/bin/python -m tests.benchmarks.lookups FOLDER [--suffix .docx] [--json OUT]

FOLDER holds `files/NAME.SUFFIX` and the plain texts `text/NAME.txt`, from whose lines "Điều N." the articles are taken.
All laws are in one index. Each article is asked for in three ways; 30 articles, clauses and documents that do not exist
are asked for as well. Exit code 1 unless every article is first and no absent one is "found".
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from embeddings import load_encoder
from retrieval.answering.answer import Answer
from retrieval.index.opening import open_place
from retrieval.language.spelling import fold
from retrieval.reading.corpus import walk
from retrieval.reading.provision import article_in
from retrieval.retriever import Retriever
from tests.benchmarks.__main__ import about
from tests.support.silent_progress import SilentProgress

WAYS = ("Điều {number} {title}", "{title} điều {number} quy định gì?", "bare")
ABSENT = 30
_ARTICLE = re.compile(r"^\s*Điều\s+(\d+)\s*\.", re.MULTILINE)
_OTHER_LAWS = ("Luật Đất đai", "Luật Hải quan", "Bộ luật Hàng hải", "Luật Thú y", "Luật Đê điều")


@dataclass(frozen=True, slots=True)
class Failure:
    """A question and what came first instead."""

    question: str
    state: str
    first: str


def main() -> int:
    """Ask, print and write the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--suffix", default=".docx")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        corpus = Path(work) / "corpus"
        corpus.mkdir()
        for file in sorted((chosen.folder / "files").glob(f"*{chosen.suffix}")):
            (corpus / file.name).write_bytes(file.read_bytes())
        encoder = load_encoder()
        open_place(Path(work) / "index").build(
            walk([corpus]), encoder, root=corpus, model=None, progress=SilentProgress()
        )
        retriever = Retriever(Path(work) / "index", encoder)
        result = _ask_all(retriever, chosen.folder / "text")
    text = json.dumps({**about(), "suffix": chosen.suffix, **result}, ensure_ascii=False, indent=2)
    if chosen.json:
        chosen.json.write_text(text + "\n", encoding="utf-8")
    print(text)
    return int(any(result["failures"].values()))


def _ask_all(retriever: Retriever, texts: Path) -> dict[str, dict[str, object]]:
    failures: dict[str, list[dict[str, str]]] = {way: [] for way in (*WAYS, "absent")}
    asked = dict.fromkeys(failures, 0)
    absent = [f"Điều {number} {law}" for number in (3, 17) for law in _OTHER_LAWS]
    absent += [f"{number}/2001/NĐ-CP quy định gì?" for number in (901, 902, 903, 904, 905)]
    titles = {Path(record.source).stem: record.title for record in retriever.documents()}
    for text in sorted(texts.glob("*.txt")):
        title, source = titles[text.stem], text.stem
        articles = sorted({int(number) for number in _ARTICLE.findall(text.read_text(encoding="utf-8"))})
        for number in articles:
            for way in WAYS:
                plain = (WAYS[0] if way == "bare" else way).format(number=number, title=title)
                question = fold(plain) if way == "bare" else plain
                asked[way] += 1
                answer = retriever.ask(question)
                if not _is_first(answer, source, number):
                    failures[way].append(asdict(_failure(question, answer)))
        absent += [f"Điều {articles[-1] + beyond} {title} quy định gì?" for beyond in (1, 2, 40, 77, 500)]
    for question in absent[:ABSENT]:
        asked["absent"] += 1
        answer = retriever.ask(question)
        if answer.state == "found":
            failures["absent"].append(asdict(_failure(question, answer)))
    return {"asked": asked, "failed": {way: len(found) for way, found in failures.items()}, "failures": failures}


def _is_first(answer: Answer, source: str, number: int) -> bool:
    if answer.state != "found" or not answer.hits:
        return False
    citation = answer.hits[0].quote.citation
    return Path(citation.source).stem == source and article_in(citation.section).split(",")[0] == f"Điều {number}"


def _failure(question: str, answer: Answer) -> Failure:
    first = answer.hits[0].quote.citation if answer.hits else None
    return Failure(question, answer.state, f"{first.source}: {first.section}" if first else "")


if __name__ == "__main__":
    sys.exit(main())

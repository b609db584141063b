"""
Measure answer times by stage, and peak memory, at a given number of passages.

    .venv/bin/python -m tests.benchmarks.latency ARTICLES --like INDEX --work DIR [--built]

Writes `results/latency-N.json`. The texts are news paragraphs and the questions are encoded by the bundled model. The
passages' vectors are generated around those of the given indexes, and their tokens are noise: encoding 70,000 takes
hours here, and every channel does the same work. The answers are therefore not to be looked at. Building and asking
are processes of their own, so that a peak is its own; the build's lacks the network that reads passages, 100 MB.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, PassageVectors, Tokens, load_encoder
from embeddings.encoder import Progress
from embeddings.vectors import unit_rows
from retrieval.evaluation.questions import read_question_file
from retrieval.index.opening import open_place
from retrieval.question.query import Query
from retrieval.reading.document import Block, Document
from retrieval.retriever import Retriever
from tests.benchmarks.__main__ import RESULTS, ROOT, about
from tests.benchmarks.process import memory_mb, peak_mb
from tests.benchmarks.synthetic_vectors import synthetic_vectors, windows_of
from tests.support.silent_progress import SilentProgress

QUESTIONS = ("seeds-dev.jsonl", "paraphrase-held-out.jsonl", "english-held-out.jsonl")
TOKENS_A_WORD = 1.3  # of the bundled model's tokenizer, in Vietnamese


class Hollow:
    """The bundled model for questions; for passages vectors like the `real` ones, (n, dim) float32 unit rows."""

    def __init__(self, model: Encoder, real: NDArray[np.float32]) -> None:
        self._model = model
        self._rows = chain.from_iterable(synthetic_vectors(real, sys.maxsize))
        self.name, self.dim, self.max_tokens, self.precision = (
            model.name,
            model.dim,
            model.max_tokens,
            model.precision,
        )
        self.dimensions, self.running, self.passages_at_once = model.dimensions, model.running, model.passages_at_once
        self.fingerprint = f"{model.fingerprint}/noise"
        self.token_fingerprint = f"{model.token_fingerprint}/noise"
        self._token_dim = model.encode_query_tokens("khởi động").vectors.shape[1]

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The model's."""
        return self._model.encode_queries(texts)

    def encode_query_tokens(self, text: str) -> Tokens:
        """The model's."""
        return self._model.encode_query_tokens(text)

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        """The next ones of those that are generated."""
        if progress:
            progress(len(texts))
        return np.array(list(islice(self._rows, len(texts))), np.float32).reshape(-1, self.dim)

    def mixes_with(self, token_fingerprint: str) -> bool:
        """With its own noise only."""
        return token_fingerprint == self.token_fingerprint

    def read_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[PassageVectors]:
        """Noise, as much as there would be tokens."""
        tokens = (_noise(round(TOKENS_A_WORD * len(t.split())), self._token_dim, len(t)) for t in texts)
        return list(map(PassageVectors, self.encode_passages(texts, progress=progress), tokens))


def _noise(rows: int, dim: int, seed: int) -> NDArray[np.float32]:
    return unit_rows(np.random.default_rng(seed).standard_normal((rows, dim), dtype=np.float32))


def main() -> None:
    """Builds, asks, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--like", type=Path, nargs="+", required=True)
    parser.add_argument("--passages", type=int, nargs="+", default=[1000, 70000])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--built", action="store_true", help="ask the indexes below --work as they are")
    parser.add_argument("--step", choices=("build", "ask"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        step = built if arguments.step == "build" else answered
        sys.stdout.write(json.dumps(step(arguments, arguments.passages[0])))
        return
    for passages in arguments.passages:
        path = RESULTS / f"latency-{passages}.json"
        load = round(os.getloadavg()[0], 1)
        build = {} if arguments.built else _child("build", passages)
        report = {**about(), "load": load, "build": build, **_child("ask", passages)}
        path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(json.dumps(report, indent=1) + "\n")


def _child(step: str, passages: int) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.benchmarks.latency", *sys.argv[1:]]
    done = subprocess.run(
        [*command, "--passages", str(passages), "--step", step], check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout))


def built(arguments: argparse.Namespace, passages: int) -> dict[str, object]:
    """Seconds and peak memory of the whole build."""
    encoder = Hollow(load_encoder(), windows_of(arguments.like))
    documents = articles(arguments.folder / "baomoi2017.jsonl.gz", passages)
    start = time.perf_counter()
    open_place(arguments.work / str(passages)).build(
        documents, encoder, root=None, model=None, progress=SilentProgress()
    )
    return {"seconds": round(time.perf_counter() - start), "peak_mb": round(peak_mb())}


def answered(arguments: argparse.Namespace, passages: int) -> dict[str, object]:
    """What `asked` measures, and the memory of the process that answered."""
    encoder = Hollow(load_encoder(), windows_of(arguments.like))
    report = asked(Retriever(arguments.work / str(passages), encoder), encoder)
    return {**report, "peak_mb": round(peak_mb()), "memory_mb": {kind: round(mb) for kind, mb in memory_mb().items()}}


def articles(path: Path, passages: int) -> Iterator[Document]:
    """Articles with `passages` paragraphs together."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        paragraphs = ((number, text) for number, line in enumerate(file) for text in json.loads(line)["paragraphs"])
        grouped: dict[int, list[str]] = {}
        for number, text in islice(((n, t.strip()) for n, t in paragraphs if t.strip()), passages):
            grouped.setdefault(number, []).append(text)
    for number, texts in grouped.items():
        yield as_document(f"{number:05}", texts)


def as_document(name: str, paragraphs: list[str]) -> Document:
    """A document of these paragraphs; its title is the beginning of the first."""
    text = "\n".join(paragraphs)
    ends = np.cumsum([len(paragraph) + 1 for paragraph in paragraphs]).tolist()
    blocks = tuple(
        Block("paragraph", end - 1 - len(words), end - 1) for end, words in zip(ends, paragraphs, strict=True)
    )
    return Document(
        doc_id=name,
        source=name,
        title=paragraphs[0][:80],
        publisher="",
        author="",
        published=None,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        blocks=blocks,
    )


def asked(retriever: Retriever, encoder: Encoder) -> dict[str, object]:
    """
    Median and 95th percentile of each stage, in milliseconds, over questions about the seeds, each asked once, since
    the encoder remembers the last ones; and of what a question costs before re-ranking beyond the encoder by itself,
    which reads the same again when it has forgotten it.
    """
    questions = [question.text for name in QUESTIONS for question in read_question_file(ROOT / "tests" / name)]
    retriever.warm_up()
    answers = [retriever.ask(question) for question in dict.fromkeys(questions)]
    stages = {stage: [answer.milliseconds[stage] for answer in answers] for stage in answers[0].milliseconds}
    alone = [_spent(encoder, answer.query) for answer in answers]
    before = zip(*(stages[stage] for stage in ("understand", "encode", "search")), strict=True)
    whole = [answer.milliseconds["total"] for answer in answers]
    stages |= {
        "encoder alone": alone,
        "beyond it": [sum(own) - less for own, less in zip(before, alone, strict=True)],
        "whole beyond it": [own - less for own, less in zip(whole, alone, strict=True)],
    }
    manifest = retriever.manifest()
    return {
        "passages": manifest.passages,
        "windows": manifest.windows,
        "questions": len(answers),
        "milliseconds": {
            stage: {f"p{p}": round(float(np.percentile(spent, p)), 1) for p in (50, 95)}
            for stage, spent in stages.items()
        },
    }


def _spent(encoder: Encoder, query: Query) -> float:
    start = time.perf_counter()
    encoder.encode_queries((*query.readings, *filter(None, [query.official_text])))
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()

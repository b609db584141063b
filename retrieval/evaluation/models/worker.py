"""
The process that measures one model: `python -m retrieval.evaluation.models.worker OUT`, the request on standard input.

One process indexes and another one asks, so that each one's peak memory is its own.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from embeddings import EmbeddingError, Encoder, load_encoder
from embeddings.disk_size import disk_size
from retrieval.errors import RetrievalError
from retrieval.evaluation.evaluator import EvaluatedQuestion, SetReport, evaluate
from retrieval.evaluation.mode import MODES, Mode
from retrieval.evaluation.models.request import Request
from retrieval.evaluation.question_set import spread
from retrieval.evaluation.questions import (
    EvalQuestion,
    read_beir_corpus,
    read_beir_questions,
    read_question_file,
)
from retrieval.index.build.embedding_cache import EmbeddingCache
from retrieval.index.build.encoder_input import piece_texts, window_texts
from retrieval.index.opening import open_place
from retrieval.index.place import Place
from retrieval.language.glossary import glossary
from retrieval.passage import Passage
from retrieval.reading.corpus import Refusal, walk
from retrieval.reading.document import Document
from retrieval.retriever import Retriever

_SAMPLE = 40  # passages whose encoding is timed


class _Silence:
    """A progress display that prints nothing: the parent says which step runs."""

    def start(self, step: str, total: int) -> None:
        """A step begins."""

    def advance(self, units: int) -> None:
        """Units are done."""


def index_corpora(request: Request) -> dict[str, Any]:
    """Index each corpus, and time the model."""
    began = time.perf_counter()
    model = request.manifest_model
    encoder = load_encoder(model, options=request.options)
    encoder.encode_passages(["khởi động"])
    loaded = time.perf_counter() - began
    places = [_build(request, corpus, sets[0], encoder) for corpus, sets in request.corpora().items()]
    passages = [each for place in places for each in _passages(place)]
    return {
        "fingerprint": encoder.fingerprint,
        "dimensions": encoder.dim,
        "max_tokens": encoder.max_tokens,
        "model_mb": round(disk_size(model) / 1e6, 1),
        "index_mb": round(sum(place.size() for place in places) / 1e6, 1),
        "load_seconds": round(loaded, 2),
        "passages": len(passages),
        "passages_per_second": round(_encoding_speed(encoder, spread(passages, _SAMPLE)), 2),
        "indexing_mb": round(_peak_mb()),
    }


def ask_sets(request: Request) -> dict[str, Any]:
    """Ask the sets in every way, as a process does that only answers."""
    sets: dict[str, dict[str, Any]] = {}
    outcomes: list[EvaluatedQuestion] = []
    for corpus, paths in request.corpora().items():
        retriever = Retriever(request.index_of(corpus), options=request.options)
        retriever.warm_up()
        for path in paths:
            sets[path.name] = {}
            for name, mode, questions in _ways(_questions(path, request.limit)):
                report = evaluate(retriever, questions, mode=mode)
                sets[path.name][name] = _figures(report)
                outcomes += report.outcomes if mode == "full" else ()
    return {"sets": sets, "milliseconds": _percentiles(outcomes), "answering_mb": round(_peak_mb())}


def main(request: Request, out: Path) -> None:
    """Write the figures, or the reason why there are none."""
    steps = {"index": index_corpora, "ask": ask_sets}
    try:
        found = steps[request.step](request)
    except (EmbeddingError, RetrievalError) as error:
        found = {"reason": str(error)}
    except Exception as error:  # noqa: BLE001 - models fail in countless ways, and the others are measured all the same
        found = {"reason": f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"}
    out.write_text(json.dumps(found), encoding="utf-8")


def _build(request: Request, corpus: str, path: Path, encoder: Encoder) -> Place:
    index = request.index_of(corpus)
    entries: Iterable[Document | Refusal]
    if path.is_dir():
        entries, root = read_beir_corpus(path), None
    else:
        files = walk([Path(one) for one in request.documents], content_cache=index.parent / "contents.sqlite")
        entries, root = files.read(), files.root
    place = open_place(index)
    place.build(entries, encoder, root=root, model=request.manifest_model, progress=_Silence())
    return place


def _passages(place: Place) -> list[tuple[str, Passage]]:
    """Each passage with its document's title."""
    stored = place.open_documents()
    doc_ids = [record.doc_id for record in stored.documents()]
    documents = stored.stored_documents(doc_ids, with_passages=set(doc_ids))
    return [(each.record.title, passage) for each in documents.values() for passage in each.passages]


def _encoding_speed(encoder: Encoder, passages: Iterable[tuple[str, Passage]]) -> float:
    """Passages a second, encoded as a build encodes new ones."""
    chosen = list(passages)
    pieces = [text for each in chosen for text in piece_texts(*each)]
    windows = [text for each in chosen for text in window_texts(*each)]
    with tempfile.TemporaryDirectory() as folder, EmbeddingCache(Path(folder) / "embeddings.sqlite") as cache:
        began = time.perf_counter()
        cache.encode_missing(encoder, cache.missing_texts(encoder, pieces, windows))
        return len(chosen) / (time.perf_counter() - began)


def _questions(path: Path, limit: int | None) -> list[EvalQuestion]:
    questions = read_beir_questions(path) if path.is_dir() else read_question_file(path)
    return questions if limit is None else spread(questions, limit)


def _ways(questions: list[EvalQuestion]) -> Iterator[tuple[str, Mode, list[EvalQuestion]]]:
    """
    What to call it, how to type, and what.

    English has no diacritics to leave out.
    """
    english = [question for question in questions if glossary().is_english(question.text)]
    others = [question for question in questions if not glossary().is_english(question.text)]
    yield from ((mode, mode, others) for mode in MODES if others)
    if english:
        yield "english", "full", english


def _figures(report: SetReport) -> dict[str, Any]:
    answerable = sum(bool(outcome.question.gold) for outcome in report.outcomes)
    return {
        "answerable": answerable,
        "unanswerable": report.queries - answerable,
        "measures": {name: round(value, 4) for name, value in report.measures.items()},
        "states": report.states,
    }


def _percentiles(outcomes: Iterable[EvaluatedQuestion]) -> Mapping[str, float]:
    totals = [outcome.answer.milliseconds["total"] for outcome in outcomes]
    return {f"p{p}": round(float(np.percentile(totals, p)), 1) for p in (50, 95)} if totals else {}


def _peak_mb() -> float:
    """
    The peak of this process's resident memory, 0 where the system does not say.

    Not `ru_maxrss`, which a process inherits from its parent.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main(Request.loads(sys.stdin.read()), Path(sys.argv[1]))

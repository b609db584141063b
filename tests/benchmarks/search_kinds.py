"""
Compare recall and cost of FAISS index types: the measurement behind `ivf_index`.

    .venv/bin/python -m tests.benchmarks.search_kinds --like INDEX...

Recall@10 against exact search for the corpus's own windows and for the seeds' questions, and processor time a query
on one thread. What looks into cells or graphs is told to look at more and more; codes of one or four bits put 1,000
windows forward, whose exact order counts. Writes `results/search-kinds.md`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings import load_encoder
from retrieval.evaluation.questions import read_question_file
from tests.benchmarks.__main__ import RESULTS, ROOT, about
from tests.benchmarks.synthetic_vectors import windows_of

IP = faiss.METRIC_INNER_PRODUCT
EXACT = ("Flat", "SQfp16", "SQbf16", "SQ8", "PQ96x4fs", "RaBitQ")
SHARES = (16, 8, 4, 2)  # of the cells: one in so many
Kind = tuple[str, faiss.Index, faiss.SearchParameters | None]


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--like", type=Path, nargs="+", required=True)
    windows = windows_of(parser.parse_args().like)
    asked = [question.text for question in read_question_file(ROOT / "tests" / "seeds-dev.jsonl")]
    samples = (
        windows[np.random.default_rng(0).permutation(len(windows))[:200]],
        load_encoder().encode_queries(asked),
    )
    faiss.omp_set_num_threads(1)
    truths = [faiss.knn(sample, windows, 10, metric=IP)[1] for sample in samples]
    lines = [
        f"{len(windows)} windows of the bundled model, {about()['commit']}, faiss {faiss.__version__}.",
        "",
        "| index | recall@10, own windows | recall@10, questions | ms a query |",
        "| --- | --- | --- | --- |",
    ]
    for name, index, settings in kinds(windows):
        found = [recall(index, settings, sample, truth) for sample, truth in zip(samples, truths, strict=True)]
        milliseconds = timed(lambda query, i=index, s=settings: i.search(query, 1000, params=s), samples[1])
        lines.append(f"| {name} | {found[0]:.4f} | {found[1]:.4f} | {milliseconds:.2f} |")
        sys.stdout.write(f"{lines[-1]}\n")
    (RESULTS / "search-kinds.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def kinds(windows: NDArray[np.float32]) -> Iterator[Kind]:
    """Each index with each of its settings."""
    for name in EXACT:
        yield name, _filled(name, windows), None
    cells = round(len(windows) ** 0.5)
    for codes, settings in (("SQfp16", faiss.SearchParametersIVF), ("RaBitQ", faiss.IVFRaBitQSearchParameters)):
        index = _filled(f"IVF{cells},{codes}", windows)
        more = {"qb": 8} if codes == "RaBitQ" else {}
        for share in SHARES:
            yield f"IVF{cells},{codes}, 1/{share} of the cells", index, settings(nprobe=cells // share, **more)
    graph = _filled("HNSW32_SQfp16", windows)
    for width in (100, 200, 400, 800):
        yield f"HNSW32,SQfp16, efSearch {width}", graph, faiss.SearchParametersHNSW(efSearch=width)


def _filled(name: str, windows: NDArray[np.float32]) -> faiss.Index:
    index = faiss.index_factory(windows.shape[1], name, IP)
    index.train(windows)
    index.add(windows)
    return index


def recall(
    index: faiss.Index,
    settings: faiss.SearchParameters | None,
    queries: NDArray[np.float32],
    truth: NDArray[np.int64],
) -> float:
    """The share of the ten nearest among what is found: the first ten, or of small codes the first 1,000."""
    small = any(kind in type(index).__name__ for kind in ("RaBitQ", "PQFastScan"))
    _, found = index.search(queries, 1000 if small else 10, params=settings)
    return float(np.mean([np.isin(near, own).mean() for near, own in zip(truth, found, strict=True)]))


def timed(search: Callable[[NDArray[np.float32]], object], queries: NDArray[np.float32]) -> float:
    """The median of the processor's milliseconds for one query."""
    spent = []
    for query in queries:
        start = time.process_time()
        search(query[None])
        spent.append((time.process_time() - start) * 1000)
    return float(np.median(spent))


if __name__ == "__main__":
    main()

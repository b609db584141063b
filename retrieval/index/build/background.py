"""
Compare a model with the bundled one on the documents.

`scoring.model_scale` fits its lines from what is found here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index.build.encoder_input import piece_texts, window_texts
from retrieval.index.scoring.late_interaction import maxsim_scores
from retrieval.index.scoring.model_scale import Background, LevelSums, PairSums
from retrieval.index.scoring.token_codes import Codes, block_similarities
from retrieval.reading.collection import collection_of

if TYPE_CHECKING:
    from embeddings import Encoder
    from retrieval.index.build.document_collector import SplitDocument
    from retrieval.index.build.embedding_cache import EmbeddingCache
    from retrieval.passage import Passage

    _Entry = tuple[str, Passage]  # with its document's title

# Of each collection: so many places, each of so many neighbours, since a question's candidates are much alike.
_PLACES, _NEIGHBOURS = 12, 4
_SNIPPET = 12  # words


def measure_background(
    documents: Sequence[SplitDocument],
    encoder: Encoder,
    bundled: Callable[[], Encoder],
    cache: EmbeddingCache,
    previous: Background | None,
) -> dict[str, dict[str, Any]]:
    """
    The background of each collection.

    Snippets of the passages, as long as questions, stand for questions.

    Args:
        bundled: loads the bundled model.
        previous: the background by the same model in the generation before; what was measured of the same texts is
            taken over.
    """
    found: dict[str, dict[str, Any]] = {}
    for collection, chosen in sorted(_samples(documents).items()):
        known = (previous or {}).get(collection, {})
        digest = _digest(chosen)
        measured = known if known.get("sample") == digest else _measure(chosen, encoder, bundled(), cache)
        found[collection] = {**measured, "sample": digest}
    return found


def _measure(chosen: Sequence[_Entry], encoder: Encoder, bundled: Encoder, cache: EmbeddingCache) -> dict[str, Any]:
    own, its = (_similarities(each, chosen, cache) for each in (encoder, bundled))
    compared = dict(zip(("cosine", "near"), zip(own, its, strict=True), strict=True))
    pairs = {name: PairSums.of(*arrays).to_json() for name, arrays in compared.items()}
    return pairs | {f"{name} level": LevelSums.of(*arrays).to_json() for name, arrays in compared.items()}


def _samples(documents: Sequence[SplitDocument]) -> dict[str, list[_Entry]]:
    """Evenly spaced stretches of neighbours of each collection."""
    sizes = Counter(collection for collection, _ in _paragraphs(documents))
    steps = {collection: max(_NEIGHBOURS, size // _PLACES) for collection, size in sizes.items()}
    numbers = {collection: count() for collection in sizes}
    samples: dict[str, list[_Entry]] = {collection: [] for collection in sizes}
    for collection, entry in _paragraphs(documents):
        stretch, place = divmod(next(numbers[collection]), steps[collection])
        if stretch < _PLACES and place < _NEIGHBOURS:
            samples[collection].append(entry)
    return samples


def _paragraphs(documents: Iterable[SplitDocument]) -> Iterator[tuple[str, _Entry]]:
    """Each paragraph with its document's title, and its collection before it."""
    for each in documents:
        collection = collection_of(each.document.doc_id)
        yield from ((collection, (each.document.title, p)) for p in each.passages if p.kind == "paragraph")


def _digest(chosen: Sequence[_Entry]) -> str:
    texts = "\0".join(text for entry in chosen for text in piece_texts(*entry))
    return hashlib.sha256(texts.encode()).hexdigest()[:16]


def _snippet(passage: Passage) -> str:
    """Words from the middle of a passage."""
    words = passage.text.split()
    start = max(0, (len(words) - _SNIPPET) // 2)
    return " ".join(words[start : start + _SNIPPET])


def _similarities(
    encoder: Encoder, entries: Sequence[_Entry], cache: EmbeddingCache
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """
    The best window's cosine and the MaxSim score of each snippet and passage.

    Both (snippets, passages) float32.
    """
    snippets = [_snippet(passage) for _, passage in entries]
    windows, pieces = ([texts(*entry) for entry in entries] for texts in (window_texts, piece_texts))
    cache.encode_missing(encoder, cache.missing_texts(encoder, list(_flat(pieces)), list(_flat(windows))))
    vectors = cache.encode_passages(encoder, list(_flat(windows)))
    compared = encoder.encode_queries(snippets) @ vectors.T
    starts = np.cumsum([0, *map(len, windows)])[:-1]
    cosines = np.maximum.reduceat(compared, starts, axis=1)
    codes = cache.codes(encoder, list(_flat(pieces)))
    passages = [np.concatenate([next(codes) for _ in own]) for own in pieces]
    near = [_nearness(encoder, snippet, passages) for snippet in snippets]
    return cosines, np.array(near, np.float32)


def _nearness(encoder: Encoder, snippet: str, passages: Sequence[Codes]) -> list[float]:
    tokens = encoder.encode_query_tokens(snippet).vectors
    weights = np.full(len(tokens), 1 / max(1, len(tokens)), np.float32)
    return maxsim_scores([weights], block_similarities(passages, tokens))


def _flat(texts: Iterable[Sequence[str]]) -> Iterable[str]:
    return (text for own in texts for text in own)

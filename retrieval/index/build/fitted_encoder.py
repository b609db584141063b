"""
The encoder of a build: with the projection of before, or one learned now.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings import Encoder, Projection, ProjectionLearner
from retrieval.index.build.embedding_cache import EmbeddingCache
from retrieval.index.build.encoder_input import piece_texts
from retrieval.index.manifest import fit_to_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.index.build.document_collector import SplitDocument
    from retrieval.index.build.previous_generation import PreviousGeneration

_SAMPLE = 256  # texts: some 20,000 tokens, for 128 directions


def fitted_encoder(
    encoder: Encoder, documents: Sequence[SplitDocument], previous: PreviousGeneration | None, cache: Path
) -> Encoder:
    """
    The encoder by whose projection the documents' token vectors are computed.

    The projection stays the same as long as the model does, since all token vectors would have to be computed again.
    One that was learned from few texts is learned anew when there are twice as many.
    """
    if not isinstance(encoder, ProjectionLearner) or not encoder.learns_projection:
        return encoder
    passages = sum(len(each.passages) for each in documents)
    known = _known(encoder, previous)
    if known and (known.texts >= _SAMPLE or 2 * known.texts > passages):
        return encoder.with_projection(known)
    entries = (entry for each in documents for entry in each.titled_passages)
    chosen = [*islice(islice(entries, 0, None, max(passages // _SAMPLE, 1)), _SAMPLE)]
    with EmbeddingCache(cache) as stored:
        return encoder.with_projection(stored.projection(encoder, [piece_texts(*each)[0] for each in chosen]))


def _known(encoder: ProjectionLearner, previous: PreviousGeneration | None) -> Projection | None:
    """The projection of the generation before, if it is of this model."""
    if previous is None or not fit_to_index(encoder, previous.manifest).mixes_with(previous.manifest.token_fingerprint):
        return None
    return previous.manifest.projection

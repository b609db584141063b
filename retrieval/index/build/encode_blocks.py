"""
Encode what the cache lacks, a block of passages at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from embeddings import Encoder
    from retrieval.index.build.embedding_cache import EmbeddingCache
    from retrieval.index.build.progress import Progress

PASSAGES: Final = 20_000  # in a block: its texts are sorted by length, so that the encoder reads like ones together
Texts = tuple[Sequence[str], Sequence[str]]  # pieces, windows


def encode_blocks(
    blocks: Callable[[], Iterable[Texts]], encoder: Encoder, cache: EmbeddingCache, progress: Progress
) -> None:
    """
    Encode the texts that the cache lacks.

    Args:
        blocks: gives the same blocks anew each time: the work is known before it begins.
    """
    works = [cache.missing_texts(encoder, *texts).work(encoder) for texts in blocks()]
    progress.start("encoding", sum(works))
    if not any(works):
        return
    for work, texts in zip(works, blocks(), strict=True):
        missing = cache.missing_texts(encoder, *texts)
        cache.encode_missing(encoder, missing, progress.advance)
        if others := work - missing.work(encoder):
            progress.advance(others)  # texts that a block before had too

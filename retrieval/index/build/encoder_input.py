"""
The texts that the encoder reads: windows for the dense channel, pieces for token vectors.
"""

from __future__ import annotations

from itertools import chain, islice, starmap
from typing import TYPE_CHECKING

from retrieval.window import split_pieces, split_windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from embeddings import Encoder
    from retrieval.passage import Passage
    from retrieval.window import Window


def piece_texts(title: str, passage: Passage) -> tuple[str, ...]:
    """The texts of a passage's pieces, in reading order, with its document's title."""
    return tuple(window_text(title, passage, piece) for piece in split_pieces(passage.text))


def window_texts(title: str, passage: Passage) -> tuple[str, ...]:
    """The texts of a passage's windows, likewise."""
    return tuple(window_text(title, passage, window) for window in split_windows(passage.text))


def encoded_texts(entries: Sequence[tuple[str, Passage]]) -> tuple[list[str], list[str]]:
    """All pieces, then all windows, of passages with their titles, as texts."""
    pieces, windows = ([*chain.from_iterable(starmap(texts, entries))] for texts in (piece_texts, window_texts))
    return pieces, windows


def sample_queries(entries: Iterable[tuple[str, Passage]], windows: int, encoder: Encoder) -> NDArray[np.float32]:
    """
    Vectors of question-like snippets of evenly spaced windows, (at most 200, dim) float32 unit rows.

    Args:
        windows: how many windows the passages, each with its title, have together.
    """
    texts = chain.from_iterable(starmap(window_texts, entries))
    chosen = islice(islice(texts, 0, None, max(windows // 200, 1)), 200)
    return encoder.encode_queries([" ".join(text.splitlines()[-1].split()[:12]) for text in chosen])


def window_text(title: str, passage: Passage, window: Window) -> str:
    """The encoder's text of a window: the document's title, the section and the window's words."""
    context = " › ".join(part for part in (title, passage.section) if part)
    words = passage.text[window.start : window.end]
    return f"{context}\n{words}" if context else words

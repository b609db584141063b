"""
What both encoders do with the numbers that come out of a model.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def unit_rows(vectors: Vectors) -> Vectors:
    """(n, dim) float32 -> each row divided by its length. A row of zeros stays so."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled


def own_tokens(states: Vectors, spans: Sequence[tuple[int, int]], special: Sequence[int], prompt: str) -> Vectors:
    """
    The rows of `states` (tokens, dim) that stand for the text itself, as unit rows. `spans[i]` is token i's
    place in prompt + text, `special[i]` is 1 for `<s>` and its like. The blank that ends a prompt belongs to
    the text's first token in some tokenizers and to none in others, hence the `rstrip`.
    """
    begin = len(prompt.rstrip())
    own = [not is_special and start >= begin for (start, _), is_special in zip(spans, special, strict=True)]
    return unit_rows(states[np.array(own, dtype=bool)])

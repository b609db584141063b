"""
The projection learned from an index's passages, a file of its generation.
"""

from __future__ import annotations

from pathlib import Path

from embeddings import Encoder, Projection, ProjectionLearner
from retrieval.errors import DamagedIndex

FILE = "projection.npz"


def write_projection(generation: Path, encoder: Encoder) -> None:
    """Keep what the encoder's token vectors were projected by, if it was learned."""
    if isinstance(encoder, ProjectionLearner) and encoder.learns_projection:
        (generation / FILE).write_bytes(encoder.projection.dump())


def read_projection(generation: Path) -> Projection | None:
    """The learned projection, None where the encoder brings its own; DamagedIndex if it is unreadable."""
    try:
        return Projection.load((generation / FILE).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError) as error:
        raise DamagedIndex(f"{generation / FILE} cannot be read ({error}): run `trichdan index --rebuild`") from error

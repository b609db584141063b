"""
The manifest of a generation: what it was built from and with.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from embeddings import Encoder, Precision, Projection, ProjectionLearner
from retrieval.index.scoring.model_scale import Background
from retrieval.index.scoring.search_plan import SearchPlan

FORMAT = 6  # bump when an older index would be misread or misranked


@dataclass(frozen=True, slots=True)
class Manifest:
    """A generation's metadata; `files` maps each relative path to its sha256."""

    created: str  # ISO 8601, UTC
    program: str  # what computed it: see `build.program`
    model: str | None  # the --model option; None for the bundled model
    precision: Precision
    fingerprint: str
    token_fingerprint: str
    root: str | None  # the corpus, relative to the index folder; None when not built from files
    documents: int
    passages: int
    windows: int
    files: dict[str, str]
    search: SearchPlan | None = None  # None in older manifests: exact
    previous: str | None = None  # the generation that was live when this one was built; see `history`
    dimensions: int | None = None  # that vectors are cut to, by --dimensions
    background: Background | None = None  # of another model than the bundled one
    format: int = FORMAT
    projection: Projection | None = field(default=None, compare=False, repr=False)  # a file of its own


@dataclass(frozen=True, slots=True)
class BuildOrigin:
    """What a rebuild needs: the corpus and the model, as in `Manifest`."""

    root: str | None
    model: str | None
    dimensions: int | None = None


def fit_to_index(encoder: Encoder, manifest: Manifest) -> Encoder:
    """The encoder with the index's projection, by which questions are compared with its passages."""
    if manifest.projection is None or not isinstance(encoder, ProjectionLearner) or not encoder.learns_projection:
        return encoder
    return encoder.with_projection(manifest.projection)

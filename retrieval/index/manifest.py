"""
The manifest of a generation: what it was built from and with.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace

from embeddings import Encoder, Precision, Projection, ProjectionLearner
from retrieval.errors import DamagedIndex, IndexMismatch
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


def manifest_text(manifest: Manifest) -> str:
    """
    A manifest in JSON, without its projection.

    Links are named only where there are any: the version before, to which somebody may go back, knows none.
    """
    fields = asdict(replace(manifest, projection=None))
    if manifest.search and not manifest.search.links:
        del fields["search"]["links"], fields["search"]["explored"]
    return json.dumps({name: value for name, value in fields.items() if name != "projection"}, indent=1)


def manifest_from(text: str, where: object, read_projection: Callable[[], Projection | None]) -> Manifest:
    """
    What `manifest_text` wrote.

    `where`: names it in errors.

    Raises:
        DamagedIndex: it is unreadable.
        IndexMismatch: another version wrote it.
    """
    try:
        fields = json.loads(text)
        found = fields["format"]
        if found == FORMAT:
            plan = fields.pop("search", None)
            search, projection = SearchPlan(**plan) if plan else None, read_projection()
            return Manifest(**fields, search=search, projection=projection)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise unreadable_manifest(where, error) from error
    raise IndexMismatch(
        f"this version reads indexes of format {FORMAT}, {where} has format {found}: run `trichdan index --rebuild`"
    )


def origin_from(text: str, where: object) -> BuildOrigin:
    """What a manifest of any format was built from; DamagedIndex when it does not say."""
    try:
        fields = json.loads(text)
        return BuildOrigin(fields["root"], fields["model"], fields.get("dimensions"))
    except (ValueError, KeyError, TypeError) as error:
        raise unreadable_manifest(where, error) from error


def unreadable_manifest(where: object, error: Exception) -> DamagedIndex:
    """The error of a manifest that cannot be read."""
    return DamagedIndex(f"{where} cannot be read ({error}): run `trichdan index --rebuild`")


def fit_to_index(encoder: Encoder, manifest: Manifest) -> Encoder:
    """The encoder with the index's projection, by which questions are compared with its passages."""
    if manifest.projection is None or not isinstance(encoder, ProjectionLearner) or not encoder.learns_projection:
        return encoder
    return encoder.with_projection(manifest.projection)

"""
Fingerprints: short names for "the same vectors".
"""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path

from embeddings.device import DEVICES, Device
from embeddings.durable_file import file_sha256
from embeddings.engine import ENGINES, Engine
from embeddings.precision import PRECISIONS, Precision
from embeddings.projection import Projection
from embeddings.prompts import Prompts

# Bump when the code changes vectors for the same files, prompts and precision.
_ENCODING_VERSION = 1
_HASHED_SUFFIXES = frozenset({".json", ".safetensors", ".bin", ".txt", ".model", ".py"})


@dataclass(frozen=True, slots=True)
class ModelSource:
    """
    A model and its settings; `weights` is a digest of all its files.

    `dimensions` is the number that vectors are cut to, None for the model's own.
    """

    name: str
    weights: str
    prompts: Prompts
    max_tokens: int
    dimensions: int | None = None

    def fingerprint(self, precision: Precision, engine: Engine, device: Device = "cpu") -> str:
        """
        The passage fingerprint, readable so that errors show what differs.

        Example: "multilingual-e5-small/openvino-bfloat16/ed0b111f1c3d"
        """
        parts = [_ENCODING_VERSION, self.weights, self.prompts.query, self.prompts.passage, self.max_tokens, precision]
        parts += [] if self.dimensions is None else [self.dimensions]
        digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        way: list[str] = [] if engine == "sentence-transformers" else [engine]
        way += [] if device == "cpu" else [device]
        return f"{self.name}/{'-'.join([*way, precision])}/{digest[:12]}"

    def could_produce(self, token_fingerprint: str, projection: str) -> bool:
        """
        Whether that fingerprint is of this source and projection, in any precision, engine and device.

        Queries find the same in all of them: see "What may be mixed" in the README.
        """
        return any(token_fingerprint == f"{fingerprint}/{projection}" for fingerprint in _fingerprints(self))


@lru_cache(maxsize=16)  # asked for each question
def _fingerprints(source: ModelSource) -> frozenset[str]:
    """The passage fingerprints of a source in all precisions, engines and devices."""
    return frozenset(source.fingerprint(*way) for way in product(PRECISIONS, ENGINES, DEVICES))


class FingerprintedEncoder:
    """Base of encoders: fingerprints of vectors and tokens; `projection` is of the tokens."""

    passages_at_once = 256  # what two cores read in about ten seconds

    def __init__(self, source: ModelSource, fingerprint: str, projection: Projection) -> None:
        self._source = source
        self.fingerprint = fingerprint
        self.projection = projection

    @property
    def dimensions(self) -> int | None:
        """The number that vectors are cut to; None for the model's own."""
        return self._source.dimensions

    @property
    def token_fingerprint(self) -> str:
        """Identifies token vectors: differs whenever they could."""
        return f"{self.fingerprint}/{self.projection.fingerprint}"

    def mixes_with(self, token_fingerprint: str) -> bool:
        """Whether queries encoded here may search passages with that fingerprint."""
        return self._source.could_produce(token_fingerprint, self.projection.fingerprint)

    def is_model_of(self, fingerprint: str) -> bool:
        """Whether a passage fingerprint is of this model, however run."""
        return fingerprint in _fingerprints(self._source)


def folder_id(folder: Path) -> str:
    """
    The sha256 over names and contents of all files that can change a vector.

    Weights, tokenizer, pooling and normalisation are read each time (0.3 s for 235 MB): a cache keyed by size and time
    could miss a change.
    """
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in _HASHED_SUFFIXES and path.is_file()):
        digest.update(f"{file.relative_to(folder).as_posix()}\0{file_sha256(file)}\n".encode())
    return digest.hexdigest()

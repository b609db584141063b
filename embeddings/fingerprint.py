"""
A short name for "the same vectors".

Apart from the encoder so that what counts as the same stands in one place.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from embeddings.durable_file import file_sha256
from embeddings.engine import ENGINES, Engine
from embeddings.precision import PRECISIONS, Precision
from embeddings.projection import Projection
from embeddings.prompts import Prompts

# Raise it when the code changes vectors for the same files, prompts and precision.
_ENCODING = 1
_MATTERS = frozenset({".json", ".safetensors", ".bin", ".txt", ".model", ".py"})


@dataclass(frozen=True, slots=True)
class Source:
    """What vectors come from, however they are computed; `weights` stands for all files of the model."""

    name: str
    weights: str
    prompts: Prompts
    max_tokens: int

    def fingerprint(self, precision: Precision, engine: Engine) -> str:
        """
        Of passages. Example: "multilingual-e5-small/openvino-bfloat16/ed0b111f1c3d". Readable, so that an error that
        names two of them says what differs.
        """
        parts = [_ENCODING, self.weights, self.prompts.query, self.prompts.passage, self.max_tokens, precision]
        digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        way = precision if engine == "sentence-transformers" else f"{engine}-{precision}"
        return f"{self.name}/{way}/{digest[:12]}"

    def gave(self, token_fingerprint: str, projection: str) -> bool:
        """
        Whether passages with that fingerprint are of this source and this projection, in whatever way they were
        computed. What a question finds is the same in all of them: see "What may be mixed" in the README.
        """
        ways = ((precision, engine) for precision in PRECISIONS for engine in ENGINES)
        return any(token_fingerprint == f"{self.fingerprint(*way)}/{projection}" for way in ways)


class Fingerprinted:
    """What an encoder says of where its vectors come from; `projection` is that of its tokens."""

    def __init__(self, source: Source, fingerprint: str, projection: Projection) -> None:
        self._source = source
        self.fingerprint = fingerprint
        self.projection = projection

    @property
    def token_fingerprint(self) -> str:
        """Differs whenever the tokens' vectors would, also where `fingerprint` does not."""
        return f"{self.fingerprint}/{self.projection.fingerprint}"

    def mixes_with(self, token_fingerprint: str) -> bool:
        """Whether a question encoded here may be asked of passages with that fingerprint."""
        return self._source.gave(token_fingerprint, self.projection.fingerprint)


def folder_id(folder: Path) -> str:
    """
    The sha256 over the names and contents of every file that can change a vector: weights, tokenizer,
    pooling, normalisation. All is read each time (0.3 s for 235 MB): a cache keyed by size and time could
    miss a change.
    """
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in _MATTERS and path.is_file()):
        digest.update(f"{file.relative_to(folder).as_posix()}\0{file_sha256(file)}\n".encode())
    return digest.hexdigest()

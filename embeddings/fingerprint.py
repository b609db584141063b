"""
A short name for "the same vectors".

Apart from the encoder so that what counts as the same stands in one place.
"""

import hashlib
import json
from pathlib import Path

from embeddings.precision import Precision
from embeddings.prompts import Prompts
from embeddings.sealed import sha256_of

# Raise it when the code changes vectors for the same files, prompts and precision.
_ENCODING = 1
_MATTERS = frozenset({".json", ".safetensors", ".bin", ".txt", ".model", ".py"})


def fingerprint(name: str, weights: str, prompts: Prompts, max_tokens: int, precision: Precision) -> str:
    """
    Example: "multilingual-e5-small/bfloat16/ed0b111f1c3d". Readable, so that an error that names two of them
    says what differs. `weights` stands for all files of the model.
    """
    parts = [_ENCODING, weights, prompts.query, prompts.passage, max_tokens, precision]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return f"{name}/{precision}/{digest[:12]}"


def folder_id(folder: Path) -> str:
    """
    The sha256 over the names and contents of every file that can change a vector: weights, tokenizer,
    pooling, normalisation. All is read each time (0.3 s for 235 MB): a cache keyed by size and time could
    miss a change.
    """
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in _MATTERS and path.is_file()):
        digest.update(f"{file.relative_to(folder).as_posix()}\0{sha256_of(file)}\n".encode())
    return digest.hexdigest()

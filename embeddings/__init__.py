"""
Text encoders: texts to unit vectors.

The names below are imported on first use, so that `trichdan --help` does not even import NumPy; torch and
sentence-transformers, or OpenVINO, are imported by `load_encoder`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embeddings.encoder import Encoder as Encoder
    from embeddings.engine import WantedEngine as WantedEngine
    from embeddings.errors import BundledFileError as BundledFileError
    from embeddings.errors import CacheError as CacheError
    from embeddings.errors import EmbeddingError as EmbeddingError
    from embeddings.errors import ModelNotFound as ModelNotFound
    from embeddings.errors import ModelUnusable as ModelUnusable
    from embeddings.loader import load_encoder as load_encoder
    from embeddings.precision import Precision as Precision
    from embeddings.prompts import Prompts as Prompts
    from embeddings.vectors import PassageVectors as PassageVectors
    from embeddings.vectors import Tokens as Tokens

_HOMES = {
    "BundledFileError": "errors",
    "CacheError": "errors",
    "EmbeddingError": "errors",
    "Encoder": "encoder",
    "ModelNotFound": "errors",
    "ModelUnusable": "errors",
    "PassageVectors": "vectors",
    "Precision": "precision",
    "Prompts": "prompts",
    "Tokens": "vectors",
    "WantedEngine": "engine",
    "load_encoder": "loader",
}
__all__ = [
    "BundledFileError",
    "CacheError",
    "EmbeddingError",
    "Encoder",
    "ModelNotFound",
    "ModelUnusable",
    "PassageVectors",
    "Precision",
    "Prompts",
    "Tokens",
    "WantedEngine",
    "load_encoder",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'embeddings' has no attribute {name!r}")
    return getattr(import_module(f"embeddings.{_HOMES[name]}"), name)

"""
Texts to unit vectors.

Importing this package costs nothing: torch and sentence-transformers are imported by `load_encoder`.
"""

from embeddings.encoder import Encoder
from embeddings.engine import WantedEngine
from embeddings.errors import BundledFileError, CacheError, EmbeddingError, ModelNotFound, ModelUnusable
from embeddings.load import load_encoder
from embeddings.precision import Precision
from embeddings.prompts import Prompts
from embeddings.vectors import PassageReading, Tokens

__all__ = [
    "BundledFileError",
    "CacheError",
    "EmbeddingError",
    "Encoder",
    "ModelNotFound",
    "ModelUnusable",
    "PassageReading",
    "Precision",
    "Prompts",
    "Tokens",
    "WantedEngine",
    "load_encoder",
]

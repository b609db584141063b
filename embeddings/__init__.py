"""
Texts to unit vectors.

Importing this package costs nothing: torch and sentence-transformers are imported by `load_encoder`.
"""

from embeddings.encoder import Encoder
from embeddings.errors import BundledFileError, CacheError, EmbeddingError, ModelNotFound, ModelUnusable
from embeddings.load import load_encoder
from embeddings.precision import Precision
from embeddings.prompts import Prompts
from embeddings.vectors import Tokens

__all__ = [
    "BundledFileError",
    "CacheError",
    "EmbeddingError",
    "Encoder",
    "ModelNotFound",
    "ModelUnusable",
    "Precision",
    "Prompts",
    "Tokens",
    "load_encoder",
]

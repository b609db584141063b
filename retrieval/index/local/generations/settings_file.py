"""
The settings file of an index folder.

It is stored beside the generations, so that a rollback does not change them.
"""

from __future__ import annotations

from pathlib import Path

from retrieval.index.attachment import SETTINGS
from retrieval.index.settings import Settings, settings_from, settings_text, unusable_settings

FILE = SETTINGS


def secret_collections(index: Path) -> frozenset[str]:
    """The collections opened for documents with a mark of secrecy; DamagedIndex as `read_settings`."""
    return frozenset(read_settings(index).secret)


def read_settings(index: Path) -> Settings:
    """The stored settings, or the defaults; DamagedIndex when the file cannot be used."""
    path = index / FILE
    try:
        stored = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):  # the build reports an index that is no folder
        return Settings()
    except (OSError, ValueError) as error:
        raise unusable_settings(path, str(error)) from error
    return settings_from(stored, path)


def write_settings(index: Path, settings: Settings) -> None:
    """Store the settings, atomically."""
    index.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = index / f"{FILE}.new"
    temporary.write_text(settings_text(settings) + "\n", encoding="utf-8")
    temporary.replace(index / FILE)

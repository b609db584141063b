"""
The settings file of an index folder.

It is stored beside the generations, so that a rollback does not change them.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from retrieval.errors import DamagedIndex
from retrieval.index.settings import Settings

FILE = "settings.json"


def secret_collections(index: Path) -> frozenset[str]:
    """The collections opened for documents with a mark of secrecy; DamagedIndex as `read_settings`."""
    return frozenset(read_settings(index).secret)


def read_settings(index: Path) -> Settings:
    """The stored settings, or the defaults; DamagedIndex when the file cannot be used."""
    path = index / FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        settings = Settings(**{**stored, "secret": tuple(stored.get("secret", ()))})
    except (FileNotFoundError, NotADirectoryError):  # the build reports an index that is no folder
        return Settings()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise _unusable(path, str(error)) from error
    is_secret_valid = all(isinstance(name, str) and name for name in settings.secret)  # "" is common to all
    if not (
        isinstance(settings.keep, int)
        and settings.keep >= 1
        and isinstance(settings.smoke, str | None)
        and is_secret_valid
    ):
        raise _unusable(path, f"found {settings}")
    return settings


def write_settings(index: Path, settings: Settings) -> None:
    """Store the settings, atomically."""
    index.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = index / f"{FILE}.new"
    values = asdict(settings)
    if not settings.secret:
        del values["secret"]  # which earlier versions of the program refuse to read
    temporary.write_text(json.dumps(values) + "\n", encoding="utf-8")
    temporary.replace(index / FILE)


def _unusable(path: Path, reason: str) -> DamagedIndex:
    return DamagedIndex(
        f'settings are {{"keep": 3, "smoke": null, "secret": ["mat"]}}, {path} is not such ({reason}): '
        "correct or remove it"
    )

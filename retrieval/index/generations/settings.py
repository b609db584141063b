"""
The settings of an index folder, which every later build follows.

They are stored beside the generations, so that a rollback does not change them.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.errors import DamagedIndex

_FILE = "settings.json"


@dataclass(frozen=True, slots=True)
class Settings:
    """The operator's choices for an index folder."""

    keep: int = 3  # generations, the live one among them
    smoke: str | None = None  # the file of smoke questions, relative to the index folder

    def smoke_file(self, index: Path) -> Path | None:
        """The path of the smoke questions, None when not set."""
        return None if self.smoke is None else Path(os.path.normpath(index.resolve() / self.smoke))


def read_settings(index: Path) -> Settings:
    """The stored settings, or the defaults; DamagedIndex when the file cannot be used."""
    path = index / _FILE
    try:
        settings = Settings(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):  # the build reports an index that is no folder
        return Settings()
    except (OSError, ValueError, TypeError) as error:
        raise _unusable(path, str(error)) from error
    if not (isinstance(settings.keep, int) and settings.keep >= 1 and isinstance(settings.smoke, str | None)):
        raise _unusable(path, f"found {settings}")
    return settings


def write_settings(index: Path, settings: Settings) -> None:
    """Store the settings, atomically."""
    index.mkdir(parents=True, exist_ok=True)
    temporary = index / f"{_FILE}.new"
    temporary.write_text(json.dumps(asdict(settings)) + "\n", encoding="utf-8")
    temporary.replace(index / _FILE)


def _unusable(path: Path, reason: str) -> DamagedIndex:
    return DamagedIndex(
        f'settings are {{"keep": 3, "smoke": null}}, {path} is not such ({reason}): correct or remove it'
    )

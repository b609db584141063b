"""
The Settings of an index folder: what the operator said once and every later build keeps to, whoever starts it.

They stand beside the generations, not in one: going back to an earlier generation changes none of them.
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
    """How an index folder is kept."""

    keep: int = 3  # generations, the live one among them
    smoke: str | None = None  # the file of smoke questions, relative to the index folder

    def smoke_file(self, index: Path) -> Path | None:
        """The file of smoke questions, None when none was named."""
        return None if self.smoke is None else Path(os.path.normpath(index.resolve() / self.smoke))


def read_settings(index: Path) -> Settings:
    """What was said, the defaults where nothing was; DamagedIndex when the file cannot be used."""
    path = index / _FILE
    try:
        settings = Settings(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):  # that an index is a folder is for the build to say
        return Settings()
    except (OSError, ValueError, TypeError) as error:
        raise _unusable(path, str(error)) from error
    if not (isinstance(settings.keep, int) and settings.keep >= 1 and isinstance(settings.smoke, str | None)):
        raise _unusable(path, f"found {settings}")
    return settings


def write_settings(index: Path, settings: Settings) -> None:
    """Remembers them, in one step."""
    index.mkdir(parents=True, exist_ok=True)
    temporary = index / f"{_FILE}.new"
    temporary.write_text(json.dumps(asdict(settings)) + "\n", encoding="utf-8")
    temporary.replace(index / _FILE)


def _unusable(path: Path, reason: str) -> DamagedIndex:
    return DamagedIndex(
        f'settings are {{"keep": 3, "smoke": null}}, {path} is not such ({reason}): correct or remove it'
    )

"""
The settings of an index, which every later build follows.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.errors import DamagedIndex


@dataclass(frozen=True, slots=True)
class Settings:
    """The operator's choices for an index."""

    keep: int = 3  # generations, the live one among them
    smoke: str | None = None  # the file of smoke questions, relative to `Place.caches`
    secret: tuple[str, ...] = ()  # collections opened for documents with a mark of secrecy, sorted

    def smoke_file(self, caches: Path) -> Path | None:
        """The path of the smoke questions, None when not set."""
        return None if self.smoke is None else Path(os.path.normpath(caches.resolve() / self.smoke))


def settings_text(settings: Settings) -> str:
    """The settings in JSON."""
    values = asdict(settings)
    if not settings.secret:
        del values["secret"]  # which earlier versions of the program refuse to read
    return json.dumps(values)


def settings_from(text: str, where: object) -> Settings:
    """What `settings_text` wrote; DamagedIndex names where it stands when it cannot be used."""
    try:
        stored = json.loads(text)
        settings = Settings(**{**stored, "secret": tuple(stored.get("secret", ()))})
    except (ValueError, TypeError, AttributeError) as error:
        raise unusable_settings(where, str(error)) from error
    is_secret_valid = all(isinstance(name, str) and name for name in settings.secret)  # "" is common to all
    if not (
        isinstance(settings.keep, int)
        and settings.keep >= 1
        and isinstance(settings.smoke, str | None)
        and is_secret_valid
    ):
        raise unusable_settings(where, f"found {settings}")
    return settings


def unusable_settings(where: object, reason: str) -> DamagedIndex:
    """The error of settings that cannot be used."""
    return DamagedIndex(
        f'settings are {{"keep": 3, "smoke": null, "secret": ["mat"]}}, {where} is not such ({reason}): '
        "correct or remove it"
    )

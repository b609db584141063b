"""
Sidecars: `NAME.meta.toml` files with a document's metadata.

Beside report.txt, `report.txt.meta.toml` or `report.meta.toml`. Keys are title, publisher, author and published; their
values override what was read from the document.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from retrieval.errors import SidecarError, SizeError, UnreadableError
from retrieval.reading.article.dateline import date_in
from retrieval.reading.files.regular_file import read_regular_file

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.reading.document import Outline

SUFFIX: Final = ".meta.toml"
_TEXTS = ("title", "publisher", "author")
_KEYS = (*_TEXTS, "published")
_MAX_BYTES = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A sidecar's metadata; None for absent keys."""

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: date | None = None
    sha256: str = ""  # of the file's bytes; "" if there is none, or an archive holds it

    def override(self, outline: Outline) -> Outline:
        """The outline with this sidecar's values replacing its own."""
        return replace(
            outline,
            title=outline.title if self.title is None else self.title,
            publisher=outline.publisher if self.publisher is None else self.publisher,
            author=outline.author if self.author is None else self.author,
            published=self.published or outline.published,
        )


def read_sidecar(document: Path) -> Sidecar:
    """
    Read a document's sidecar, empty if there is none; the longer name wins.

    The document's folder is named without links: none that takes its place, or the sidecar's, is followed out of it.
    """
    for path in _places(document):
        resolved = path.resolve()
        if path.is_file() and resolved.is_relative_to(document.parent):
            data = _bytes_of(path, resolved)
            table = _table_in(data, path.name)
            return replace(parse_sidecar(table, path.name), sha256=hashlib.sha256(data).hexdigest())
    return Sidecar()


def sidecar_path(document: Path) -> Path | None:
    """The sidecar beside a document; None if there is none."""
    for path in _places(document):
        if path.is_file() and path.resolve().is_relative_to(document.parent.resolve()):  # no link leads outside
            return path
    return None


def parse_sidecar(table: dict[str, object], name: str) -> Sidecar:
    """Validate a TOML table; errors name the file `name`."""
    for key in table:
        if key not in _KEYS:
            raise SidecarError(f"a sidecar's keys are {', '.join(_KEYS)}, {name} has {key!r}: rename or remove it")
    texts = {key: _text(table[key], key, name) for key in _TEXTS if key in table}
    published = _day(table["published"], name) if "published" in table else None
    return Sidecar(**texts, published=published)


def _places(document: Path) -> tuple[Path, Path]:
    return document.with_name(document.name + SUFFIX), document.with_name(document.stem + SUFFIX)


def _bytes_of(path: Path, resolved: Path) -> bytes:
    try:
        return read_regular_file(path, path.name, _MAX_BYTES, resolved=resolved)
    except (UnreadableError, SizeError) as error:
        raise _unusable(path.name, error) from error


def _table_in(data: bytes, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unusable(name, error) from error


def _unusable(name: str, error: Exception) -> SidecarError:
    return SidecarError(f"a sidecar is TOML in UTF-8, {name} is not ({error}): correct it")


def _text(value: object, key: str, name: str) -> str:
    if not isinstance(value, str):
        raise SidecarError(f"a sidecar's {key} is a string, {name} has {value!r}: put it in quotes")
    text = " ".join(value.split())
    if key == "title" and not text:
        raise SidecarError(f"a sidecar's title is not blank, {name} has {value!r}: write one or remove the key")
    return text


def _day(value: object, name: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    day = value if isinstance(value, date) else date_in(value) if isinstance(value, str) else None
    if day is None:
        raise SidecarError(
            f"a sidecar's published is a date such as 2023-03-09 or 09/03/2023, {name} has {value!r}: write it so"
        )
    return day

"""
The address of an index: a folder, or the URL of an engine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

AnyAddress: TypeAlias = "IndexAddress | Path | str"  # what `IndexAddress.of` takes

_URL = re.compile(r"([a-z][a-z0-9+.-]+)://|(postgres(?:ql)?):", re.IGNORECASE)  # with "//" or without, no folder's name
_PASSWORD = re.compile(r"^([^:]*:/{0,2}[^:@/?#]*:).*@")  # a password may hold any of these, although it should not
_PASSWORD_OPTION = re.compile(r"(\w*password\w*=)[^&\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class IndexAddress:
    """
    What `--index` and TRICHDAN_INDEX name; parsed once, by `IndexAddress.of`.

    Exactly one of `folder` and `url` is given. Printed without the password of a URL.
    """

    folder: Path | None = None
    url: str = ""

    @classmethod
    def of(cls, text: AnyAddress) -> IndexAddress:
        """
        The address that a text means.

        Example: "postgresql://db1,db2/trichdan" is a URL, "index" and "./postgresql:" are folders.
        """
        if isinstance(text, IndexAddress):
            return text
        if isinstance(text, str) and _URL.match(text):
            return cls(url=text)
        return cls(folder=Path(text))

    @property
    def scheme(self) -> str:
        """What stands before "://", in lower case; "" of a folder."""
        found = _URL.match(self.url)
        return (found[1] or found[2]).lower() if found else ""

    @property
    def text(self) -> str:
        """The address as it was given, with its password."""
        return str(self.folder) if self.folder is not None else self.url

    def expanduser(self) -> IndexAddress:
        """The same address, with "~" as the home folder."""
        return IndexAddress(self.folder.expanduser()) if self.folder is not None else self

    def resolved(self) -> IndexAddress:
        """The same address for a process with another working directory."""
        return IndexAddress(self.folder.resolve()) if self.folder is not None else self

    def __repr__(self) -> str:
        return f"IndexAddress({str(self)!r})"

    def __str__(self) -> str:
        """The folder, or the URL without its password."""
        return str(self.folder) if self.folder is not None else _without_password(self.url)


def _without_password(url: str) -> str:
    """Without a password: what stands before the last "@", or an option of that name."""
    return _PASSWORD_OPTION.sub(r"\1***", _PASSWORD.sub(r"\1***@", url))

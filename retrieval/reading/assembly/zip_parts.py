"""
The parts of a zip-based document, within a limit of their unpacked size.
"""

from __future__ import annotations

import io
import zipfile

from retrieval.errors import BrokenError, LockedError, SizeError

MAX_UNPACKED = 256 * 1024 * 1024  # bytes of all parts, images included
_OLE = b"\xd0\xcf\x11\xe0"  # the container of an encrypted Office file


def open_parts(data: bytes, source: str) -> zipfile.ZipFile:
    """
    Open the parts of a zip-based document.

    Raises:
        LockedError: it is encrypted.
        BrokenError: it is no zip file.
        SizeError: it unpacks to more than MAX_UNPACKED.
    """
    if data.startswith(_OLE):
        raise LockedError(
            f"a document can be read without a password, {source} cannot, or it is in an Office format of before 2007: "
            "save it in the format of its suffix, without a password"
        )
    try:
        parts = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BrokenError(
            f"a document is whole, {source} is not ({error}): open it in its own program and save it again"
        ) from None
    unpacked = sum(part.file_size for part in parts.infolist())
    if unpacked > MAX_UNPACKED:
        raise SizeError(
            f"a document unpacks to at most {MAX_UNPACKED:,} bytes, {source} to {unpacked:,}: "
            "split it, or make its pictures smaller"
        )
    if any(part.flag_bits & 1 for part in parts.infolist()):
        raise LockedError(f"a document can be read without a password, {source} cannot: save it without one")
    return parts


def has_macros(parts: zipfile.ZipFile) -> bool:
    """Whether an Office file holds a program, which is not read."""
    return any(name.endswith("vbaProject.bin") for name in parts.namelist())

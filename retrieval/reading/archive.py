"""
Read the documents inside a .zip archive.

A member is known as `archive.zip/inner/name.txt`. Members are read in memory and never written to disk, so their paths
can do no harm. Nested archives are refused, and so are archives that unpack to far more than their size. Members are
stored or deflated: other methods have their own memory use and their own ways to fail.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import tomllib
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from retrieval.errors import BrokenError, DocumentError, LockedError, SidecarError, SizeError, UnreadableError
from retrieval.reading.files.regular_file import read_regular_file
from retrieval.reading.files.sidecar import SUFFIX as SIDECAR
from retrieval.reading.files.sidecar import Sidecar, parse_sidecar
from retrieval.reading.reader import MAX_BYTES, content_of_file, document_of_outline, reader_for, source_of
from retrieval.reading.text.characters import escape_unprintable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.reading.document import Document
    from retrieval.reading.sandbox.process import Sandbox

ARCHIVE_SUFFIX: Final = ".zip"
MAX_MEMBERS = 5000
MAX_UNPACKED = 512 * 1024 * 1024  # bytes of all members together
MAX_RATIO = 200  # unpacked to packed size of large members: text reaches 10, a zip bomb 1000
_WEIGHTY = 1024 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(OSError, EOFError, ValueError, RuntimeError, MemoryError),  # an unsupported method or version is a RuntimeError
)


def read_archive(
    path: Path, root: Path, sandbox: Sandbox | None = None, *, resolved: Path | None = None
) -> Iterator[Document | tuple[str, str, str]]:
    """
    Yield the documents of an archive below `root` in name order.

    A member that cannot be read yields (source, reason, name of the error).

    Raises:
        DocumentError: nothing of the archive can be read.
    """
    source = source_of(path, root)
    data = read_regular_file(path, source, MAX_BYTES, resolved=resolved)
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGES as error:
        raise _broken(source, error) from error
    with opened as archive:
        members = _members(archive, source)
        for name in sorted(members):
            if name.endswith(SIDECAR):
                continue
            inner = f"{source}/{escape_unprintable(name)}"
            try:
                _check_name(name, source)
                reader_for(inner)
                content = content_of_file(_unpack(archive, members[name], inner), inner, sandbox)
                sidecar = _sidecar(archive, members, name, inner)
                yield document_of_outline(content, inner, sidecar=sidecar, sha256=sha256, archive=source)
            except DocumentError as error:
                yield inner, str(error), type(error).__name__


def member_of(data: bytes, source: str, inner: str) -> bytes:
    """Extract the document `inner` from the bytes of the archive `source`; DocumentError if absent."""
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGES as error:
        raise _broken(source, error) from error
    with opened as archive:
        member = _members(archive, source).get(inner.removeprefix(f"{source}/"))
        if member is None:
            raise UnreadableError(f"a document stands in its archive, {inner} does not: run `trichdan index`")
        return _unpack(archive, member, inner)


def _members(archive: zipfile.ZipFile, source: str) -> dict[str, zipfile.ZipInfo]:
    """The visible files of an archive by name; SizeError if too many or too large."""
    files = [member for member in archive.infolist() if not member.is_dir()]
    if len(files) > MAX_MEMBERS:
        raise SizeError(f"an archive holds at most {MAX_MEMBERS:,} files, {source} has {len(files):,}: split it")
    unpacked = sum(member.file_size for member in files)
    if unpacked > MAX_UNPACKED:
        raise SizeError(f"an archive unpacks to at most {MAX_UNPACKED:,} bytes, {source} to {unpacked:,}: split it")
    named: dict[str, zipfile.ZipInfo] = {}
    for member in files:
        if not _is_hidden(member.filename):
            named.setdefault(_name(member, source), member)  # of duplicate names, the one that most programs show
    return named


def _name(member: zipfile.ZipInfo, source: str) -> str:
    """The member's path with "/" as separator; UnreadableError if it leads outside."""
    name = member.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or ":" in parts[0]:
        raise UnreadableError(
            f"an archive's files lie inside it, {source} has {name[:100]!a}: pack the folder of documents again"
        )
    return "/".join(parts)


def _check_name(name: str, source: str) -> None:
    """Raise UnreadableError for an unprintable name; macOS packs a file called "Icon\\r"."""
    if not name.isprintable():
        raise UnreadableError(
            f"a document's name has only printable characters, {source} has {name[:100]!a}: rename the document"
        )


def _is_hidden(name: str) -> bool:
    """Whether a dot file or macOS metadata; a path that leads up is not hidden."""
    parts = name.replace("\\", "/").split("/")
    return any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in parts)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: str) -> bytes:
    """The member's bytes, with the declared size checked first and the real size afterwards."""
    if member.flag_bits & 0x1:
        raise LockedError(f"a document can be read without a password, {source} cannot: pack it again without one")
    if member.compress_type not in _METHODS:
        raise UnreadableError(
            f"a document in an archive is stored or deflated, {source} is packed by method {member.compress_type}: "
            "pack it again as an ordinary .zip"
        )
    too_dense = member.file_size > _WEIGHTY and member.file_size > MAX_RATIO * max(1, member.compress_size)
    if member.file_size > MAX_BYTES or too_dense:
        raise SizeError(
            f"a document is at most {MAX_BYTES:,} bytes and {MAX_RATIO} times its packed size, {source} has "
            f"{member.file_size:,} from {member.compress_size:,}: pack it by itself, or leave it out"
        )
    try:
        with archive.open(member) as file:
            data = file.read(MAX_BYTES + 1)
    except _DAMAGES as error:
        raise _broken(source, error) from error
    if len(data) > MAX_BYTES:
        raise SizeError(f"a document is at most {MAX_BYTES:,} bytes, {source} has more: split it into several files")
    return data


def _sidecar(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], name: str, source: str) -> Sidecar:
    stem = str(PurePosixPath(name).with_suffix(""))
    for beside in (f"{name}{SIDECAR}", f"{stem}{SIDECAR}"):
        if beside in members:
            try:
                table = tomllib.loads(_unpack(archive, members[beside], source).decode("utf-8-sig"))
            except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
                raise SidecarError(f"a sidecar is TOML in UTF-8, {beside} is not ({error}): correct it") from error
            return parse_sidecar(table, beside)
    return Sidecar()


def _broken(source: str, error: Exception) -> BrokenError:
    return BrokenError(
        f"an archive and its files are whole, {source} is not ({type(error).__name__}): pack and copy it again"
    )

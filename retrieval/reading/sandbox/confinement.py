"""
The confinement of the process that reads files.

A fault in a library for some format may run a file's own code. What that code can reach is limited in layers, each of
which a kernel may lack: then the others stand, and files are read all the same.
"""

from __future__ import annotations

import os
import resource
import shutil
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from retrieval.reading.sandbox.landlock import READ, RUN, SIGNALS, WRITE, Access, landlock_version, restrict
from retrieval.reading.sandbox.rlimit import lower_limit
from retrieval.reading.sandbox.seccomp import install_filter, is_filterable
from retrieval.reading.sandbox.system_call import prctl, system_call

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES: Final = "other files (Landlock, Linux 5.13)"
PROCESSES: Final = "signals to other processes (Landlock 6, Linux 6.12)"
CALLS: Final = "the network and the kernel's settings (seccomp, on x86_64 and aarch64)"

_NO_NEW_PRIVILEGES = 38  # linux/prctl.h
_CAPSET = {"x86_64": 126, "aarch64": 91}  # the call's number
_CAPABILITIES = struct.pack("=Ii", 0x20080522, 0)  # linux/capability.h: its third version, of this process
_READ_ALL = (1 << 2, 1 << 1, 0)  # CAP_DAC_READ_SEARCH, else CAP_DAC_OVERRIDE: root reads on what it could read
_LARGEST_FILE = 512 * 1024**2  # bytes
_PROCESSES = 256  # and threads, beside those that the user has already; LibreOffice starts twenty
_FIRST_TO_END = b"1000"  # where memory runs out; proc_pid_oom_score_adj(5)

_SYSTEM = ("/bin", "/gnu/store", "/lib", "/lib32", "/lib64", "/nix/store", "/sbin", "/usr")
# What programs look up, none of it secret: /etc as a whole may hold the bot's token.
_LOOKED_UP = (
    "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/libreoffice", "/etc/locale.alias", "/etc/localtime",
    "/etc/mime.types", "/etc/nsswitch.conf", "/etc/paperspecs", "/etc/papersize", "/etc/passwd", "/etc/ssl/openssl.cnf",
    "/var/cache/fontconfig", "/var/lib/libreoffice", "/var/spool/libreoffice",
    # Where `mimetypes` looks, too, which stops at a file that it may not open.
    "/etc/apache/mime.types", "/etc/apache2/mime.types", "/etc/httpd/conf/mime.types", "/etc/httpd/mime.types",
    "/dev/random", "/dev/urandom", "/dev/zero",
    "/proc/cpuinfo", "/proc/filesystems", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu",
)  # fmt: skip
_PROGRAMS = ("tesseract", "soffice", "libreoffice")
_SEARCHED = ("LD_LIBRARY_PATH", "TESSDATA_PREFIX")  # variables that name folders


def confine(scratch: Path) -> tuple[str, ...]:
    """
    Confine this thread and what it starts; returns what it is not kept from.

    Other threads of the process would stay as they are: call it before any is started. Modules can still be imported.
    """
    with suppress(OSError):  # no /proc, or another system
        Path("/proc/self/oom_score_adj").write_bytes(_FIRST_TO_END)
    lower_limit(resource.RLIMIT_CORE, 0)
    lower_limit(resource.RLIMIT_FSIZE, _LARGEST_FILE)
    if sys.platform != "linux":
        return FILES, PROCESSES, CALLS
    with suppress(OSError):  # no /proc
        _limit_processes()
    try:
        prctl(_NO_NEW_PRIVILEGES, 1)
    except OSError:
        return FILES, PROCESSES, CALLS
    _drop_capabilities()
    return (*_without_files(scratch), *_without_calls())


def _drop_capabilities() -> None:
    for kept in _READ_ALL:
        with suppress(OSError, KeyError):  # who lacks it cannot keep it; another machine's number
            system_call(_CAPSET[os.uname().machine], _CAPABILITIES, struct.pack("=6I", kept, kept, 0, 0, 0, 0))
            return


def _without_files(scratch: Path) -> tuple[str, ...]:
    version = landlock_version()
    try:
        restrict(_allowed(scratch), version)
    except OSError:
        return FILES, PROCESSES
    return () if version >= SIGNALS else (PROCESSES,)


def _without_calls() -> tuple[str, ...]:
    try:
        if is_filterable():
            install_filter()
            return ()
    except OSError:
        pass
    return (CALLS,)


def _limit_processes() -> None:
    """Counted by user, so the limit depends on what runs; not for root."""
    own = os.getuid()
    used = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended, or is hidden
            if process.stat().st_uid == own:
                used += (process / "task").stat().st_nlink - 2  # a folder for each thread
    lower_limit(resource.RLIMIT_NPROC, used + _PROCESSES)


def _allowed(scratch: Path) -> Iterator[tuple[Path, Access]]:
    yield scratch, WRITE
    yield Path("/dev/null"), READ | Access.WRITE_FILE
    programs = [Path(name) for name in (*_SYSTEM, sys.prefix, sys.base_prefix)]
    yield from ((folder, RUN) for folder in programs)
    for file in _LOOKED_UP:
        yield Path(file), READ
    for variable in _SEARCHED:
        yield from ((Path(name), RUN) for name in os.environ.get(variable, "").split(os.pathsep) if name)
    for program in filter(None, map(shutil.which, _PROGRAMS)):
        yield from ((place, RUN) for place in _installation(Path(program).resolve()))
    for entry in map(Path, sys.path):
        if entry.is_absolute() and not any(entry.is_relative_to(folder) for folder in programs):
            yield from ((place, RUN) for place in _importable(entry))


def _installation(program: Path) -> Iterator[Path]:
    """
    What belongs to a program.

    Of LibreOffice its folder; of one in a `bin`, which may be a person's own, that file and the libraries beside it.
    """
    folder = program.parent
    if folder.name == "program":
        yield folder.parent
    else:
        yield from (program, *(folder.parent / name for name in ("lib", "lib64", "share")))


def _importable(entry: Path) -> Iterator[Path]:
    """What can be imported from an entry of `sys.path`: of a project only its packages."""
    if any(entry.glob("*.dist-info")):  # a folder in which pip installs
        yield entry
    else:
        yield from (package.parent for package in entry.glob("*/__init__.py"))
        yield from entry.glob("*.py")

"""
Landlock: the kernel's own limits of what a process and its children may reach.

It needs no privilege and cannot be undone. The numbers are those of include/uapi/linux/landlock.h, explained in
https://docs.kernel.org/userspace-api/landlock.html; the packages on PyPI are a development and an alpha release.
"""

from __future__ import annotations

import os
import stat
import struct
from contextlib import suppress
from enum import IntFlag
from typing import TYPE_CHECKING, Final

from retrieval.reading.sandbox.system_call import system_call

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # on every architecture
_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1
_TCP = 0b11  # bind and connect
_SCOPES = 0b11  # abstract sockets and signals of processes outside
# The versions of Landlock from which on it limits:
TRUNCATION: Final = 3  # Linux 6.2
_NETWORK: Final = 4  # Linux 6.7
SIGNALS: Final = 6  # Linux 6.12


class Access(IntFlag):
    """Rights of files and folders."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13  # to move between folders; version 2
    TRUNCATE = 1 << 14  # version 3
    IOCTL_DEV = 1 << 15  # version 5


READ: Final = Access.READ_FILE | Access.READ_DIR
RUN: Final = READ | Access.EXECUTE
WRITE: Final = (
    READ | Access.WRITE_FILE | Access.REMOVE_DIR | Access.REMOVE_FILE | Access.MAKE_DIR | Access.MAKE_REG
    | Access.MAKE_SOCK | Access.MAKE_SYM | Access.REFER | Access.TRUNCATE
)  # fmt: skip
_OF_A_FILE = Access.EXECUTE | Access.WRITE_FILE | Access.READ_FILE | Access.TRUNCATE | Access.IOCTL_DEV
_SINCE = {Access.REFER: 2, Access.TRUNCATE: TRUNCATION, Access.IOCTL_DEV: 5}


def landlock_version() -> int:
    """Which version the kernel has; 0 if none, or if it was turned off."""
    try:
        return system_call(_CREATE_RULESET, None, 0, _CREATE_RULESET_VERSION)
    except OSError:
        return 0


def restrict(allowed: Iterable[tuple[Path, Access]], version: int) -> None:
    """
    Limit this thread and what it starts to these files and folders.

    Those that do not exist are passed over. TCP and signals to other processes end, too, where the version knows them.
    The process must have given up new privileges.
    """
    known = [access for access in Access if _SINCE.get(access, 1) <= version]
    handled = sum(known)
    tcp, scopes = _TCP if version >= _NETWORK else 0, _SCOPES if version >= SIGNALS else 0
    attributes = struct.pack("=QQQ", handled, tcp, scopes)
    ruleset = system_call(_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for path, access in allowed:
            with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                _allow(ruleset, path, access & handled)
        system_call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, access: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = access if stat.S_ISDIR(os.fstat(descriptor).st_mode) else access & _OF_A_FILE
        system_call(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)

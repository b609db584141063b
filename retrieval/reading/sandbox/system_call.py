"""
The kernel's calls for which Python has no function, through the C library.
"""

from __future__ import annotations

import os
from ctypes import CDLL, c_int, c_long, get_errno


def system_call(number: int, *arguments: int | bytes | None) -> int:
    """The result of a system call, or OSError; bytes are passed by their address."""
    return _checked("syscall", c_long, number, *arguments)


def prctl(option: int, *arguments: int | bytes) -> None:
    """
    Change an attribute of this process, or OSError.

    An argument that is not given is 0, as the kernel demands.
    """
    _checked("prctl", c_int, option, *arguments, *[0] * (4 - len(arguments)))


def _checked(name: str, kind: type[c_int | c_long], *arguments: int | bytes | None) -> int:
    function = getattr(CDLL(None, use_errno=True), name)
    function.restype = kind
    # Variadic functions read whole registers: an int of Python would fill half of one.
    result = int(function(*(c_long(each) if isinstance(each, int) else each for each in arguments)))
    if result < 0:
        raise OSError(get_errno(), os.strerror(get_errno()))
    return result

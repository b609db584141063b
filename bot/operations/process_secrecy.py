"""
Close this process's memory and environment to other processes of its user.

Both may hold the token.
"""

from __future__ import annotations

import sys
from ctypes import CDLL

_SET_DUMPABLE = 4  # linux/prctl.h, PR_SET_DUMPABLE


def close_to_other_processes() -> None:
    """
    Let only root read `/proc/PID/environ` and `mem`, or attach a debugger.

    Programs that this process starts are open again.
    """
    if sys.platform == "linux":
        CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)

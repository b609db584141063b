"""
The scratch folder: the one place in which the process that reads files may write.

It lies in the system's folder for temporary files and holds what LibreOffice converts.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

# Short, since LibreOffice makes a socket in it, whose path has 107 bytes at most.
_PREFIX = "trichdan-"


def new_scratch_folder() -> Path:
    """
    Make a folder that only this user can open.

    Deletes those of processes that were killed, which may hold documents.
    """
    _delete_left_folders()
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")).resolve()


def delete_scratch_folder(folder: Path) -> None:
    """Delete a folder with what was left in it."""
    shutil.rmtree(folder, ignore_errors=True)


def _delete_left_folders() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        process = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if process.isdigit() and not _runs(int(process)):
            with suppress(OSError):
                shutil.rmtree(folder)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        return True
    return True

"""
A Backup of the state file: a whole and consistent copy, taken while the bot runs.

SQLite's own online backup; copying the file by other means while it is written to gives a copy that may be damaged.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import StateError


def back_up(state: Path, target: Path) -> None:
    """
    Copies the state file to `target`, which appears only when it is whole, readable by its owner alone.

    Raises:
        StateError: there is no such state file, or no such place for the copy.
    """
    if not state.is_file():
        raise StateError(f"a backup needs a state file, there is none at {state}: correct TRICHDAN_STATE")
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(state)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)  # in one step: none of the bot's writes comes between two pages
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
            (verdict,) = copy.execute("PRAGMA quick_check").fetchone()
        if verdict != "ok":
            raise StateError(f"a backup must be a sound file, SQLite says {verdict!r}: keep the last one; see the disk")
        partial.replace(target)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise StateError(
            f"a backup needs a readable state file and a writable place, {state} and {target} are not ({error}): "
            "check paths and rights"
        ) from error

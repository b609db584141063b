"""
Back up the state file while the bot runs.

Uses SQLite's online backup: copying the file while it is written to may give a damaged copy. Invitations are left
out: one that is used after the backup would be good again once it is restored.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import StateError


def back_up(state: Path, target: Path) -> None:
    """
    Copy the state file to `target` atomically, readable by its owner alone.

    Raises:
        StateError: there is no state file, or the copy cannot be written.
    """
    if not state.is_file():
        raise StateError(f"a backup needs a state file, there is none at {state}: correct TRICHDAN_STATE")
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(state)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)  # in one step, so that none of the bot's writes comes between two pages
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
            copy.execute("DELETE FROM invites")
            copy.commit()
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

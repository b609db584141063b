"""
Opening SQLite files that never change, as the files of a generation do not.
"""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from retrieval.errors import DamagedIndex


def read_only(path: Path) -> sqlite3.Connection:
    """
    A connection that takes no locks and leaves no files beside the database (`immutable`, see SQLite's
    "Uniform Resource Identifiers"); DamagedIndex when the file is no database.
    """
    uri = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        raise DamagedIndex(f"{path} cannot be read ({error}): run `trichdan index --rebuild`") from error
    return connection

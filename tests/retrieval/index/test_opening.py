"""Which engine opens an address, and what that loads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDER = """
import sys
from retrieval.index.opening import open_place
open_place("index")
print([name for name in sys.modules if name.startswith("psycopg")])
"""
WITHOUT = """
import sys
sys.modules["psycopg"] = None  # as if it were not installed
from retrieval.errors import UnknownEngine
from retrieval.index.opening import open_place
try:
    open_place("postgresql://u:rat-mat@h/d?index=x")
except UnknownEngine as error:
    print(error)
"""
REFUSED = (
    "an index in PostgreSQL is read with psycopg, which is not installed for postgresql://u:***@h/d?index=x: "
    "pip install 'trichdan[postgres]'"
)


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        (FOLDER, "[]"),
        (WITHOUT, REFUSED),
    ],
)
def test_psycopg_is_for_postgresql_alone(program: str, printed: str) -> None:
    """A folder does not load it; where it is missing, one sentence says what to install."""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == printed

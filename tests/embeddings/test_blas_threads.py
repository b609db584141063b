"""BLAS beside an engine: one thread, unless somebody chose."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product

import pytest

_SHOWN = """
import numpy as np
from threadpoolctl import threadpool_info
np.ones((2, 2)) @ np.ones((2, 2))
print({each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"})
"""


@pytest.mark.parametrize(
    ("order", "chosen"),
    list(product(("import numpy, {}", "import {}, numpy"), ({}, {"OPENBLAS_NUM_THREADS": "2"}))),
)
@pytest.mark.parametrize("package", ["embeddings", "retrieval"])
def test_blas_has_one_thread_unless_the_environment_says_otherwise(package: str, order: str, chosen: dict) -> None:
    """Whichever is imported first; in a process of its own, since the setting is the whole process's."""
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"} | chosen
    found = subprocess.run(
        [sys.executable, "-c", f"{order.format(package)}\n{_SHOWN}"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.strip() == ("{2}" if chosen else "{1}")

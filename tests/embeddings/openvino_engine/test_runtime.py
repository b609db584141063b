"""OpenVINO's import: whole for every thread, whichever is first."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

THREADS = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from embeddings.openvino_engine.runtime import openvino
together = Barrier(8)
def first(_):
    together.wait()
    return openvino().Core
with ThreadPoolExecutor(8) as threads:
    print(len(set(threads.map(first, range(8)))))
"""


def test_threads_that_import_at_once_get_one_module(start: Callable[..., subprocess.Popen[str]]) -> None:
    """A part of it is left out while it is imported, and one thread must not see another's half."""
    process = start(THREADS)

    printed, errors = process.communicate()

    assert (printed, errors) == ("1\n", "")

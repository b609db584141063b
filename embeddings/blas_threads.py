"""
The threads of BLAS, beside an engine that has its own on every core.
"""

from __future__ import annotations

import os
import sys
from typing import Final

_VARIABLE: Final = "OPENBLAS_NUM_THREADS"


def use_one_blas_thread() -> None:
    """
    Compute matrix products in the thread that asks for them, unless OPENBLAS_NUM_THREADS says otherwise.

    They are small here, and idle threads of BLAS spin: beside other work a question's tokens take 20 ms with one thread
    and 40 to 64 with two; beside the engine's own threads a whole question takes 12.5 ms with one and 15.3 with two.
    """
    number = os.environ.setdefault(_VARIABLE, "1")  # which NumPy and FAISS read when they are first imported
    if "numpy" in sys.modules and number.isdigit():
        from threadpoolctl import threadpool_limits

        threadpool_limits(limits=int(number), user_api="blas")

"""
Silence other libraries while a model loads: progress bars, reports, advice.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def silence_libraries() -> Iterator[None]:
    """Let transformers and sentence-transformers report only errors inside the context."""
    from transformers.utils import logging as untyped

    hf: Any = untyped
    logger = logging.getLogger("sentence_transformers")
    verbosity, bars, level = hf.get_verbosity(), hf.is_progress_bar_enabled(), logger.level
    hf.set_verbosity_error()
    hf.disable_progress_bar()
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
        hf.set_verbosity(verbosity)
        if bars:
            hf.enable_progress_bar()

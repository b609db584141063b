"""
Silence while a model is loaded: no progress bars, load reports or advice on the terminal.

Apart from the encoders because it is all about other libraries' habits.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def silence_libraries() -> Iterator[None]:
    """Inside, transformers and sentence-transformers only report errors. Afterwards all is as before."""
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

"""
`python -m retrieval` with a slow, tiny encoder that counts its texts on stderr.

    python -m tests.support.slow_bag SECONDS index …
"""

from __future__ import annotations

import runpy
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

import retrieval.terminal.commands.index
from tests.support.encoders import BagEncoder


class SlowBag(BagEncoder):
    """Sleeps SECONDS for each batch after the first."""

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        sys.stderr.write(f"{len(texts)} texts\n")
        sys.stderr.flush()
        if self.encoded:
            time.sleep(SECONDS)
        return super().encode_passages(texts, progress=progress)


SECONDS = float(sys.argv.pop(1))
retrieval.terminal.commands.index.load_encoder = lambda *_, **__: SlowBag()
runpy.run_module("retrieval", run_name="__main__")

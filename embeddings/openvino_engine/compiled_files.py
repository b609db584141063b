"""
The files of the compiled model: their names, and the agreement that they must reach.

Shared by `compiled_model`, which is imported at every start, and `export`, which imports torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from embeddings.precision import Precision

PIECES_FILE = "pieces.sqlite"
AGREEMENT_FILE = "agreement.json"
# The lowest cosine of each probe's vector to torch's float32.
MIN_COSINE: dict[Precision, float] = {"float32": 0.9999, "bfloat16": 0.999}


def network_file(folder: Path, precision: Precision) -> Path:
    """The compiled network in the compiled model's folder."""
    return folder / f"{precision}.blob"

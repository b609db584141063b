"""
The cross-encoder through OpenVINO, without torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from embeddings.bundled.word_table import WordTable
from embeddings.cross_encoder.cross_encoder import CrossEncoder
from embeddings.openvino_engine.compiled_files import PIECES_FILE, network_file
from embeddings.openvino_engine.cross_encoder_files import read_segment
from embeddings.openvino_engine.network import SingleOutputNetwork
from embeddings.openvino_engine.piece_lookup import PieceLookup
from embeddings.precision import choose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from embeddings.vectors import Vectors

_ALL = 512  # tokens; `pair_ids` truncates


class OpenVinoCrossEncoder(CrossEncoder):
    """
    The cross-encoder, compiled by OpenVINO, in the precision that is fast on this processor.

    Args:
        model: the bundled model, as `weights.ensure_unpacked` returns it.
        pieces: the folder of the bundled model's compiled form, as `compiled_model.ensure_compiled` returns it.
        compiled: as `cross_encoder_files.ensure_compiled_cross_encoder` returns it.
    """

    def __init__(self, model: Path, pieces: Path, compiled: Path) -> None:
        super().__init__(WordTable(model / "model.safetensors"), read_segment(compiled))
        self._pieces = PieceLookup(pieces / PIECES_FILE, _ALL)
        precision = choose("auto")
        self.running = f"openvino on cpu, {precision}"
        self._network = SingleOutputNetwork(network_file(compiled, precision), precision, streams=1)

    def _tokenize(self, texts: Sequence[str]) -> list[Sequence[int]]:
        return [tokenized.ids for tokenized in self._pieces.tokenize(texts)]

    def _run(self, words: Vectors, mask: Vectors) -> Vectors:
        (log_odds,) = self._network.stream([(words, mask)])
        return log_odds

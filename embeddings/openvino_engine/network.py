"""
The Network: the model compiled by OpenVINO, from a file that `exporting` has written.

It knows neither words nor pieces: rows of the word table go in, hidden states come out.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings.openvino_engine.runtime import openvino

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from embeddings.precision import Precision
    from embeddings.vectors import Vectors

_HINTS = {"float32": "f32", "bfloat16": "bf16"}


class Network:
    """
    Hidden states of texts. Not for several threads at a time.

    Args:
        file: a network that was compiled on this very kind of processor.
        precision: what matrices are multiplied in.
        streams: batches that are computed at a time. With one, all cores share a batch, which is soon over. With one
            for each core, more of them are done in a second.
    """

    def __init__(self, file: Path, precision: Precision, *, streams: int) -> None:
        library = openvino()
        # Mapped, so that it is not read into memory first. "c": OpenVINO wants it writeable, and does not write.
        self._stored = np.memmap(file, np.uint8, mode="c")  # kept, since the network may point into it
        tensor = library.Tensor(self._stored, shared_memory=True)
        compiled = library.Core().import_model(tensor, "CPU", settings(precision, streams))
        # With several streams one batch more than they compute waits at OpenVINO, so that none of them is idle while
        # the results of another are looked at.
        waiting = 1 if streams > 1 else 0
        self._requests = [compiled.create_infer_request() for _ in range(streams + waiting)]

    def states(self, words: Vectors, mask: Vectors) -> Vectors:
        """(texts, tokens, dim) float32 and (texts, tokens) float32, 1 for a token -> states (texts, tokens, dim)."""
        (states,) = self.stream([(words, mask)])
        return states

    def stream(self, batches: Iterable[tuple[Vectors, Vectors]]) -> Iterator[Vectors]:
        """The states of batch after batch; the next ones are prepared while the processor works on one."""
        free, busy = deque(self._requests), deque[Any]()
        for batch in batches:
            if not free:
                yield _result(busy[0])
                free.append(busy.popleft())
            request = free.popleft()
            request.start_async(dict(enumerate(batch)))
            busy.append(request)
        while busy:
            yield _result(busy.popleft())


def settings(precision: Precision, streams: int) -> dict[str, str]:
    """What OpenVINO is told when it compiles a network, and when it reads one."""
    return {
        "INFERENCE_PRECISION_HINT": _HINTS[precision],
        "PERFORMANCE_HINT": "LATENCY" if streams == 1 else "THROUGHPUT",
        "NUM_STREAMS": str(streams),
    }


def _result(request: Any) -> Vectors:  # noqa: ANN401
    request.wait()
    states: Vectors = request.get_output_tensor().data.copy()
    return states

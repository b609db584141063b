"""
Compiled networks: batches in, results out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from embeddings.openvino_engine.runtime import openvino

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from embeddings.precision import Precision
    from embeddings.vectors import Vectors

_Result = TypeVar("_Result")

_HINTS = {"float32": "f32", "bfloat16": "bf16"}


class CompiledNetwork(ABC, Generic[_Result]):
    """
    Runs batches, each a tuple of inputs. Not thread-safe.

    Args:
        file: a network compiled for this kind of processor.
        precision: of matrix products.
        streams: batches computed in parallel. One: all cores share a batch (latency). One per core: more batches per
            second (throughput).
    """

    def __init__(self, file: Path, precision: Precision, *, streams: int) -> None:
        library = openvino()
        # Memory-mapped. "c": OpenVINO requires a writeable buffer but does not write.
        self._stored = np.memmap(file, np.uint8, mode="c")  # the network may point into it
        tensor = library.Tensor(self._stored, shared_memory=True)
        compiled = library.Core().import_model(tensor, "CPU", settings(precision, streams))
        # With several streams one extra batch is queued, so that no stream idles while results are processed.
        waiting = 1 if streams > 1 else 0
        self._requests = [compiled.create_infer_request() for _ in range(streams + waiting)]

    def stream(self, batches: Iterable[tuple[NDArray[Any], ...]]) -> Iterator[_Result]:
        """Yield the result of each batch; the next ones are prepared meanwhile."""
        free, busy = deque(self._requests), deque[Any]()
        for batch in batches:
            if not free:
                yield self._result(busy[0])
                free.append(busy.popleft())
            request = free.popleft()
            request.start_async(dict(enumerate(batch)))
            busy.append(request)
        while busy:
            yield self._result(busy.popleft())

    @staticmethod
    @abstractmethod
    def _result(request: Any) -> _Result:  # noqa: ANN401
        """Wait for a request, and copy what it computed."""


class Network(CompiledNetwork["Vectors"]):
    """The bundled model: rows of the word table in, hidden states out."""

    def states(self, words: Vectors, mask: Vectors) -> Vectors:
        """Rows (texts, tokens, dim) and mask (texts, tokens), float32 -> states (texts, tokens, dim)."""
        (states,) = self.stream([(words, mask)])
        return states

    @staticmethod
    def _result(request: Any) -> Vectors:  # noqa: ANN401
        request.wait()
        states: Vectors = request.get_output_tensor().data.copy()
        return states


def settings(precision: Precision, streams: int) -> dict[str, str]:
    """OpenVINO properties, for compiling a network and for importing it."""
    return {
        "INFERENCE_PRECISION_HINT": _HINTS[precision],
        "PERFORMANCE_HINT": "LATENCY" if streams == 1 else "THROUGHPUT",
        "NUM_STREAMS": str(streams),
    }

"""
Import OpenVINO quickly and without telemetry.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
import warnings
from functools import cache
from typing import Any

# OpenVINO sends an event over the network whenever it is imported or converts a model, unless this package is missing.
# Nothing about a user's questions may leave the machine, not even their number.
_REPORTING = "openvino_telemetry"
_CONVERTING = "openvino.tools.ovc"  # a third of the import time, only needed for conversion


def is_installed() -> bool:
    """Whether OpenVINO is installed; imports nothing."""
    return importlib.util.find_spec("openvino") is not None


_importing = threading.Lock()


def openvino() -> Any:  # noqa: ANN401 - its types are generated, and change
    """The module `openvino`, imported once whichever thread is first."""
    with _importing:
        return _import()


@cache
def _import() -> Any:  # noqa: ANN401
    sys.modules[_REPORTING] = None  # type: ignore[assignment]  # makes its import fail, which OpenVINO tolerates
    sys.modules.setdefault(_CONVERTING, None)  # type: ignore[arg-type]
    import openvino as module

    if sys.modules[_CONVERTING] is None:
        del sys.modules[_CONVERTING]
    return module


def convert(module: object, example: tuple[object, ...], shapes: tuple[tuple[int, ...], ...], kind: str = "f32") -> Any:  # noqa: ANN401
    """Convert a PyTorch module; shapes are of its inputs (-1: any length), of one kind."""
    library = openvino()
    from openvino.tools.ovc import convert_model

    inputs = [(list(shape), getattr(library.Type, kind)) for shape in shapes]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it traces the module in a way that torch deprecates
        return convert_model(module, example_input=example, input=inputs)

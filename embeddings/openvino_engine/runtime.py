"""
OpenVINO as this project wants it: without a report to its maker, and soon imported.

Apart from `network` because it is all about another library's habits.
"""

from __future__ import annotations

import importlib.util
import sys
import warnings
from functools import cache
from typing import Any

# OpenVINO sends an event over the network whenever it is imported or converts a model, unless this package is not
# there. Somebody's questions are nobody's business, their number included.
_REPORTING = "openvino_telemetry"
_CONVERTING = "openvino.tools.ovc"  # a third of the time of the import, and only needed to make a network


def is_installed() -> bool:
    """Whether there is an OpenVINO to import; imports nothing."""
    return importlib.util.find_spec("openvino") is not None


@cache
def openvino() -> Any:  # noqa: ANN401 - its types are generated, and change
    """The module `openvino`."""
    sys.modules[_REPORTING] = None  # type: ignore[assignment]  # makes its import fail, which OpenVINO allows for
    sys.modules.setdefault(_CONVERTING, None)  # type: ignore[arg-type]
    import openvino as module

    if sys.modules[_CONVERTING] is None:
        del sys.modules[_CONVERTING]
    return module


def convert(module: object, example: tuple[object, ...], shapes: tuple[tuple[int, ...], ...]) -> Any:  # noqa: ANN401
    """A PyTorch module as an OpenVINO model of float32 inputs of these shapes, -1 being any length."""
    library = openvino()
    from openvino.tools.ovc import convert_model

    inputs = [(list(shape), library.Type.f32) for shape in shapes]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it traces the module in a way that torch wants nobody to use any more
        return convert_model(module, example_input=example, input=inputs)

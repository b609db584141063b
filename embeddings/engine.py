"""
The engines that run the bundled model: sentence-transformers (torch) or OpenVINO.

Imports no engine: the choice travels from the command line to `load_encoder`.
"""

from typing import Literal

Engine = Literal["sentence-transformers", "openvino"]
ENGINES: tuple[Engine, ...] = ("sentence-transformers", "openvino")
WantedEngine = Literal["auto", "sentence-transformers", "openvino"]

"""
What runs the bundled model: sentence-transformers (and the same layers straight in torch), or OpenVINO.

Apart from the encoders because a wish for one travels from the command line to `load_encoder`.
"""

from typing import Literal

Engine = Literal["sentence-transformers", "openvino"]
ENGINES: tuple[Engine, ...] = ("sentence-transformers", "openvino")
WantedEngine = Literal["auto", "sentence-transformers", "openvino"]

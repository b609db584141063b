"""
Load options: how models are run.

Whoever runs the program chooses them; an index stores none.
"""

from dataclasses import dataclass, replace

from embeddings.device import WantedDevice
from embeddings.engine import WantedEngine


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """The engine, the device, and whether code that comes with a model may run."""

    engine: WantedEngine = "auto"
    device: WantedDevice = "auto"
    trust_remote_code: bool = False

    def for_questions(self, model: str | None) -> "LoadOptions":
        """
        The options of a process that encodes questions only.

        The bundled model reads a question on the CPU sooner than a GPU is ready for it.
        """
        return replace(self, device="cpu") if model is None and self.device == "auto" else self


DEFAULT_OPTIONS = LoadOptions()

"""
Load another model in OpenVINO, or say why not.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from embeddings.bundled.weights import default_cache_dir
from embeddings.fingerprint import folder_id
from embeddings.openvino_engine.runtime import is_installed
from embeddings.precision import Precision, choose

if TYPE_CHECKING:
    from embeddings.device import Placement
    from embeddings.load_options import LoadOptions
    from embeddings.openvino_engine.any_model_encoder import OpenVinoModelEncoder
    from embeddings.prompts import Prompts

# Memory that a conversion takes at its peak, in sizes of the weights in float32: in torch, converted, compiled and
# exported. Measured on multilingual-e5-small: 5.
_PEAK = 6


def load_compiled_model(
    folder: Path,
    name: str,
    options: LoadOptions,
    placement: Placement,
    *,
    prompts: Prompts | None,
    dimensions: int | None,
    cache_dir: Path | None,
) -> OpenVinoModelEncoder | str:
    """
    The model through OpenVINO, or why it does not run there.

    It is converted first if it was not before. The reason is "" where nobody would expect it. A model that cannot be
    loaded at all has one too: torch says the same.
    """
    if options.engine == "sentence-transformers":
        return ""
    if placement.device != "cpu":
        return "it runs on the CPU only"
    if not is_installed():
        return "it is not installed, `pip install 'trichdan[fast]'`"
    weights = folder_id(folder)
    precision: Precision = placement.precision if placement.precision in {"float32", choose("auto")} else "float32"
    try:
        from embeddings.openvino_engine.any_model_encoder import OpenVinoModelEncoder
        from embeddings.openvino_engine.any_model_files import SETTINGS_FILE, CompiledSettings, ensure_compiled_model

        compiled = ensure_compiled_model(
            folder,
            name,
            weights,
            precision,
            cache_dir or default_cache_dir(),
            trust_remote_code=options.trust_remote_code,
            check=lambda: _check_memory(folder),
        )
        reason = CompiledSettings.read(compiled / SETTINGS_FILE).reason
        return reason or OpenVinoModelEncoder(
            compiled,
            name=name,
            weights=weights,
            prompts=prompts,
            precision=placement.precision,
            compiled_precision=precision,
            dimensions=dimensions,
            reason=placement.reason,
        )
    except Exception as error:  # noqa: BLE001 - partial installations, damaged files and full caches are no obstacle
        return str(error).strip().partition("\n")[0] or type(error).__name__


def _check_memory(folder: Path) -> None:
    """Raise MemoryError where a conversion would take more memory than there is."""
    from embeddings.openvino_engine.any_model_files import is_half

    stored = sum(file.stat().st_size for file in folder.rglob("*") if file.suffix in {".safetensors", ".bin"})
    needed = _PEAK * stored * (2 if is_half(folder) else 1)
    free = _free_memory()
    if free is not None and needed > free:
        raise MemoryError(f"its conversion takes some {needed / 1e9:.0f} GB of memory, {free / 1e9:.0f} GB are free")


def _free_memory(system: Path = Path("/")) -> int | None:
    """In bytes, of the machine or the service's limit; None where nothing tells."""
    amounts = (_available(system / "proc/meminfo"), _below_limit(system))
    return min((amount for amount in amounts if amount is not None), default=None)


def _available(file: Path) -> int | None:
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError:
        return None
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")), None)


def _below_limit(system: Path) -> int | None:
    """What a control group, version 2, leaves: systemd's MemoryMax and containers set such limits."""
    try:
        own = (system / "proc/self/cgroup").read_text("utf-8").partition("0::/")[2].strip()
        group = system / "sys/fs/cgroup" / own
        return int((group / "memory.max").read_text()) - int((group / "memory.current").read_text())
    except (OSError, ValueError):  # no such group, or "max"
        return None

"""
Devices: where a model runs, in which precision, and why.

Imports no torch until an accelerator is looked for.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from embeddings.errors import DeviceNotFound
from embeddings.precision import Precision, WantedPrecision, choose

Device = Literal["cpu", "cuda", "mps"]
DEVICES: tuple[Device, ...] = ("cpu", "cuda", "mps")
WantedDevice = Literal["auto", "cpu", "cuda", "mps"]

# What the drivers of NVIDIA (also below Windows) and AMD leave in /dev.
_DRIVER_FILES = ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd")


@dataclass(frozen=True, slots=True)
class Accelerators:
    """What torch found: `cuda` names each device, `absence` says why there is none."""

    cuda: tuple[str, ...] = ()
    cuda_bfloat16: bool = False  # whether all of them multiply in it
    mps: bool = False
    absence: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """
    Where a model runs, in which precision, and why.

    `places` are torch's names, such as "cuda:1": passages are shared among them, questions go to the first.
    """

    device: Device
    places: tuple[str, ...]
    precision: Precision
    reason: str


def may_have_accelerator(driver_files: tuple[str, ...] = _DRIVER_FILES, platform: str = sys.platform) -> bool:
    """Whether looking for one is worth importing torch, which takes longer than a question."""
    return platform == "darwin" or any(Path(file).exists() for file in driver_files)


def find_accelerators() -> Accelerators:
    """Ask torch, which is imported for it."""
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a driver that is too old, which counts as none
        names = _cuda_names()
        bfloat16 = bool(names) and _multiply_in_bfloat16(len(names))
        mps = bool(torch.backends.mps.is_available())
    absence = "" if names or mps else _absence(torch.__version__)
    return Accelerators(names, bfloat16, mps, absence)


def _cuda_names() -> tuple[str, ...]:
    import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    return tuple(torch.cuda.get_device_name(number) for number in range(count))


def _multiply_in_bfloat16(count: int) -> bool:
    """Whether all devices do; torch tells of the first, and NVIDIA's since Ampere do."""
    import torch

    first = bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capable = torch.version.hip or all(torch.cuda.get_device_capability(number)[0] >= 8 for number in range(count))
    return first and bool(capable)


def _absence(version: str) -> str:
    if version.endswith("+cpu"):
        return f"torch {version} is built for the CPU only"
    return f"torch {version} finds no GPU"


def place(wanted: WantedDevice, precision: WantedPrecision, found: Accelerators) -> Placement:
    """
    Choose the device, and the precision by the device.

    Raises:
        DeviceNotFound: a device was asked for by name, and is not there.
    """
    if wanted == "cuda" or (wanted == "auto" and found.cuda):
        return _on_cuda(precision, found)
    if wanted == "mps" or (wanted == "auto" and found.mps):
        return _on_mps(precision, found)
    reason = "as asked for" if wanted == "cpu" else found.absence or "no GPU has a driver here"
    return Placement("cpu", ("cpu",), choose(precision), reason)


def _on_cuda(precision: WantedPrecision, found: Accelerators) -> Placement:
    if not found.cuda:
        raise _not_found("cuda", found)
    own: Precision = "bfloat16" if found.cuda_bfloat16 else "float16"
    places = tuple(f"cuda:{number}" for number in range(len(found.cuda)))
    return Placement("cuda", places, own if precision == "auto" else precision, ", ".join(found.cuda))


def _on_mps(precision: WantedPrecision, found: Accelerators) -> Placement:
    if not found.mps:
        raise _not_found("mps", found)
    return Placement("mps", ("mps",), "float32" if precision == "auto" else precision, "torch finds Apple's GPU")


def _not_found(device: Device, found: Accelerators) -> DeviceNotFound:
    there = ", ".join(["cpu", *(["cuda"] if found.cuda else []), *(["mps"] if found.mps else [])])
    reason = f" ({found.absence})" if found.absence else ""
    return DeviceNotFound(
        f"a device must be there to run on, {device} is not, only {there}{reason}: choose --device auto, or install "
        "the torch that your GPU needs"
    )

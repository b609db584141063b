"""
In which number format passages are encoded, and what this processor does well.

Apart from the encoders because an index names its precision: it is data, not only a way of computing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Precision = Literal["float32", "bfloat16"]
PRECISIONS: tuple[Precision, ...] = ("float32", "bfloat16")
WantedPrecision = Literal["auto", "float32", "bfloat16"]

# Without one of these a processor emulates bfloat16, which is slower than float32.
_FAST_BFLOAT16 = frozenset({"amx_bf16", "avx512_bf16"})


def choose(wanted: WantedPrecision, flags: frozenset[str] | None = None) -> Precision:
    """`wanted`; for "auto", bfloat16 if the processor multiplies in it. `flags` as in /proc/cpuinfo."""
    if wanted != "auto":
        return wanted
    return "bfloat16" if _FAST_BFLOAT16 & (cpu_flags() if flags is None else flags) else "float32"


def cpu_flags(cpuinfo: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """The processor's features by the kernel's names; none where there is no such file."""
    try:
        lines = cpuinfo.read_text("utf-8").splitlines()
    except OSError:
        return frozenset()
    named = ("flags", "Features")  # on x86 and on ARM
    return frozenset(next((line.partition(":")[2] for line in lines if line.startswith(named)), "").split())


@contextmanager
def matrices_in(precision: Precision) -> Iterator[None]:
    """
    Multiply matrices in `precision`; sums, soft-maxima and layer norms stay in float32, and so do the weights
    at rest: one copy serves queries and passages.
    """
    import torch

    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"), torch.inference_mode():
        yield

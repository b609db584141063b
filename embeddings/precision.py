"""
The number format of passage encoding, and what this processor supports.

float16 is for GPUs that do not multiply in bfloat16.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Precision = Literal["float32", "bfloat16", "float16"]
PRECISIONS: tuple[Precision, ...] = ("float32", "bfloat16", "float16")
WantedPrecision = Literal["auto", "float32", "bfloat16", "float16"]

# Other processors emulate bfloat16, which is slower than float32.
_FAST_BFLOAT16 = frozenset({"amx_bf16", "avx512_bf16"})


def choose(wanted: WantedPrecision, flags: frozenset[str] | None = None) -> Precision:
    """Resolve "auto": bfloat16 if the processor supports it; `flags` as in /proc/cpuinfo."""
    if wanted != "auto":
        return wanted
    return "bfloat16" if _FAST_BFLOAT16 & (cpu_flags() if flags is None else flags) else "float32"


def cpu_flags(cpuinfo: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """The processor's feature flags by the kernel's names; empty without such a file."""
    try:
        lines = cpuinfo.read_text("utf-8").splitlines()
    except OSError:
        return frozenset()
    named = ("flags", "Features")  # on x86 and on ARM
    return frozenset(next((line.partition(":")[2] for line in lines if line.startswith(named)), "").split())


@contextmanager
def matrices_in(precision: Precision) -> Iterator[None]:
    """
    Multiply matrices in `precision` on the CPU inside the context.

    Sums, softmax, layer norms and stored weights stay float32: one copy serves queries and passages.
    """
    import torch

    kind = torch.float16 if precision == "float16" else torch.bfloat16
    with torch.autocast("cpu", dtype=kind, enabled=precision != "float32"), torch.inference_mode():
        yield

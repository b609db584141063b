"""
The Python environment of a contestant, made outside the repository when missing.

Each peer has its own, so that none bends another's versions. What computes (torch, transformers, sentence-transformers,
FAISS, numpy) has the project's versions in all of them: systems are compared, not releases of their foundations.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.__main__ import ROOT
from tests.benchmarks.peers.contestant import Contestant

_SHARED = ("faiss-cpu", "numpy", "safetensors", "sentence-transformers", "tokenizers", "torch", "transformers")
_VERSIONS = """
import importlib.metadata, json
print(json.dumps({d.metadata["Name"]: d.version for d in importlib.metadata.distributions()}))
"""
_REPORTED = (*_SHARED, "haystack-ai", "openvino", "sentence-transformers-haystack", "tantivy", "txtai")


@dataclass(frozen=True, slots=True)
class Environment:
    """How a contestant is started, `variables` replacing the driver's, and its versions of what matters for speed."""

    python: Path
    variables: dict[str, str]
    versions: dict[str, str]


def environment(contestant: Contestant, folder: Path, tell: Callable[[str], None]) -> Environment:
    """The contestant's environment below the folder; made now unless it holds these packages already."""
    if not contestant.packages:
        return _opened(Path(sys.executable), {**_variables(), "PYTHONPATH": str(ROOT)})
    constraints = shared_versions((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    home = folder / contestant.name
    wanted = hashlib.sha256("\n".join((*contestant.packages, constraints)).encode()).hexdigest()
    seal = home / "made-for"
    if not seal.exists() or seal.read_text(encoding="utf-8") != wanted:
        tell(f"making the environment of {contestant.title}; some minutes, once")
        _make(home, contestant.packages, constraints)
        seal.write_text(wanted, encoding="utf-8")
    return _opened(home / "bin" / "python", _variables())


def shared_versions(constraints: str) -> str:
    """
    The lines of a constraints file that every environment keeps to.
    Example: "anyio==4.16.0\ntorch==2.13.0" -> "torch==2.13.0"
    """
    return "\n".join(line for line in constraints.splitlines() if line.partition("==")[0] in _SHARED)


def _opened(python: Path, variables: dict[str, str]) -> Environment:
    done = subprocess.run([python, "-c", _VERSIONS], check=True, capture_output=True, text=True, env=variables)
    found = json.loads(done.stdout)
    return Environment(python, variables, {name: found[name] for name in _REPORTED if name in found})


def _make(home: Path, packages: tuple[str, ...], constraints: str) -> None:
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    file = home / "constraints.txt"
    file.write_text(f"{constraints}\n", encoding="utf-8")
    install = [home / "bin" / "python", "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "--upgrade", "pip"], check=True)
    # By itself and first: beside packages that want any torch, pip would look at ones with gigabytes of CUDA.
    subprocess.run([*install, "--constraint", file, "torch"], check=True)
    subprocess.run([*install, "--constraint", file, *packages], check=True)


def _variables() -> dict[str, str]:
    """The driver's, without what sets its threads; nobody asks the network for anything."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "MKL_", "PYTHON"))}
    return {**kept, "HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}

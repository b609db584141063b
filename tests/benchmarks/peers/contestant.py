"""
The contestants: each system with its packages and its runner.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

_RUNNERS = Path(__file__).parent / "runners"


@dataclass(frozen=True, slots=True)
class Contestant:
    """`packages` is empty for this project, which runs in the environment that the driver runs in."""

    name: str
    title: str
    script: Path
    packages: tuple[str, ...] = ()


OURS = Contestant("trichdan", "Trích Dẫn", _RUNNERS / "ours.py")
PLAIN = Contestant(
    "plain",
    "sentence-transformers + FAISS",
    _RUNNERS / "plain.py",
    ("sentence-transformers", "faiss-cpu"),  # in the project's own versions: see `environment`
)
TXTAI = Contestant("txtai", "txtai hybrid", _RUNNERS / "with_txtai.py", ("txtai==9.14.0",))
HAYSTACK = Contestant(
    "haystack",
    "Haystack hybrid in memory",
    _RUNNERS / "with_haystack.py",
    ("haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0"),  # 3.4.1 only raises certifi
)
PEERS = (PLAIN, TXTAI, HAYSTACK)


def select_contestants(names: str) -> tuple[Contestant, ...]:
    """
    This project and the peers of these names, between commas.
    Example: chosen("plain") -> (OURS, PLAIN)
    """
    by_name = {peer.name: peer for peer in PEERS}
    unknown = [name for name in names.split(",") if name not in by_name]
    if unknown:
        sys.exit(f"a peer is one of {', '.join(by_name)}, found {', '.join(unknown)}: correct --peers")
    return (OURS, *(by_name[name] for name in names.split(",")))

"""
Indexes kept between runs, since building them is not timed.

A peer's index is kept while the peer, its runner, the model and the corpus are the same. This project's is built anew
from kept vectors, which know by themselves what is stale: its code changes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from embeddings.bundled.weights import default_cache_dir, ensure_unpacked
from tests.benchmarks.peers.contestant import Contestant
from tests.benchmarks.peers.conversation import Conversation
from tests.benchmarks.peers.environment import Environment


@dataclass(frozen=True, slots=True)
class IndexStore:
    """One index per contestant and corpus, in `folder`."""

    environments: dict[Contestant, Environment]
    folder: Path
    tell: Callable[[str], None]

    def path(self, contestant: Contestant, corpus: Path) -> Path:
        """Where the index is, or would be."""
        return self.folder / f"{contestant.name}-{corpus.name}"

    def make(self, contestant: Contestant, corpus: Path, *, threads: int | None = None) -> None:
        """Index the corpus, a folder in BEIR layout, unless a current index is kept."""
        if contestant.packages and self.is_kept(contestant, corpus):
            return
        self.tell(f"{contestant.title} indexes {corpus.name}")
        path = self.path(contestant, corpus)
        shutil.rmtree(path, ignore_errors=True)
        arguments = [contestant.script, model_folder(), self.folder / "vectors.sqlite"]
        with Conversation(self.environments[contestant], arguments, threads=threads) as conversation:
            conversation.say("load")
            conversation.say("index", corpus=corpus, folder=path)
        self._seal(contestant, corpus).write_text(self._made_of(contestant, corpus), encoding="utf-8")

    def is_kept(self, contestant: Contestant, corpus: Path) -> bool:
        """Whether making the index takes no encoding, or hardly any."""
        seal = self._seal(contestant, corpus)
        return seal.exists() and seal.read_text(encoding="utf-8") == self._made_of(contestant, corpus)

    def _seal(self, contestant: Contestant, corpus: Path) -> Path:
        return self.folder / f"{contestant.name}-{corpus.name}.made-of"

    def _made_of(self, contestant: Contestant, corpus: Path) -> str:
        parts = [(corpus / "corpus.jsonl").read_bytes(), model_folder().name.encode()]
        if contestant.packages:
            runner = [contestant.script, contestant.script.parent / "serve.py"]
            parts += [json.dumps(self.environments[contestant].versions).encode(), *(f.read_bytes() for f in runner)]
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def model_folder() -> Path:
    """The unpacked bundled model: the folder that all contestants load."""
    return ensure_unpacked(default_cache_dir())

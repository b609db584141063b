"""
What a process measures of one model, handed over as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from embeddings import LoadOptions
from retrieval.index.index_model import named_model

Step = Literal["index", "ask"]


@dataclass(frozen=True, slots=True)
class Request:
    """
    Indexing the corpora of some sets with a model, or asking the sets.

    Paths are strings: the request travels to another process.
    """

    step: Step
    model: str  # as named; "bundled" for the bundled one
    sets: Sequence[str]
    documents: Sequence[str]  # of sets without a corpus of their own
    work: str  # holds an index folder for each corpus
    options: LoadOptions
    limit: int | None = None  # questions of each set, evenly spread

    @property
    def manifest_model(self) -> str | None:
        """The model as a manifest names it."""
        return named_model(self.model)

    def corpora(self) -> dict[str, list[Path]]:
        """The sets by the name of the corpus that they are asked of."""
        found: dict[str, list[Path]] = {}
        for path in map(Path, self.sets):
            found.setdefault(path.name if path.is_dir() else "documents", []).append(path)
        return found

    def index_of(self, corpus: str) -> Path:
        """The index folder of a corpus."""
        return Path(self.work) / corpus

    def dumps(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> Request:
        """What `dumps` gave."""
        fields = json.loads(text)
        return cls(**{**fields, "options": LoadOptions(**fields["options"])})

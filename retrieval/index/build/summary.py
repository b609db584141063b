"""
The summary of a build.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from retrieval.reading.corpus import Refusal


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build did; the sources are paths relative to the corpus root."""

    generation: str  # the name of the one that was built, or else of the live one
    documents: int
    passages: int
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()  # under their new names; the ids are unchanged
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = field(default=())
    retained: tuple[str, ...] = ()  # refused now, and in the index as last read
    built: bool = True  # False when the live generation was already up to date

    @property
    def differs(self) -> bool:
        """Whether any document was added, changed, renamed or removed."""
        return bool(self.new or self.changed or self.renamed or self.removed)

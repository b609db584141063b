"""
The summary of a build: how its documents differ from the previous generation's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from retrieval.index.local.build.document_collector import BuildInput
from retrieval.index.local.build.previous_generation import PreviousGeneration
from retrieval.reading.corpus import Refusal


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build did; the sources are paths relative to the corpus root."""

    generation: Path
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


def summarize(build_input: BuildInput, previous: PreviousGeneration | None) -> BuildSummary:
    """Compare the input with the previous generation."""
    known = {record.doc_id: record for record in previous.records} if previous else {}
    new, changed, renamed, unchanged = [], [], [], []
    for each in build_input.documents:
        document = each.document
        record = known.pop(document.doc_id, None)
        if record is None:
            new.append(document.source)
        elif record.source != document.source:
            renamed.append(document.source)
        elif record.digest != each.digest:
            changed.append(document.source)
        else:
            unchanged.append(document.source)
    return BuildSummary(
        generation=previous.folder if previous else Path(),
        documents=len(build_input.documents),
        passages=sum(len(each.passages) for each in build_input.documents),
        new=tuple(new),
        changed=tuple(changed),
        renamed=tuple(renamed),
        unchanged=tuple(unchanged),
        removed=tuple(record.source for record in known.values()),
        refused=build_input.refused,
        retained=build_input.retained,
    )

"""
Compare a build's documents with the previous generation's.
"""

from __future__ import annotations

from retrieval.index.build.document_collector import BuildInput
from retrieval.index.build.previous_generation import PreviousGeneration
from retrieval.index.build.summary import BuildSummary


def summarize(build_input: BuildInput, previous: PreviousGeneration | None) -> BuildSummary:
    """Compare the input with the previous generation."""
    known = {record.doc_id: record for record in previous.records} if previous else {}
    new, changed, renamed, unchanged = [], [], [], []
    for each in build_input.entries:
        record = known.pop(each.doc_id, None)
        if record is None:
            new.append(each.source)
        elif record.source != each.source:
            renamed.append(each.source)
        elif record.digest != each.digest:
            changed.append(each.source)
        else:
            unchanged.append(each.source)
    return BuildSummary(
        generation=previous.name if previous else "",
        documents=len(build_input.entries),
        passages=build_input.passages,
        new=tuple(new),
        changed=tuple(changed),
        renamed=tuple(renamed),
        unchanged=tuple(unchanged),
        removed=tuple(record.source for record in known.values()),
        refused=build_input.refused,
        retained=build_input.retained,
    )

"""
The recall of a generation's search plan, measured again on windows of its own.
"""

from __future__ import annotations

from typing import Final, LiteralString

from retrieval.index.place import Finding
from retrieval.index.postgres.build.search_plans import RECALL, measured_recall, sampled_windows
from retrieval.index.postgres.database import Row
from retrieval.index.postgres.proposals import exploring
from retrieval.index.postgres.view import View

_SAMPLE: Final = 50  # windows; each is compared with all others, as when the plan was chosen
_TOLERANCE: Final = 0.03  # what so small a sample may differ by: three standard errors of 500 nearest


def plan_recall(view: View, dim: int) -> Finding:
    """
    What the plan of the manifest finds now, which builds since have changed.

    `dim`: the width of the vectors.
    """
    manifest = view.stored.manifest
    plan = manifest.search
    asking = exploring(view, plan)
    if plan is None or not asking:
        return Finding("recall", "1: windows are compared one by one")

    def execute(text: LiteralString, **values: object) -> list[Row]:
        return view.read(*asking, view.statement(text, **values))[-1]

    asked = sampled_windows(execute, manifest.windows, _SAMPLE)
    recall = measured_recall(execute, asked, dim)
    measured = f"recall@10 {recall:.3f} on {len(asked)} windows, {plan.recall:.3f} when the plan was chosen"
    if recall < RECALL - _TOLERANCE:
        text = f"a plan finds {RECALL:.0%} of the nearest, this one has {measured}: run `trichdan index --rebuild`"
        return Finding("recall", text, is_problem=True)
    return Finding("recall", f"{measured}; {plan}")

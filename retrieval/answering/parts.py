"""
The answer to a question of several parts.

Each part has its own first quote, then comes what the whole question finds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.answering.answer import Answer, Hit, Part
from retrieval.ranking.confidence import STATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.ranking.confidence import State


def join_parts(whole: Answer, parts: Sequence[Answer], k: int) -> Answer:
    """
    The answer to a question whose parts were answered one by one.

    Its confidence is that of its least sure part that was answered at all. At most `k` quotes, but at least one for
    each part that has one.
    """
    hits: list[Hit] = []
    ranks: dict[str, int] = {}
    answered = [part for part in parts if part.state != "none"]
    for number, hit in enumerate((*(part.hits[0] for part in answered), *whole.hits)):
        if hit.quote.passage_id not in ranks and (number < len(answered) or len(hits) < k):
            ranks[hit.quote.passage_id] = len(hits) + 1
            hits.append(replace(hit, rank=len(hits) + 1))
    return replace(
        whole,
        state=_joint_state(parts),
        confidence=min((part.confidence for part in answered), default=whole.confidence),
        hits=tuple(hits),
        parts=tuple(
            Part(part.question, part.state, ranks[part.hits[0].quote.passage_id] if part.state != "none" else None)
            for part in parts
        ),
        milliseconds={
            stage: spent + sum(part.milliseconds.get(stage, 0.0) for part in parts)
            for stage, spent in whole.milliseconds.items()
        },
    )


def _joint_state(parts: Sequence[Answer]) -> State:
    """The state of the surest part: what was not found is said."""
    states = {part.state for part in parts}
    return next(state for state in STATES if state in states)

"""
Lines of a question file, as ratings and marks write them.

One form for both, so that `trichdan eval` and a build read either; see `questions.read_question_file`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Line = dict[str, object]
Place = Mapping[str, object]  # "source" and "contains"; of a rejected passage also its "score"


def gold_line(question: str, gold: Sequence[Place], *, kind: str) -> Line:
    """A question with what answers it: any one of `gold`, nothing if there is none."""
    return {"question": question, "gold": [dict(place) for place in gold], "kind": kind}


def rejected_line(
    question: str, rejected: Sequence[Place], *, reasons: Sequence[str], state: str, confidence: float, kind: str
) -> Line:
    """A question with passages that do not answer it; what does is not known."""
    return {
        "question": question,
        "rejected": [dict(place) for place in rejected],
        "reasons": list(reasons),
        "state": state,
        "confidence": round(confidence, 4),
        "kind": kind,
    }

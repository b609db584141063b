"""
The figures of several models as rows of text, for terminals and for Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from retrieval.evaluation.models.figures import AskedFigures, ModelFigures
from retrieval.evaluation.provenance import Provenance

_MEASURE = "RR@10"
_QUALITY = (
    "RR@10 by how the questions are typed; the shares of answerable questions that are *found* and *none*, and of "
    "unanswerable ones that are found all the same:"
)
_COSTS = (
    "Over {passages} passages: passages encoded a second as a build encodes them, milliseconds of a question typed in "
    "full, peaks of resident memory:"
)
_WAYS = ("full", "half", "bare", "english")


def quality_rows(models: Sequence[ModelFigures]) -> list[list[str]]:
    """The header, then a row for each model and set."""
    rows = [["model", "set", "questions", *_WAYS, "found", "none", "wrongly found"]]
    for one in models:
        for name, ways in one.sets.items():
            asked = [ways[way] for way in ("full", "english") if way in ways]
            questions = sum(each.answerable + each.unanswerable for each in asked)
            measures = [f"{ways[way].measures[_MEASURE]:.3f}" if way in ways else "" for way in _WAYS]
            rows.append([one.model, name, str(questions), *measures, *_states(asked)])
    return rows


def cost_rows(models: Sequence[ModelFigures]) -> list[list[str]]:
    """The header, then a row for each model: size, speed and memory."""
    return [
        [
            *("model", "dimensions", "tokens", "model MB", "index MB", "load s", "passages/s"),
            *("p50 ms", "p95 ms", "indexing MB", "answering MB"),
        ],
        *(_costs(one) for one in models if not one.reason),
    ]


def markdown(models: Sequence[ModelFigures], about: Provenance) -> str:
    """The page `models.md`."""
    machine = ", ".join(f"{name} {value}" for name, value in about.machine.items())
    lines = [
        "# Models measured",
        "",
        f"`{about.command}`, commit {about.commit or 'unknown'}, {about.measured}, {about.seconds} s; {machine}",
    ]
    measured = [one for one in models if not one.reason]
    if measured:
        lines += ["", _QUALITY, "", *_markdown_table(quality_rows(measured), left=2)]
        costs = _COSTS.format(passages=measured[0].passages)
        lines += ["", costs, "", *_markdown_table(cost_rows(measured), left=1)]
    failed = [f"- {one.model}: {one.reason}" for one in models if one.reason]
    lines += ["", "Not measured:", "", *failed] if failed else []
    return "\n".join([*lines, ""])


def _states(asked: Sequence[AskedFigures]) -> list[str]:
    """The shares that are "found" and "none", and that are wrongly "found"."""
    answerable = [(each.answerable, each.states["answerable"]) for each in asked]
    unanswerable = [(each.unanswerable, each.states["unanswerable"]) for each in asked]
    return [_share(answerable, "found"), _share(answerable, "none"), _share(unanswerable, "found")]


def _share(counted: Sequence[tuple[int, Mapping[str, float]]], state: str) -> str:
    total = sum(count for count, _ in counted)
    return f"{sum(count * shares[state] for count, shares in counted) / total:.0%}" if total else ""


def _costs(one: ModelFigures) -> list[str]:
    return [
        one.model,
        str(one.dimensions),
        str(one.max_tokens),
        f"{one.model_mb:,.0f}",
        f"{one.index_mb:,.1f}",
        f"{one.load_seconds:.1f}",
        f"{one.passages_per_second:.1f}",
        *(f"{one.milliseconds[p]:.0f}" if p in one.milliseconds else "" for p in ("p50", "p95")),
        f"{one.indexing_mb:,.0f}",
        f"{one.answering_mb:,.0f}",
    ]


def _markdown_table(rows: Sequence[Sequence[str]], *, left: int) -> Iterator[str]:
    header, *others = rows
    yield f"| {' | '.join(header)} |"
    yield f"| {' | '.join('---' if place < left else '---:' for place in range(len(header)))} |"
    yield from (f"| {' | '.join(row)} |" for row in others)

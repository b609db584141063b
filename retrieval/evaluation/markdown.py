"""
A report as Markdown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from retrieval.evaluation.comparison import Change, Comparison
from retrieval.evaluation.failure import FAILURES
from retrieval.evaluation.mode import MODES, Mode
from retrieval.evaluation.reliability import reliability
from retrieval.evaluation.report import QuestionGroup, SuiteReport
from retrieval.evaluation.result import Result
from retrieval.evaluation.set_metrics import SetMetrics, states
from retrieval.ranking.confidence import SHOWN_PASSAGES, STATES

# Counted but not listed: staff see the right passage all the same.
_NOT_LISTED = "right passage at rank 2-3"
_LISTED = tuple(failure for failure in FAILURES if failure != _NOT_LISTED)
_ESCAPES = str.maketrans({"|": "\\|", "*": "\\*", "<": "&lt;"})  # would end a cell or vanish


def markdown(report: SuiteReport) -> str:
    """Render `report.md`."""
    parts = [
        f"# Evaluation of {report.about.measured}",
        *_about(report),
        "## Measures",
        _measures(report.suite.metrics),
        "![Recall curves](recall.png)",
        *_comparison(report.comparison),
        "## How sure",
        *_confidence(report),
        *_highlights(report.suite.metrics),
        "## Time",
        *_time(report.suite.metrics),
        "## Failures",
        *_failures(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _about(report: SuiteReport) -> Iterable[str]:
    about = report.about
    models = dict.fromkeys(one.fingerprint for one in report.suite.metrics)
    yield _table(
        ("", ""),
        [
            ("command", f"`{about.command}`"),
            ("commit", about.commit or "not in a repository"),
            ("model", ", ".join(models)),
            ("machine", ", ".join(f"{name} {_words(value)}" for name, value in about.machine.items())),
            ("versions", ", ".join(f"{n} {v}" for n, v in {"Python": about.python, **about.versions}.items())),
            ("took", f"{about.seconds // 60} min {about.seconds % 60} s"),
        ],
    )
    for name, reason in report.suite.refused.items():
        yield f"**Not measured: {_line(name)}.** {_line(reason)}."
    for notice in report.notices:
        yield f"{_line(notice)}."


def _measures(metrics: Sequence[SetMetrics]) -> str:
    names = list(metrics[0].measures) if metrics else []
    rows = [
        (*_set_and_mode(one), str(one.answerable), *(f"{one.measures[name]:.4f}" for name in names)) for one in metrics
    ]
    return _table(("set", "asked", "questions", *names), rows)


def _comparison(comparison: Comparison | None) -> Iterable[str]:
    if comparison is None:
        yield "## Compared with the last report"
        yield "There is none to compare with."
        return
    yield f"## Compared with {comparison.before}"
    yield (
        f"Over the questions that both asked; {comparison.missing} were asked only before, {comparison.added} only "
        "now. In brackets: the difference."
    )
    names = list(dict.fromkeys(name for d in comparison.differences for name in d.measures))
    rows = [
        (d.set_name, d.mode, str(d.common), *(_difference(d.measures.get(name)) for name in names))
        for d in comparison.differences
    ]
    yield _table(("set", "asked", "in common", *names), rows)
    for title, changes in (("Better", comparison.better), ("Worse", comparison.worse)):
        yield f"### {title}: {len(changes)}"
        yield _changes(changes) if changes else "None."


def _difference(values: tuple[float, float] | None) -> str:
    return f"{values[1]:.4f} ({round(values[1] - values[0], 4) + 0.0:+.4f})" if values else ""  # + 0.0: never "-0"


def _changes(changes: Sequence[Change]) -> str:
    rows = [
        (
            change.after.set_name,
            change.after.mode,
            change.after.question_id,
            " → ".join(dict.fromkeys((_rank(change.before), _rank(change.after)))),
            " → ".join(dict.fromkeys((change.before.state, change.after.state))),
            change.after.text,
        )
        for change in changes
    ]
    return _table(("set", "asked", "id", "rank", "state", "question"), rows)


def _confidence(report: SuiteReport) -> Iterable[str]:
    yield (
        "A `.jsonl` brings its own unanswerable questions; a BEIR folder is asked a fixed sample of the other sets'. "
        "AUC: the area under the ROC curve of the confidence, answerable against unanswerable questions. ECE: the "
        f"expected calibration error, of the confidence that one of the first {SHOWN_PASSAGES} passages answers; it "
        "depends on the mix, since the more questions cannot be answered, the less often the same confidence is right."
    )
    groups = [
        (*_set_and_mode(one), [r for r in report.results_of(one.mode) if r.set_name == one.set_name])
        for one in report.suite.metrics
    ]
    groups += [("all", mode, report.results_of(mode)) for mode in MODES]
    rows = [(name, mode, *_confidence_cells(results)) for name, mode, results in groups]
    heads = [f"{kind}: {state}" for kind in ("answerable", "unanswerable") for state in STATES]
    yield _table(("set", "asked", "answerable / not", "AUC", "ECE", *heads), rows)
    yield "![Reliability](reliability.png)"


def _confidence_cells(results: Sequence[Result]) -> Iterable[str]:
    answerable, found = sum(result.answerable for result in results), reliability(results)
    yield f"{answerable} / {len(results) - answerable}"
    yield "" if found.area is None else f"{found.area:.4f}"
    yield f"{found.error:.4f}"
    for kind, shares in states(results).items():
        total = answerable if kind == "answerable" else len(results) - answerable
        yield from (f"{shares[state]:.1%}" if total else "" for state in STATES)


def _highlights(metrics: Sequence[SetMetrics]) -> Iterable[str]:
    found = [(one, one.highlights) for one in metrics if one.highlights]
    if not found:
        return
    yield "## Highlighted sentence"
    yield (
        "Share of right passages whose chosen sentence holds an answer: the highlighted one, one at random (expected), "
        "and, over a sample, the highlighted one beside the sentence with the best cosine to the question."
    )
    rows = [
        (
            *_set_and_mode(one),
            str(shares.passages),
            f"{shares.highlighted:.1%}",
            f"{shares.random:.1%}",
            str(shares.sampled),
            f"{shares.highlighted_of_sample:.1%}",
            f"{shares.nearest:.1%}",
        )
        for one, shares in found
    ]
    yield _table(("set", "asked", "passages", "highlighted", "random", "sample", "highlighted", "best cosine"), rows)


def _time(metrics: Sequence[SetMetrics]) -> Iterable[str]:
    stages = list(dict.fromkeys(stage for one in metrics for stage in one.milliseconds))
    yield "Milliseconds a question, p50 / p95."
    rows = [
        (
            *_set_and_mode(one),
            *(" / ".join(f"{v:.1f}" for v in one.milliseconds.get(stage, {}).values()) for stage in stages),
        )
        for one in metrics
    ]
    yield _table(("set", "asked", *stages), rows)


def _failures(report: SuiteReport) -> Iterable[str]:
    yield "![Failures](failures.png)"
    sets, counts = report.set_names, {mode: report.failures(mode) for mode in MODES}
    rows = [(f, mode, *(str(counts[mode][f].get(name, 0)) for name in sets)) for f in FAILURES for mode in MODES]
    yield _table(("failure", "asked", *sets), rows)
    yield from _group_table("question word", {mode: report.by_question_word(mode) for mode in MODES})
    yield from _group_table("kind of question", {mode: report.by_kind(mode) for mode in MODES})
    yield f"Listed are all but those with the {_NOT_LISTED}, which `report.json` has."
    for set_name in sets:
        failed = list(_failure_rows([result for result in report.suite.results if result.set_name == set_name]))
        if failed:
            yield f"### Failures in {set_name}: {len(failed)}"
            yield _table(("id", *MODES, "first passage", "question"), failed)


def _failure_rows(results: Sequence[Result]) -> Iterable[Sequence[str]]:
    """A row for each question with a listed failure, in the order of FAILURES."""
    asked: dict[tuple[str, str], dict[Mode, Result]] = {}
    for result in results:
        asked.setdefault((result.question_id, result.text), {})[result.mode] = result
    for failure in _LISTED:
        for (name, text), modes in asked.items():
            failed = [result for result in modes.values() if result.failure in _LISTED]
            if failed and failed[0].failure == failure:
                verdicts = (f"{_rank(modes[mode])}, {modes[mode].state}" for mode in MODES)
                yield name, *verdicts, failed[0].first or "", text


def _group_table(title: str, groups: dict[Mode, list[QuestionGroup]]) -> Iterable[str]:
    if not groups["full"]:
        return
    yield f"Without a right passage among the first {SHOWN_PASSAGES}, by {title}:"
    named = [{group.name: group for group in groups[mode]} for mode in MODES]
    rows = [
        (full.name, str(full.questions), *(_share_not_shown(of_mode.get(full.name)) for of_mode in named))
        for full in groups["full"]
    ]
    yield _table((title, "questions", *MODES), rows)


def _share_not_shown(group: QuestionGroup | None) -> str:
    return f"{group.not_shown} ({group.not_shown / group.questions:.1%})" if group else ""


def _set_and_mode(one: SetMetrics) -> tuple[str, str]:
    return one.set_name, one.mode


def _rank(result: Result) -> str:
    if not result.answerable:
        return "unanswerable"
    if result.rank:
        return str(result.rank)
    return "no candidate" if result.failure == "right passage not among the candidates" else "beyond 10"


def _words(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return _line(text).translate(_ESCAPES)


def _line(text: str) -> str:
    return " ".join(text.split())

"""
Results as a Markdown table, written into a README.
"""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.peers.figure import Figure, Kind, standing
from tests.benchmarks.peers.results import Results

OURS = "trichdan"
_BEGIN, _END = "<!-- written by `python -m tests.benchmarks.peers` -->", "<!-- end -->"


def markdown(results: Results) -> str:
    """The table, how it was measured, and the rows in which this project is not ahead."""
    names = list(results.figures)
    lines = [
        f"| | {' | '.join(results.titles[name] for name in names)} | this project is |",
        f"| --- |{' ---: |' * len(names)} --- |",
        *(_row(kind, results) for kind in results.kinds),
    ]
    return "\n".join([_measured(results), "", *lines, "", _not_ahead(results)])


def placed(table: str, readme: str) -> str:
    """The README's text with the table in its place."""
    before, begin, rest = readme.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"a README with a table holds {_BEGIN} and {_END}, this one does not: put them back")
    return f"{before}{_BEGIN}\n\n{table}\n\n{_END}{after}"


def write_into(readme: Path, table: str) -> None:
    """Replaces the table in a README."""
    readme.write_text(placed(table, readme.read_text(encoding="utf-8")), encoding="utf-8")


def standing_of(kind: Kind, results: Results) -> str:
    """ahead, level or behind; "–" where there is nothing to compare."""
    ours = results.figures.get(OURS, {}).get(kind.key)
    theirs = [figures[kind.key] for name, figures in results.figures.items() if name != OURS and kind.key in figures]
    return standing(ours, theirs, kind.better) if ours and theirs else "–"


def _row(kind: Kind, results: Results) -> str:
    cells = [_cell(figures.get(kind.key), kind) for figures in results.figures.values()]
    unit = f", {kind.unit}" if kind.unit else ""
    return f"| {kind.title}{unit} | {' | '.join(cells)} | {standing_of(kind, results)} |"


def _cell(figure: Figure | None, kind: Kind) -> str:
    if figure is None:
        return "–"
    value = f"{figure.median:,.{kind.digits}f}"
    return value if len(figure.values) == 1 else f"{value} ±{figure.noise / 2:,.{kind.digits}f}"


def _not_ahead(results: Results) -> str:
    rows = [f"{kind.title} ({found})" for kind in results.kinds if (found := standing_of(kind, results)) in _OTHER]
    return f"Not ahead: {'; '.join(rows)}." if rows else "This project is ahead in every row."


_OTHER = {"level", "behind"}


def _measured(results: Results) -> str:
    about, workload = results.about, results.workload
    machine = about["machine"]
    asked = ", ".join(f"{count} of {name}" for name, count in results.asked.items())
    return (
        f"Commit {about['commit']}, {about['measured']}, {about['seconds'] / 60:.0f} minutes; {machine['cores']} × "
        f"{machine['model']}, {', '.join(machine['bfloat16']) or 'no bfloat16'}; load average "
        f"{machine['load'][0]} before and {machine['load'][1]} after. Medians of {workload['rounds']} rounds ± half of "
        f"what the middle half of them is apart; {workload['passages']} passages to answer from, {workload['slice']} "
        f"indexed and {workload['questions']} questions asked in each round. Questions of the development sets: "
        f"{asked or 'none'}."
    )

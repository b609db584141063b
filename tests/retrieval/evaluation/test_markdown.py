"""What a maintainer reads."""

from __future__ import annotations

from dataclasses import replace

from retrieval.evaluation.comparison import compare
from retrieval.evaluation.markdown import markdown
from retrieval.evaluation.mode import MODES
from retrieval.evaluation.report import SuiteReport
from tests.retrieval.evaluation.conftest import result, suite_of


def section(text: str, title: str) -> list[str]:
    """The lines that say something below a heading, up to the next."""
    _, _, rest = text.partition(f"{title}\n")
    return [line for line in rest.partition("\n#")[0].splitlines() if line.strip()]


def cells(line: str) -> list[str]:
    """The cells of a row of a table."""
    return [cell.strip() for cell in line.strip("|").split(" | ")]


def test_the_report_says_where_it_comes_from(report: SuiteReport) -> None:
    """Command, commit, model, machine, versions and time."""
    rows = dict(cells(line) for line in section(markdown(report), "# Evaluation of 2026-11-22T06:00:00+00:00")[2:])

    assert rows == {
        "command": "`trichdan eval --all x`",
        "commit": "not in a repository",
        "model": "bag/1",
        "machine": "cores 2",
        "versions": "Python 3.11, numpy 2",
        "took": "1 min 1 s",
    }


def test_measures_of_every_set_and_mode(report: SuiteReport) -> None:
    """Ranks 1 and 4 in the first set: RR (1 + 1/4) / 2."""
    rows = [cells(line) for line in section(markdown(report), "## Measures")[2:8]]

    assert [row[:4] for row in rows] == [
        ["một", "full", "2", "0.6250"],
        ["một", "half", "2", "0.6250"],
        ["một", "bare", "2", "0.6250"],
        ["hai", "full", "1", "1.0000"],
        ["hai", "half", "1", "1.0000"],
        ["hai", "bare", "1", "1.0000"],
    ]


def test_every_plot_is_embedded(report: SuiteReport) -> None:
    """By the name it is written under."""
    text = markdown(report)

    assert all(f"]({name}.png)" in text for name in ("recall", "reliability", "failures"))


def test_failures_are_listed_once_for_all_modes(report: SuiteReport) -> None:
    """With what would end a cell, or not be shown, escaped; the unanswerable one by its state."""
    text = markdown(report)

    assert section(text, "### Failures in một: 1")[2:] == [
        "| q2 | 4, found | 4, found | 4, found | d#1 | Ở đâu \\| \\*thế\\*? |",
    ]
    assert section(text, "### Failures in hai: 1")[2] == (
        "| q4 | unanswerable, found | unanswerable, found | unanswerable, found | d#1 | Giá? |"
    )


def test_failures_by_sort_by_hand(report: SuiteReport) -> None:
    """Of two questions with "ai" both, of one with "ở đâu" none has a right passage among the first three."""
    rows = [cells(line) for line in section(markdown(report), "## Failures")]

    assert ["ai", "2", *["0 (0.0%)"] * 3] in rows
    assert ["ở đâu", "1", *["1 (100.0%)"] * 3] in rows
    assert ["plain", "1", *["0 (0.0%)"] * 3] in rows
    assert all(["right passage at rank 4-10", mode, "1", "0"] in rows for mode in MODES)


def test_changes_are_named(report: SuiteReport) -> None:
    """Id, ranks, states and words of each question that changed, and nothing of the others."""
    bare = [result("a", 2, mode="bare"), result("b", 2, mode="bare")]
    before = [result("a", 4), result("b", 1), result("c", None), *bare]
    after = [result("a", 1), result("b", 0, state="weak"), result("c", None, state="none"), *bare]
    compared = replace(report, suite=suite_of(after), comparison=compare(before, after, name="20261121T000000Z"))

    text = markdown(compared)

    assert section(text, "### Better: 2")[2:] == [
        "| s | full | a | 4 → 1 | found | Ai? |",
        "| s | full | c | unanswerable | found → none | Ai? |",
    ]
    assert section(text, "### Worse: 1")[2:] == ["| s | full | b | 1 → beyond 10 | found → weak | Ai? |"]
    assert cells(section(text, "## Compared with 20261121T000000Z")[3])[:4] == ["s", "full", "3", "0.5000 (-0.1250)"]


def test_nothing_to_compare_with(report: SuiteReport) -> None:
    """The first report says so, and why an earlier one was passed over."""
    text = markdown(replace(report, notices=("x/report.json cannot be read",)))

    assert section(text, "## Compared with the last report") == ["There is none to compare with."]
    assert "\nx/report.json cannot be read.\n" in text

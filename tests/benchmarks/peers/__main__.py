"""
`make bench`: compare this project with its alternatives, in turns, in one run.

    .venv/bin/python -m tests.benchmarks.peers [--quick] [--only speed|quality] [--peers plain,txtai,haystack]

Writes `results/peers/` (JSON, table, plots) and the table of `tests/benchmarks/README.md`. A run that is quick or
leaves something out writes to the folder `latest` below `--work`, where environments and indexes are kept.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from embeddings.bundled.weights import default_cache_dir
from retrieval.evaluation.provenance import provenance
from tests.benchmarks.__main__ import RESULTS, ROOT
from tests.benchmarks.peers.contestant import PEERS, Contestant, select_contestants
from tests.benchmarks.peers.environment import Environment, environment
from tests.benchmarks.peers.figure import Figure
from tests.benchmarks.peers.index_store import IndexStore
from tests.benchmarks.peers.quality import Quality
from tests.benchmarks.peers.results import Results
from tests.benchmarks.peers.speed import Speed
from tests.benchmarks.peers.table import markdown, write_into
from tests.benchmarks.peers.workload import Workload

_README = Path(__file__).parents[1] / "README.md"


def main() -> None:
    """Makes what is missing, measures and writes."""
    arguments = _arguments()
    workload = _workload(arguments)
    if not workload.shared.is_dir():
        sys.exit(f"the corpora are in --shared, and there is no folder {workload.shared}: name the one that holds them")
    contestants = select_contestants(arguments.peers)
    environments = {one: environment(one, arguments.work / "environments", _tell) for one in contestants}
    started, load = datetime.now(UTC), os.getloadavg()[0]
    figures: dict[str, dict[str, Figure]] = {one.name: {} for one in contestants}
    asked: dict[str, int] = {}
    kept = IndexStore(environments, arguments.work / "indexes", _tell)
    kept.folder.mkdir(exist_ok=True)
    if arguments.only != "quality":
        with tempfile.TemporaryDirectory(dir=arguments.work) as folder:
            _add(figures, Speed(environments, workload, kept, Path(folder), _tell).measured())
    if arguments.only != "speed":
        found, asked = Quality(environments, workload, kept, arguments.quick, _tell).measured()
        _add(figures, found)
    about = _about(environments, started, load)
    titles = {one.name: one.title for one in contestants}
    details = {key: value for key, value in asdict(workload).items() if key != "shared"}
    whole = not arguments.quick and arguments.only is None and len(contestants) == len(PEERS) + 1
    folder = arguments.results or (RESULTS / "peers" if whole else arguments.work / "latest")
    _write(Results(about, details, titles, figures, asked), folder, whole=whole)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two rounds of little; development sets only if indexed")
    parser.add_argument("--only", choices=["speed", "quality"])
    parser.add_argument("--peers", default=",".join(peer.name for peer in PEERS), help="between commas")
    parser.add_argument("--passages", type=int, help="of news that questions are asked of; 1000, or 100 when quick")
    parser.add_argument("--rounds", type=int, help="5, or 2 when quick")
    parser.add_argument("--limit", type=int, help="questions of each development set; 300, or 10 when quick")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="holds corpora/ and eval/")
    parser.add_argument("--work", type=Path, default=default_cache_dir() / "bench")
    parser.add_argument("--results", type=Path, help="write to this folder instead")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    arguments.work = arguments.work.resolve()
    return arguments


def _workload(arguments: argparse.Namespace) -> Workload:
    quick = arguments.quick
    passages = arguments.passages or (100 if quick else 1000)
    rounds = arguments.rounds or (2 if quick else 5)
    return Workload(
        shared=arguments.shared.resolve(),
        rounds=rounds,
        passages=passages,
        slice=max(passages // 10, 20),
        questions=20 if quick else 100,
        limit=arguments.limit or (10 if quick else 300),
    )


def _add(figures: dict[str, dict[str, Figure]], found: dict[str, dict[str, Figure]]) -> None:
    for name, own in found.items():
        figures[name] |= own


def _about(environments: dict[Contestant, Environment], started: datetime, load: float) -> dict[str, Any]:
    command = " ".join(["python -m tests.benchmarks.peers", *sys.argv[1:]])
    about = provenance(command, started=started, ended=datetime.now(UTC)).to_json()
    about["versions"] = {one.name: own.versions for one, own in environments.items()}
    about["machine"] |= {"model": _processor(), "load": [round(load, 1), round(os.getloadavg()[0], 1)]}
    return about


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "unknown processor")


def _write(results: Results, folder: Path, *, whole: bool) -> None:
    from retrieval.evaluation.plots import save
    from tests.benchmarks.peers.plots import quality_plot, speed_plot

    folder.mkdir(parents=True, exist_ok=True)
    table = markdown(results)
    results.write(folder / "results.json")
    (folder / "table.md").write_text(table + "\n", encoding="utf-8")
    save(speed_plot(results), folder / "speed.png")
    save(quality_plot(results), folder / "quality.png")
    if whole:
        write_into(_README, table)
    sys.stdout.write(f"{table}\n\nwritten to {folder}\n")


def _tell(what: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")


if __name__ == "__main__":
    main()

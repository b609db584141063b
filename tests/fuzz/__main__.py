"""
Fuzz readers, the understanding of questions, and updates, guided by what code an input reaches.

    .venv/bin/python -m tests.fuzz                            # every target, ten minutes each
    .venv/bin/python -m tests.fuzz .docx question --seconds 3600
    .venv/bin/python -m tests.fuzz .docx --again fuzz-failures/.docx/crash-…

Atheris (libFuzzer) measures coverage; inputs are changed by it and by `tests.support.fuzz`, which knows the formats.
Each target runs in processes of its own, started anew after a fault, until its time is over. Inputs at which a promise
broke, or the process died or hung, are kept in `fuzz-failures/TARGET/`, and interesting ones in `fuzz-corpus/TARGET/`
for the next run.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import subprocess
import sys
import time
from pathlib import Path

FAILURES, CORPUS = Path("fuzz-failures"), Path("fuzz-corpus")
_MOST_FAULTS = 20  # of one target in one run: more are most likely the same
_MEGABYTES = 3_000
_OWN_CHANGES = 0.7  # of all
_FAULTS = ("crash-", "timeout-", "oom-")


def main() -> int:
    """Fuzz the named targets one after the other; 1 when a fault was found."""
    parser = argparse.ArgumentParser(prog="tests.fuzz", description="Fuzz readers, questions and updates.")
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help="a suffix such as .docx, question or update  [all]"
    )
    parser.add_argument("--seconds", type=int, default=600, help="for each target  [600]")
    parser.add_argument("--again", type=Path, metavar="FILE", help="check one kept input, in this process")
    parser.add_argument("--in-process", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write(
            "fuzzing needs atheris, it is not installed: pip install --constraint constraints.txt --group fuzz\n"
        )
        return 2
    if options.in_process:
        _fuzz(options.targets[0], options.seconds)
        return 0
    from tests.fuzz.targets import targets

    known = targets()
    unknown = [name for name in options.targets if name not in known]
    if unknown:
        parser.error(f"a target is one of {', '.join(known)}, not {unknown[0]}")
    if options.again:
        known[options.targets[0]].check(options.again.read_bytes())
        sys.stdout.write("no fault\n")
        return 0
    found = [fault for name in options.targets or known for fault in _run(name, options.seconds)]
    return int(bool(found))


def _run(name: str, seconds: int) -> list[Path]:
    """Fuzz one target in processes of its own; the inputs at which it failed."""
    failures = FAILURES / name
    failures.mkdir(parents=True, exist_ok=True)
    begun, before, starts = time.monotonic(), set(failures.iterdir()), 0
    runs = 0
    while (left := seconds - int(time.monotonic() - begun)) > 0 and len(_faults(failures, before)) < _MOST_FAULTS:
        command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", str(left), "--in-process"]
        # Without LibreOffice: a second for each damaged .doc, of which no coverage is seen.
        environment = {**os.environ, "PATH": str(failures)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace", check=False)
        (failures / "log").write_text(done.stderr[-20_000:], encoding="utf-8")
        runs += _executions(done.stderr)
        starts += 1
        if done.returncode == 0 and time.monotonic() - begun < seconds / 2 and starts > _MOST_FAULTS:
            break
    faults = _faults(failures, before)
    sys.stdout.write(f"{name}: {runs} inputs, {len(faults)} faults\n")
    for fault in faults:
        sys.stdout.write(f"  {fault}\n")
    sys.stdout.flush()
    return faults


def _faults(failures: Path, before: set[Path]) -> list[Path]:
    return sorted(path for path in failures.iterdir() if path not in before and path.name.startswith(_FAULTS))


def _executions(log: str) -> int:
    """How many inputs libFuzzer says it ran: "stat::number_of_executed_units: 1234", else the last "#1234"."""
    counts = [
        line.split()[0][1:] for line in log.splitlines() if line.startswith("#") and line.split()[0][1:].isdigit()
    ]
    stated = [line.rpartition(" ")[2] for line in log.splitlines() if line.startswith("stat::number_of_executed_units")]
    return max(map(int, counts + stated), default=0)


def _fuzz(name: str, seconds: int) -> None:
    """Fuzz until the time is over or a fault is found; ends the process."""
    import atheris

    with atheris.instrument_imports(include=["retrieval", "bot"]):
        from tests.fuzz.targets import targets
    target = targets()[name]
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)
    for place, data in enumerate(target.inputs()):
        (corpus / f"original-{place}").write_bytes(data)

    def change(data: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311 - libFuzzer's seed, so that a run can be repeated
        if data and chance.random() < _OWN_CHANGES:
            return target.change(data, chance)[:most]
        return atheris.Mutate(data, most)

    atheris.Setup(
        [
            sys.argv[0],
            str(corpus),
            f"-artifact_prefix={FAILURES / name}/",
            f"-max_total_time={seconds}",
            f"-timeout={target.seconds}",
            f"-rss_limit_mb={_MEGABYTES}",
            f"-max_len={target.longest}",
            "-print_final_stats=1",
        ],
        target.check,
        custom_mutator=change,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())

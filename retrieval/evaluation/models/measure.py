"""
Measure models one after another, each in processes of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from embeddings import LoadOptions
from embeddings.load_options import DEFAULT_OPTIONS
from retrieval.errors import QuestionSetError
from retrieval.evaluation.models.figures import AskedFigures, ModelFigures
from retrieval.evaluation.models.request import Request, Step
from retrieval.module_process import module_command, module_environment

_STEPS: tuple[tuple[Step, str], ...] = (("index", "indexing"), ("ask", "asking"))


@dataclass(frozen=True, slots=True)
class ModelsPlan:
    """What to measure models on, and where."""

    sets: Sequence[Path]  # BEIR folders, and .jsonl files asked of `documents`
    documents: Sequence[Path]
    work: Path  # keeps each model's indexes and vectors
    limit: int | None = None  # questions of each set, evenly spread
    options: LoadOptions = DEFAULT_OPTIONS


def measure_models(plan: ModelsPlan, models: Sequence[str], tell: Callable[[str], None]) -> Iterator[ModelFigures]:
    """
    The figures of each model, or why there are none.

    `tell` gets what is being done.

    Raises:
        QuestionSetError: a set is neither a folder nor a file, or two have the same name.
    """
    _check(plan.sets)
    for model in models:
        yield _measure(plan, model, tell)


def _measure(plan: ModelsPlan, model: str, tell: Callable[[str], None]) -> ModelFigures:
    request = Request(
        step="index",
        model=model,
        sets=[str(path.resolve()) for path in plan.sets],
        documents=[str(path.resolve()) for path in plan.documents],
        work=str((plan.work / _folder_name(model)).resolve()),
        options=plan.options,
        limit=plan.limit,
    )
    found: dict[str, Any] = {}
    for step, words in _STEPS:
        tell(f"{model}: {words}")
        found |= _run(replace(request, step=step))
        if "reason" in found:
            return ModelFigures(model, reason=found["reason"])
    sets = {
        name: {way: AskedFigures(**figures) for way, figures in ways.items()}
        for name, ways in found.pop("sets").items()
    }
    return ModelFigures(model, sets=sets, **found)


def _run(request: Request) -> dict[str, Any]:
    """What the process found; its standard error is ours."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "figures.json"
        command = module_command("retrieval.evaluation.models.worker", str(out))
        done = subprocess.run(  # noqa: S603 - our own program
            command,
            input=request.dumps(),
            stdout=subprocess.DEVNULL,
            env=module_environment(os.environ),
            text=True,
            check=False,
        )
        if out.is_file():
            found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
            return found
    return {"reason": _death(done.returncode)}


def _death(code: int) -> str:
    """Why a process ended that could not say so itself."""
    if code == -signal.SIGKILL:
        return "its process was killed by the system, most likely because memory ran out"
    return f"its process ended with {signal.Signals(-code).name if code < 0 else f'exit code {code}'}"


def _check(sets: Sequence[Path]) -> None:
    for path in sets:
        if not (path.is_dir() or path.is_file()):
            raise QuestionSetError(
                f"a question set is a BEIR folder or a .jsonl file, {path} is neither: correct the path"
            )
    names = [path.name for path in sets]
    if double := {name for name in names if names.count(name) > 1}:
        raise QuestionSetError(
            f"each set has a name of its own, {', '.join(sorted(double))} is named twice: rename one, or measure twice"
        )


def _folder_name(model: str) -> str:
    """
    A folder for a model's indexes, readable and of its own.

    Example: "BAAI/bge-m3" -> "BAAI-bge-m3-0d7f9a"
    """
    readable = re.sub(r"[^\w.]+", "-", model).strip("-.")[-60:]
    return f"{readable}-{hashlib.sha256(model.encode()).hexdigest()[:6]}"

"""The house rules that no linter knows: how full a folder is, and how a docstring opens."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "embeddings", "retrieval")
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
FOLDERS = sorted({path.parent for path in MODULES})
WORDS = 15
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def is_command(node: ast.AST) -> bool:
    """Whether Typer shows the docstring as help."""
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return any("command(" in ast.unparse(decorator) for decorator in decorators)


def first_lines(path: Path) -> Iterator[str]:
    """The first line of each docstring of a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, DOCUMENTED) and not is_command(node):
            yield (ast.get_docstring(node) or "").partition("\n")[0]


def test_no_folder_holds_more_than_twenty_modules() -> None:
    """Beside its `__init__`."""
    counts = Counter(path.parent for path in MODULES if path.name != "__init__.py")

    assert {folder for folder, count in counts.items() if count > 20} == set()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_every_folder_says_what_lives_there(folder: Path) -> None:
    """In the docstring of its `__init__`."""
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))


def test_docstrings_open_with_at_most_fifteen_words() -> None:
    """Whoever looks for a function reads first lines only."""
    long = {line for path in MODULES for line in first_lines(path) if len(line.split()) > WORDS}

    assert long == set()

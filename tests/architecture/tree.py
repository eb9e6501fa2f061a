"""The code as data: files, and what their syntax says."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.conftest import ROOT

CODE = ROOT / "daredemo"


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def files(*, migrations: bool = False) -> list[Path]:
    """Every Python file of the package, in order."""
    return sorted(path for path in CODE.rglob("*.py") if migrations or "migrations" not in path.parts)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(path: Path) -> Iterator[str]:
    """Full names: `from django.db import transaction` gives `django.db.transaction`."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def attributes(path: Path) -> Iterator[str]:
    """`timezone.now`, `date.today`: every attribute of a plain name."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with the number of its lines, docstring not counted."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            yield node.name, (node.end_lineno or first.lineno) - first.lineno + 1

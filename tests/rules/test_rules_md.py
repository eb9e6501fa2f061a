"""docs/rules.md is held true: what it names exists, and what exists it names."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

from daredemo.rules.refusal import SHAPES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
ROWS = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("| `")]
RULES = [row[0].strip().strip("`") for row in ROWS]
FULL = [row for row in ROWS if len(row) == 5]
MODULES = sorted(path.stem for path in (ROOT / "daredemo" / "rules").glob("[a-z]*.py"))


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def public_functions(module: str) -> set[str]:
    found = importlib.import_module(f"daredemo.rules.{module}")
    return {
        f"{module}.{name}"
        for name, thing in vars(found).items()
        if inspect.isfunction(inspect.unwrap(thing) if callable(thing) else thing)
        and thing.__module__ == found.__name__
        and not name.startswith("_")
    }


def test_the_page_has_its_tables() -> None:
    assert len(FULL) > 30
    assert len(set(RULES)) == len(RULES)


@pytest.mark.parametrize("row", FULL, ids=[row[0].strip(" `") for row in FULL])
def test_every_rule_names_source_function_and_test(row: list[str]) -> None:
    _, value, source, functions, tests = row
    assert value.strip()
    assert source.strip()
    for function in named(functions):
        assert function in public_functions(function.split(".")[0]), function
    for test in named(tests):
        file, name = test.split("::")
        text = (Path(__file__).parent / file).read_text(encoding="utf-8")
        assert f"def {name}(" in text, test
    assert named(functions)
    assert named(tests)


@pytest.mark.parametrize("module", MODULES)
def test_every_public_function_of_the_law_appears(module: str) -> None:
    on_page = {function for row in FULL for function in named(row[3])}
    assert public_functions(module) <= on_page


def test_every_rule_behind_a_refusal_has_its_row() -> None:
    assert {shape.rule for shape in SHAPES.values()} <= set(RULES)


@pytest.mark.parametrize("module", MODULES)
def test_every_public_function_says_what_it_is(module: str) -> None:
    found = importlib.import_module(f"daredemo.rules.{module}")
    for function in public_functions(module):
        assert inspect.getdoc(getattr(found, function.split(".")[1])), function

"""Each contract of `pyproject.toml` is shown red once: a copy of the tree with one wrong import breaks it."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import tree
from tests.conftest import ROOT

LINT = Path(sys.executable).parent / "lint-imports"
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code without what is no code."""
    target = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", target)
    shutil.copytree(
        tree.CODE, target / "daredemo", ignore=shutil.ignore_patterns("__pycache__", "static", "data")
    )
    return target


@pytest.fixture
def broken(copy: Path) -> Iterator[dict[str, str]]:
    """Fill with `path: text`; what was there comes back afterwards."""
    wrong: dict[str, str] = {}
    yield wrong
    for path in wrong:
        original = ROOT / path
        (copy / path).unlink()
        if original.exists():
            shutil.copy(original, copy / path)
        elif not any((copy / path).parent.iterdir()):
            (copy / path).parent.rmdir()


def verdicts(copy: Path, wrong: dict[str, str]) -> dict[str, str]:
    """Contract id → KEPT or BROKEN, with this text at the end of these files."""
    for path, text in wrong.items():
        (copy / path).parent.mkdir(exist_ok=True)
        with (copy / path).open("a", encoding="utf-8") as file:
            file.write(text)
    surroundings = {"PATH": os.environ["PATH"], "COLUMNS": "400"}
    command = [str(LINT), "--no-cache"]
    done = subprocess.run(command, cwd=copy, env=surroundings, capture_output=True, text=True, check=False)
    said = re.sub(r"\s+", " ", done.stdout)
    return {key: "KEPT" if f"{name} KEPT" in said else "BROKEN" for key, name in CONTRACTS.items()}


def test_the_tree_keeps_every_contract(copy: Path) -> None:
    assert verdicts(copy, {}) == dict.fromkeys(CONTRACTS, "KEPT")


@pytest.mark.parametrize(
    ("contract", "path", "text"),
    [
        ("map", "daredemo/facilities/wrong.py", "import daredemo.booking.models\n"),
        ("map", "daredemo/newcomer/__init__.py", "\n"),
        ("portals", "daredemo/portals/guardian/wrong.py", "import daredemo.portals.city.gate\n"),
        ("portals", "daredemo/portals/newcomer/__init__.py", "\n"),
        ("law", "daredemo/rules/wrong.py", "import django.utils.timezone\n"),
        ("tables", "daredemo/portals/city/wrong.py", "from daredemo.municipalities.models import Officer\n"),
        ("app", "daredemo/municipalities/models.py", "\nfrom daredemo.municipalities import queries\n"),
        ("app", "daredemo/municipalities/queries.py", "\nfrom daredemo.municipalities import actions\n"),
    ],
)
def test_each_contract_can_break(
    copy: Path, broken: dict[str, str], contract: str, path: str, text: str
) -> None:
    broken[path] = text
    found = verdicts(copy, broken)
    assert found.pop(contract) == "BROKEN"


def test_every_contract_is_shown_red_above() -> None:
    shown = test_each_contract_can_break.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {contract for contract, _, _ in shown} == set(CONTRACTS)


def test_a_screen_may_name_a_table_for_its_types_only(copy: Path, broken: dict[str, str]) -> None:
    broken["daredemo/portals/city/wrong.py"] = (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n"
        "    from daredemo.municipalities.models import Officer\n"
    )
    assert verdicts(copy, broken)["tables"] == "KEPT"


def test_the_api_joins_the_screens_when_it_comes() -> None:
    sources = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][3]
    doors = {"daredemo.portals", "daredemo.api"} if (tree.CODE / "api").exists() else {"daredemo.portals"}
    assert set(sources["source_modules"]) == doors

"""Who may open a transaction, who may ask the clock, and where a decision hides."""

import ast

import pytest

from tests.architecture import tree

DOERS = {"actions", "sweeps", "jobs"}
TRANSACTIONS = {
    "daredemo/accounts/onetime.py": "spending a one-time link is one step of whatever it is spent for",
    "daredemo/demo/clock.py": "moves the demo's own clock row",
    "daredemo/demo/load.py": "the demo city is there as a whole or not at all",
}

CLOCKS = {
    "timezone.now", "timezone.localtime", "timezone.localdate", "datetime.now", "datetime.utcnow",
    "datetime.today", "date.today", "time.time", "time.time_ns",
}  # fmt: skip
ASK_A_CLOCK = {
    "daredemo/accounts/adapter.py": "how old a login is, as allauth wrote it down",
    "daredemo/accounts/throttle.py": "allauth's limits count in the machine's time",
    "daredemo/demo/clock.py": "is the demo's clock",
    "daredemo/demo/people.py": "an authenticator's code, as a telephone would show it",
    "daredemo/worker/stalled.py": "procrastinate's own rows are in the machine's time",
}
EDGE_FOLDERS = {"portals", "api", "worker", "cli", "demo", "config", "management"}
EDGE_FILES = {"jobs", "receivers", "adapter"}


def test_only_actions_sweeps_and_jobs_open_transactions() -> None:
    found = {
        tree.name(path)
        for path in tree.files()
        if "django.db.transaction" in tree.imported(path) and not DOERS & {path.stem, path.parent.name}
    }
    assert found == set(TRANSACTIONS)


def test_only_the_edge_asks_what_time_it_is() -> None:
    found = {tree.name(path) for path in tree.files() if CLOCKS & set(tree.attributes(path))}
    assert found == set(ASK_A_CLOCK)


def test_below_the_edge_time_comes_as_now() -> None:
    wrong = [
        tree.name(path)
        for path in tree.files()
        if any(word.startswith("daredemo.config.clock") for word in tree.imported(path))
        and not EDGE_FOLDERS & set(path.parts)
        and path.stem not in EDGE_FILES
    ]
    assert wrong == []


def test_columns_of_the_programme_are_never_filled_by_a_clock_of_their_own() -> None:
    wrong = [
        f"{tree.name(path)}:{node.value.lineno}"
        for path in tree.files()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add", "db_default"}
    ]
    assert wrong == []


def test_init_files_of_the_map_are_empty() -> None:
    places = [*tree.CODE.glob("*/__init__.py"), *tree.CODE.glob("portals/*/__init__.py")]
    assert [tree.name(path) for path in places if path.read_text().strip()] == []


@pytest.mark.parametrize("word", ["utils", "common", "helpers", "services", "managers", "signals", "misc"])
def test_no_drawer_for_odds_and_ends(word: str) -> None:
    assert [tree.name(path) for path in tree.CODE.rglob(f"*{word}*") if path.stem == word] == []


def test_signals_are_heard_in_one_place_only() -> None:
    banned = {"django.dispatch.receiver", "django.dispatch.Signal"}
    found = {
        tree.name(path)
        for path in tree.files()
        if banned & set(tree.imported(path)) or any("signals" in word for word in tree.imported(path))
    }
    assert found <= {"daredemo/accounts/receivers.py"}

"""The table is true, one failing sweep stops no other, and moving the clock runs everything at once."""

import inspect
import json
import logging
from datetime import datetime, time, timedelta

import pytest
from django.utils.module_loading import import_string

from daredemo.worker import sweeping
from daredemo.worker.sweeping import Lane
from daredemo.worker.table import DEMO_COMPANIONS, TABLE, Sweep

CALLS: list[tuple[str, datetime]] = []


def first(now: datetime) -> int:
    CALLS.append(("first", now))
    return 2


def broken(now: datetime) -> int:
    raise ZeroDivisionError("佐藤はな")


def last(now: datetime) -> int:
    CALLS.append(("last", now))
    return 0


HERE = __name__
THREE = tuple(
    Sweep(name, f"{HERE}.{name}", every=timedelta(seconds=10)) for name in ("first", "broken", "last")
)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    CALLS.clear()
    known = {
        f"{HERE}.{name}": function
        for name, function in (("first", first), ("broken", broken), ("last", last))
    }
    monkeypatch.setattr(sweeping, "import_string", lambda path: known.get(path) or import_string(path))


@pytest.mark.parametrize("sweep", TABLE, ids=lambda sweep: sweep.name)
def test_every_row_of_the_table_names_a_sweep(sweep: Sweep) -> None:
    function = import_string(sweep.path)
    assert list(inspect.signature(function).parameters) == ["now"]
    assert (sweep.every is None) != (sweep.at is None)


def test_names_are_unique_and_companions_exist() -> None:
    names = [sweep.name for sweep in TABLE]
    assert len(set(names)) == len(names)
    assert all(callable(import_string(path)) for path in DEMO_COMPANIONS)


def test_a_failing_sweep_stops_no_other(now: datetime) -> None:
    assert sweeping.run_due(now, THREE) == {"first": 2, "broken": None, "last": 0}
    assert CALLS == [("first", now), ("last", now)]


def test_a_run_that_did_something_is_one_line(now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "daredemo.worker"):
        sweeping.run_due(now, THREE)
    events = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    assert [(event["event"], event["sweep"]) for event in events] == [
        ("sweep", "first"),
        ("sweep_failed", "broken"),
    ]
    assert events[0]["count"] == 2
    assert json.dumps(events[0]["ms"]).isdigit()


def names(lane: Lane, now: datetime, offset: float = 0.0) -> list[str]:
    CALLS.clear()
    lane.turn(now, offset)
    return [name for name, _ in CALLS]


def test_a_sweep_runs_at_the_start_and_after_its_interval(now: datetime) -> None:
    lane = Lane(THREE)
    assert names(lane, now) == ["first", "last"]
    assert names(lane, now + timedelta(seconds=9)) == []
    assert names(lane, now + timedelta(seconds=10)) == ["first", "last"]


def test_a_sweep_with_a_time_of_day_runs_once_a_day_in_japan(now: datetime) -> None:
    lane = Lane([Sweep("first", f"{HERE}.first", at=time(3, 0))])
    assert names(lane, now) == ["first"]
    day = now.replace(hour=2, minute=59) + timedelta(days=1)
    assert names(lane, day) == []
    assert names(lane, day + timedelta(minutes=1)) == ["first"]
    assert names(lane, day + timedelta(minutes=2)) == []


@pytest.mark.parametrize("seconds", [86400.0, -86400.0, 60.0])
def test_moving_the_clock_runs_everything_at_once(now: datetime, seconds: float) -> None:
    lane = Lane(THREE)
    names(lane, now, offset=0.0)
    assert names(lane, now + timedelta(seconds=1), offset=0.3) == []
    assert names(lane, now + timedelta(seconds=seconds + 2), offset=seconds) == ["first", "last"]

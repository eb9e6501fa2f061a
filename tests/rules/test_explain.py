"""`explain …` from the outside: words, one JSON object, or one sentence and exit 2."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from daredemo.cli import explain

ROOT = Path(__file__).parents[2]
USE = ("--use", "2026-05-07T09:00")


def ask(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    assert explain.main([*argv, "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert answer["rule"]
    assert answer["source"]
    return answer


def test_the_leaflets_own_example(capsys: pytest.CaptureFixture[str]) -> None:
    answer = ask(capsys, "eligibility", "--born", "2024-04-10")
    assert (answer["first_day"], answer["last_day"]) == ("2024-10-09", "2027-04-08")
    assert "eligible" not in answer
    assert "令和9年4月8日" in answer["words"]


@pytest.mark.parametrize(
    ("on", "eligible"),
    [("2024-10-08", False), ("2024-10-09", True), ("2027-04-08", True), ("2027-04-09", False)],
)
def test_eligible_on_a_day(capsys: pytest.CaptureFixture[str], on: str, eligible: bool) -> None:
    assert ask(capsys, "eligibility", "--born", "2024-04-10", "--on", on)["eligible"] is eligible


def test_deadline(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(capsys, "deadline", "--use", "2026-05-07")["deadline"] == "2026-05-01T12:00:00+09:00"


def test_deadline_with_closed_days(capsys: pytest.CaptureFixture[str]) -> None:
    closed = ("--closed", "2026-08-13", "2026-08-14", "--closed", "2026-08-15")
    answer = ask(capsys, "deadline", "--use", "2026-08-17", *closed)
    assert answer["deadline"] == "2026-08-12T12:00:00+09:00"


@pytest.mark.parametrize(
    ("city", "minutes"), [("222135", 120), ("22213", 120), ("342041", 90), ("national", 90)]
)
def test_hours_by_city(capsys: pytest.CaptureFixture[str], city: str, minutes: int) -> None:
    answer = ask(capsys, "hours", "--from", "9:00", "--to", "10:30", "--city", city)
    assert answer["counted_minutes"] == minutes


@pytest.mark.parametrize(
    ("moment", "hours", "benefit", "fee"),
    [
        ("2026-05-01T12:00:00", False, False, False),
        ("2026-05-01T12:00:00.001", True, False, "facility"),
        ("2026-05-01T12:00:01", True, False, "facility"),
        ("2026-05-01T03:00:00Z", False, False, False),
        ("2026-05-07T00:00", True, True, "facility"),
    ],
)
def test_cancel(
    capsys: pytest.CaptureFixture[str], moment: str, hours: bool, benefit: bool, fee: bool | str
) -> None:
    answer = ask(capsys, "cancel", *USE, "--at", moment)
    assert answer["consume_hours"] is hours
    assert answer["claim_benefit"] is benefit
    assert answer["charge_fee"] == fee


@pytest.mark.parametrize(
    ("said", "fee"), [("yes", True), ("no", False), ("300", True), ("0円", False), ("なし", False)]
)
def test_the_facilitys_fee_may_be_told(capsys: pytest.CaptureFixture[str], said: str, fee: bool) -> None:
    answer = ask(capsys, "cancel", *USE, "--at", "2026-05-06T09:00", "--facility-fee", said)
    assert answer["charge_fee"] is fee


def test_words_carry_rule_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.main(["deadline", "--use", "2026-05-07"]) == 0
    said = capsys.readouterr().out
    assert "2026年5月1日(金)正午" in said
    assert "きまり(掛川市): 利用日の1営業日前の正午まで" in said
    assert "出どころ: [K]" in said


def test_what_is_typed_in_full_width_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    answer = ask(capsys, "hours", "--from", "9:00", "--to", "10:30", "--city", "２２２１３５")
    assert answer["counted_minutes"] == 120


@pytest.mark.parametrize(
    "line",
    [
        "",
        "weather",
        "eligibility",
        "eligibility --born 2026-02-30",
        "eligibility --born 令和6年4月10日",
        "eligibility --born 0001-01-01",
        "eligibility --born 2024-04-10 --on never",
        "deadline --use 2026-13-01",
        "deadline --use 2026-05-07T25:00",
        "deadline --use 2026-05-07 --city 222130",
        "deadline --use 2026-05-07 --city 131016",
        "deadline --use 2026-05-07 --city ../../etc/passwd",
        "deadline --use 2026-05-07 --closed",
        "deadline --use 2026-05-07 --closed soon",
        "deadline --use 2026-05-07 --colour red",
        "hours --from 10:00 --to 9:00",
        "hours --from 9:00 --to 9:00",
        "hours --from 9:00 --to 24:01",
        "hours --from nine --to ten",
        "cancel --use 2026-05-07T09:00 --at 2026-05-01",
        "cancel --use 2026-05-07T09:00 --at noon",
        "cancel --use 2026-05-07T09:00 --at 2026-05-01T12:00 --facility-fee maybe",
    ],
)
def test_bad_input_is_one_japanese_sentence(capsys: pytest.CaptureFixture[str], line: str) -> None:
    assert explain.main(line.split()) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.endswith("。\n")
    assert "Traceback" not in said.err


def test_it_starts_fast_and_without_django() -> None:
    program = "import sys; from daredemo.cli import explain; explain.main(sys.argv[1:])"
    program += "; print('django' in sys.modules)"
    command = [sys.executable, "-c", program, "deadline", "--use", "2026-05-07"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stdout.endswith("False\n")
    # Its own work, not that of the tests beside it.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5

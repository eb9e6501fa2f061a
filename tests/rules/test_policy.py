"""A municipality is data: presets, versions, and loud errors by name."""

import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import codes, policy, presets
from daredemo.rules.plain import PolicyError
from daredemo.rules.policy import Policy, Unit
from daredemo.rules.policy_cancelling import DaysBefore, EventRule, FromBooking, HoursBefore
from tests.rules.given import ALL, AYASE, KAKEGAWA, MIHARA, NATIONAL, PRESETS, day, with_deadline


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.code)
def test_a_policy_survives_json(one: Policy) -> None:
    assert Policy.from_dict(json.loads(json.dumps(one.to_dict()))) == one


@given(
    st.one_of(
        st.builds(DaysBefore, st.integers(0, 60), st.booleans(), st.sampled_from(["12:00", "24:00"])),
        st.builds(HoursBefore, st.integers(0, 200)),
        st.builds(FromBooking),
    )
)
def test_every_kind_of_deadline_survives_json(rule: DaysBefore | HoursBefore | FromBooking) -> None:
    one = with_deadline(rule)
    assert Policy.from_dict(json.loads(json.dumps(one.to_dict()))) == one


def test_kakegawa() -> None:
    assert KAKEGAWA.name == "掛川市"
    assert KAKEGAWA.hours.unit == Unit(60, 60)
    assert [bucket.minutes for bucket in KAKEGAWA.hours.buckets] == [600]
    assert KAKEGAWA.cancelling.deadline == DaysBefore(1, business=True, at="12:00")
    assert KAKEGAWA.opening.applications_from == day("2026-02-16")
    assert KAKEGAWA.opening.certificates_from == day("2026-03-02")
    assert KAKEGAWA.opening.interviews_from == day("2026-03-26")
    assert KAKEGAWA.opening.use_from == day("2026-04-01")


def test_other_cities_are_data() -> None:
    assert NATIONAL.hours.unit == MIHARA.hours.unit == Unit(60, 30)
    assert [bucket.minutes for bucket in AYASE.hours.buckets] == [360]


def test_each_file_is_called_by_a_real_code() -> None:
    for path in PRESETS.glob("*.toml"):
        code = presets.load(path).code
        assert path.stem == ("national" if code == "000000" else code)
        assert path.stem == "national" or codes.is_municipality_code(code)


def test_each_value_of_a_preset_carries_its_source_mark() -> None:
    for path in PRESETS.glob("*.toml"):
        body = path.read_text(encoding="utf-8").split("[versions.sources]")[0]
        for line in body.splitlines():
            if "=" in line and not line.startswith(("#", "code", "name", "note")):
                marked = any(mark in line for mark in ("[K]", "[N]", "[M]", "[I]", "not read"))
                assert marked or "hours = " in line or line.endswith("["), f"{path.name}: {line}"


def changed(path: str, value: Any) -> dict[str, Any]:
    """KAKEGAWA's settings with one value changed; ... takes it away."""
    given = deepcopy(KAKEGAWA.to_dict())
    *way, last = path.split(".")
    inner = given
    for name in way:
        inner = inner[name]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return given


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("hours.unit.minimum", "60", "needs a whole number"),
        ("hours.unit.minimum", True, "needs a whole number"),
        ("hours.unit.step", 0, "needs 1 to 1440"),
        ("hours.grace_minutes", ..., "is missing"),
        ("hours.grace_minuets", 10, "is not a setting"),
        ("hours.overrun_hours", "some", "needs one of none, consume"),
        ("hours.start_grid", 7, "got 7"),
        ("hours.daily_minutes", -1, "more than 0"),
        ("ages.first_day_rule", "day", "needs one of eve, anniversary"),
        ("ages.enrolments_refused", "all", "needs a list"),
        ("cancelling.deadline.kind", "weeks_before", "needs one of days_before"),
        ("cancelling.deadline.at", "25:00", "needs a time"),
        ("cancelling.deadline.n", -1, "needs 0 to 60"),
        ("cancelling.business_days.saturday", "no", "needs true or false"),
        ("cancelling.business_days.new_year_from", "29.12", "needs MM-DD"),
        ("places.children_per_staff", [3, 6], "ages 0, 1, 2"),
        ("window.opens_day", 31, "needs 1 to 28"),
        ("opening.use_from", "2026-02-30", "needs a date"),
        ("in_force_from", "soon", "needs a date"),
        ("decisions.remind_at_day", 31, "after the last day"),
        ("sources", "a book", "needs a table"),
    ],
)
def test_what_is_wrong_is_said_by_its_path(path: str, value: Any, said: str) -> None:
    with pytest.raises(PolicyError, match=said) as error:
        Policy.from_dict(changed(path, value))
    assert error.value.path == path


def test_a_bucket_is_named_by_its_place_in_the_list() -> None:
    given = changed("hours.buckets", [{"name": "national", "minutes": -1}])
    with pytest.raises(PolicyError, match=r"hours\.buckets\[0\]\.minutes: needs 0 to 44640"):
        Policy.from_dict(given)


def test_no_benefit_where_hours_return() -> None:
    with pytest.raises(PolicyError, match="benefit"):
        EventRule(hours="waived", fee="none", benefit="booked")
    with pytest.raises(PolicyError, match="benefit"):
        EventRule(hours="used", fee="used", benefit="booked")


def test_the_version_in_force_is_the_latest_begun() -> None:
    later = replace(KAKEGAWA, in_force_from=day("2027-04-01"))
    versions = (later, KAKEGAWA)
    assert policy.version_on(versions, day("2026-02-15")) is None
    assert policy.version_on(versions, day("2027-03-31")) is KAKEGAWA
    assert policy.version_on(versions, day("2027-04-01")) is later
    assert policy.ends_on(versions, KAKEGAWA) == day("2027-03-31")
    assert policy.ends_on(versions, later) is None


def test_a_preset_holds_all_its_versions(tmp_path: Path) -> None:
    text = (PRESETS / "222135.toml").read_text(encoding="utf-8")
    head, version = text.split("[[versions]]")
    second = version.replace("2026-02-16 ", "2027-04-01 ").replace("minutes = 600", "minutes = 720")
    path = tmp_path / "two.toml"
    path.write_text(f"{head}[[versions]]{second}\n[[versions]]{version}", encoding="utf-8")
    assert [one.hours.buckets[0].minutes for one in presets.load_all(path)] == [600, 720]
    assert presets.load(path).hours.buckets[0].minutes == 720
    found = presets.load_on(path, day("2027-03-31"))
    assert found is not None
    assert found.hours.buckets[0].minutes == 600
    assert presets.load_on(path, day("2026-02-15")) is None


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda text: text.replace("[versions.door]", "[versions.dor]"), "versions|dor"),
        (lambda text: text.replace("grace_minutes", "grace"), "hours.grace"),
        (lambda text: text.split("[[versions]]")[0], r"no \[\[versions\]\]"),
        (lambda text: "surprise = 1\n" + text, "surprise"),
        (lambda text: text + "\n]", "bad.toml"),
        (lambda text: text + "[[versions]]" + text.split("[[versions]]")[1], "same day"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, edit: Any, said: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(edit((PRESETS / "222135.toml").read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(PolicyError, match=said) as error:
        presets.load_all(path)
    assert "bad.toml" in str(error.value)

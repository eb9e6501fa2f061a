"""When a use does not happen: hours, fee, benefit."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import cancel
from daredemo.rules.cancel import Effect, Event, Outcome, When
from daredemo.rules.policy_cancelling import Cancelling, DaysBefore
from daredemo.rules.refusal import Reason, Refused
from tests.rules.given import ALL, KAKEGAWA, at, with_deadline

RULE = KAKEGAWA.cancelling
START, END, UNTIL = at("2026-05-07T09:00"), at("2026-05-07T12:00"), at("2026-05-01T12:00")
MOMENTS = st.one_of(
    st.none(), st.timedeltas(timedelta(days=-10), timedelta(hours=3)).map(lambda off: START + off)
)
POLICIES = st.sampled_from([policy.cancelling for policy in ALL]).flatmap(
    lambda rule: st.builds(
        lambda owner, charged, consumed: replace(
            rule, fee_owner=owner, fee_charged=charged, consumed_before_day=consumed
        ),
        st.sampled_from(["facility", "municipality"]),
        st.booleans(),
        st.booleans(),
    )
)


def ask(at_text: str | None, rule: Cancelling = RULE, until: datetime = UNTIL, **more: bool) -> Outcome:
    moment = at(at_text) if at_text else None
    return cancel.outcome(start=START, at=moment, deadline=until, cancelling=rule, **more)


@pytest.mark.parametrize(
    ("moment", "when", "hours", "fee", "benefit"),
    [
        ("2026-05-01T12:00:00", When.IN_TIME, False, False, False),
        ("2026-05-01T12:00:00.001", When.LATE, True, "facility", False),
        ("2026-05-06T23:59:59", When.LATE, True, "facility", False),
        ("2026-05-07T00:00:00", When.ON_THE_DAY, True, "facility", True),
        ("2026-05-07T08:59", When.ON_THE_DAY, True, "facility", True),
        (None, When.NO_SHOW, True, "facility", True),
    ],
)
def test_the_table(moment: str | None, when: When, hours: bool, fee: cancel.LateFee, benefit: bool) -> None:
    assert ask(moment) == Outcome(when, hours, fee, benefit)


def test_before_a_deadline_on_the_day_itself_nothing_is_lost() -> None:
    rule = with_deadline(DaysBefore(0, False, "08:00")).cancelling
    assert ask("2026-05-07T07:59", rule, at("2026-05-07T08:00")) == Outcome(
        When.IN_TIME, hours=False, fee=False, benefit=False
    )


def test_a_city_may_consume_nothing_before_the_day() -> None:
    rule = replace(RULE, consumed_before_day=False)
    assert ask("2026-05-06T15:00", rule).hours is False
    assert ask("2026-05-07T00:00", rule).hours is True


def test_the_owner_of_the_fee_decides_about_it() -> None:
    city = replace(RULE, fee_owner="municipality", fee_charged=True)
    assert ask("2026-05-06T15:00", city).fee is True
    assert ask("2026-05-06T15:00", replace(city, fee_charged=False)).fee is False
    assert ask("2026-05-06T15:00", facility_charges=True).fee is True
    assert ask("2026-05-06T15:00", facility_charges=False).fee is False


@given(MOMENTS, POLICIES, st.booleans(), st.booleans())
def test_benefit_means_hours_consumed(
    moment: datetime | None, rule: Cancelling, waived: bool, not_the_family: bool
) -> None:
    found = cancel.outcome(
        start=START, at=moment, deadline=UNTIL, cancelling=rule, hours_waived=waived,
        not_the_family=not_the_family,
    )  # fmt: skip
    assert found.hours or not found.benefit
    assert not (waived and found.hours)


@given(MOMENTS, POLICIES)
def test_the_facilitys_own_cause_costs_nothing(moment: datetime | None, rule: Cancelling) -> None:
    found = cancel.outcome(start=START, at=moment, deadline=UNTIL, cancelling=rule, not_the_family=True)
    assert (found.hours, found.fee, found.benefit) == (False, False, False)


@given(MOMENTS, MOMENTS, POLICIES)
def test_telling_earlier_is_never_worse(
    one: datetime | None, other: datetime | None, rule: Cancelling
) -> None:
    moments = sorted((one, other), key=lambda moment: moment or at("9999-12-31T00:00"))
    earlier, later = (
        cancel.outcome(start=START, at=moment, deadline=UNTIL, cancelling=rule) for moment in moments
    )
    assert earlier.hours <= later.hours
    assert earlier.benefit <= later.benefit


@pytest.mark.parametrize(
    ("event", "ended", "effect"),
    [
        (Event.SICK_TOLD, None, Effect(180, 0, 0, "facility", 180)),
        (Event.FEVER_AT_DOOR, None, Effect(180, 0, 0, "facility", 180)),
        (Event.NO_SHOW, None, Effect(180, 0, 0, "facility", 180)),
        (Event.STAFF_MISSING, None, Effect(0, 180, 0, False, 0)),
        (Event.SENT_HOME_ILL, "10:05", Effect(180, 0, 180, False, 180)),
        (Event.FACILITY_ENDS_EARLY, "10:05", Effect(120, 60, 120, False, 120)),
        (Event.FACILITY_ENDS_EARLY, None, Effect(0, 180, 0, False, 0)),
        (Event.WARNING, None, Effect(0, 180, 0, False, 0)),
        (Event.BEREAVEMENT, None, Effect(0, 180, 0, "facility", 0)),
    ],
)
def test_what_really_happens(event: Event, ended: str | None, effect: Effect) -> None:
    found = cancel.effect(
        event, start=START, end=END, ended_at=at(f"2026-05-07T{ended}") if ended else None,
        unit=KAKEGAWA.hours.unit, cancelling=RULE,
    )  # fmt: skip
    assert found == effect


@given(st.sampled_from(Event), st.integers(-60, 600), POLICIES, st.sampled_from(ALL))
def test_nothing_is_claimed_that_returned(event: Event, ended: int, rule: Cancelling, policy: object) -> None:
    found = cancel.effect(
        event, start=START, end=END, ended_at=START + timedelta(minutes=ended),
        unit=KAKEGAWA.hours.unit, cancelling=rule,
    )  # fmt: skip
    assert found.consumed + found.returned == 180
    assert 0 <= found.benefit_minutes <= found.consumed


@pytest.mark.parametrize(
    ("since", "until", "waived"),
    [
        ("2026-05-07T05:00", None, True),
        ("2026-05-07T05:00", "2026-05-07T05:59", False),
        ("2026-05-07T05:00", "2026-05-07T06:00", True),
        ("2026-05-07T08:59", None, True),
        ("2026-05-07T09:01", None, False),
        ("2026-05-06T20:00", "2026-05-07T07:00", True),
    ],
)
def test_a_warning_between_six_and_the_start_waives(since: str, until: str | None, waived: bool) -> None:
    ended = at(until) if until else None
    assert cancel.is_waived_by_warning(START, at(since), ended, RULE) is waived


def test_a_call_is_entered_within_reason() -> None:
    now = at("2026-05-07T08:00")
    cancel.check_call(at("2026-05-01T00:00"), now, RULE)
    cancel.check_call(now, now, RULE)
    with pytest.raises(Refused) as future:
        cancel.check_call(at("2026-05-07T08:01"), now, RULE)
    assert future.value.reason is Reason.CALL_IN_THE_FUTURE
    with pytest.raises(Refused) as old:
        cancel.check_call(at("2026-04-30T23:59"), now, RULE)
    assert old.value.reason is Reason.CALL_TOO_LONG_AGO
    assert old.value.possible == {"earliest": at("2026-05-01T00:00")}

"""Who may use the programme on a day: age, enrolment, certificate. The day of use decides, not of booking."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from daredemo.rules.age import first_day_of_use, last_day_of_use
from daredemo.rules.policy import Ages
from daredemo.rules.refusal import Reason, Refused


class Enrolment(StrEnum):
    """Where a child goes besides. Which of them stop use is the policy's (`ages.enrolments_refused`)."""

    LICENSED_NURSERY = "licensed_nursery"  # 認可保育所
    CERTIFIED_CENTRE = "certified_centre"  # 認定こども園
    SMALL_SCALE = "small_scale"  # 小規模保育事業
    WORKPLACE = "workplace"  # 事業所内保育事業
    HOME_BASED = "home_based"  # 家庭的保育事業
    HOME_VISITING = "home_visiting"  # 居宅訪問型保育事業
    COMPANY_LED = "company_led"  # 企業主導型保育施設
    KINDERGARTEN = "kindergarten"  # 幼稚園
    UNLICENSED = "unlicensed"  # 認可外保育施設
    TEMPORARY_CARE = "temporary_care"  # 一時預かり
    COMPANY_LED_TEMPORARY = "company_led_temporary"  # 企業主導型の一時預かりだけ
    PLAYGROUP = "playgroup"  # プレ幼稚園
    DEVELOPMENT_SUPPORT = "development_support"  # 児童発達支援


@dataclass(frozen=True, slots=True)
class Spell:
    """One enrolment from its first day (入園日, not 内定) to its last, both inclusive; None: open."""

    kind: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """Days on which a certificate (認定証) is valid, both inclusive."""

    valid_from: date
    valid_until: date


def use_days(born: date, ages: Ages) -> tuple[date, date]:
    """First and last day of use by age: born 2024-04-10 → 2024-10-09, 2027-04-08."""
    return first_day_of_use(born, ages.first_day_rule), last_day_of_use(born)


def check_age(born: date, day: date, ages: Ages) -> None:
    """Refused as TOO_YOUNG or TOO_OLD on that day."""
    first, last = use_days(born, ages)
    if day < first:
        raise Refused(Reason.TOO_YOUNG, day=day, first_day=first, last_day=last)
    if day > last:
        raise Refused(Reason.TOO_OLD, day=day, last_day=last)


def stops_use(kind: str, ages: Ages) -> bool:
    """Whether going there rules the programme out: 認可保育所 yes, 認可外 no."""
    return kind in ages.enrolments_refused


def check_enrolment(enrolments: Iterable[Spell], day: date, ages: Ages) -> None:
    """Refused as ENROLLED if one that stops use covers the day."""
    for spell in enrolments:
        covers = spell.since <= day and (spell.until is None or day <= spell.until)
        if covers and stops_use(spell.kind, ages):
            raise Refused(Reason.ENROLLED, day=day, kind=spell.kind, until=spell.until)


def check_certificate(certificate: Certificate | None, day: date) -> None:
    """Refused as NOT_CERTIFIED, or CERTIFICATE_NOT_VALID_ON_DAY."""
    if certificate is None:
        raise Refused(Reason.NOT_CERTIFIED, day=day)
    if not certificate.valid_from <= day <= certificate.valid_until:
        raise Refused(
            Reason.CERTIFICATE_NOT_VALID_ON_DAY,
            day=day,
            valid_from=certificate.valid_from,
            valid_until=certificate.valid_until,
        )


def certificate_days(*, born: date, applied_on: date, decided_on: date, ages: Ages) -> Certificate:
    """From when until when a certificate decided on that day is valid.

    Never before the first day of use, never after the last; Refused TOO_OLD if nothing remains.
    """
    first, last = use_days(born, ages)
    begin = {"decision": decided_on, "application": applied_on, "next_month": next_month(decided_on)}
    start = max(first, begin[ages.certificate_from])
    end = last if ages.certificate_until == "last_day" else min(last, end_of_fiscal_year(start))
    if start > last:
        raise Refused(Reason.TOO_OLD, day=start, last_day=last)
    return Certificate(start, end)


def next_month(day: date) -> date:
    """The first of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def end_of_fiscal_year(day: date) -> date:
    """年度末: the 31 March on or after that day."""
    return date(day.year + (day.month >= 4), 3, 31)

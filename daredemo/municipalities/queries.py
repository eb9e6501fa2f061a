"""What anyone may know of municipalities, and what an officer may know of the own one.

Functions without an actor tell public facts; those about an office begin with the officer.
"""

import re
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from daredemo.accounts.models import User
from daredemo.municipalities import models, postcodes, tables
from daredemo.municipalities.models import (
    ClosedDay,
    Municipality,
    NoticeText,
    Officer,
    PolicyVersion,
    Programme,
)
from daredemo.prepared import rows, statements
from daredemo.rules import presets
from daredemo.rules.policy import Policy
from daredemo.rules.refusal import Reason, Refused

# The words that portals ask by; they know no tables.
Step = models.Step
Role = Officer.Role
TextKind = NoticeText.Kind

PRESETS = Path(__file__).parent / "presets"
NATIONAL = PRESETS / "national.toml"  # 国の標準
PROGRAMME = """
SELECT row_to_json(p), row_to_json(m) FROM municipalities_programme p
JOIN municipalities_municipality m ON m.code = p.municipality_id WHERE p.municipality_id = %s"""
BEFORE = {Step.INTERVIEWS: Reason.INTERVIEWS_NOT_OPEN, Step.USE: Reason.USE_NOT_BEGUN}


class Opening(NamedTuple):
    """Whether a step of the road is open, and from when; `opens_on` is None while nobody has said."""

    open: bool
    opens_on: date | None


def prefectures() -> tuple[tables.PrefectureRow, ...]:
    """The 47 prefectures from north to south."""
    return tables.prefectures()


def municipalities_in(prefecture_code: str) -> QuerySet[Municipality]:
    """The municipalities of a prefecture in the order of their codes, as lists of the office have it."""
    found = Municipality.objects.filter(prefecture_code=prefecture_code)
    return found.select_related("programme").order_by("code")


def municipality(code: str) -> Municipality:
    """By its 団体コード of six digits; raises Municipality.DoesNotExist, also for a ward's code."""
    return Municipality.objects.get(code=code)


def served() -> QuerySet[Programme]:
    """The programmes that this deployment serves."""
    return Programme.objects.filter(served=True).select_related("municipality").order_by("municipality_id")


def programme_of(code: str) -> Programme | None:
    """How this municipality runs the programme; None where nothing was ever entered."""
    found = statements.ask(PROGRAMME, [code])
    if not found:
        return None
    programme = rows.made(Programme, found[0][0])
    programme.municipality = rows.made(Municipality, found[0][1])
    return programme


def opening(code: str, step: Step, day: date) -> Opening:
    """Is the step open on this day? Never open in a municipality that is not served here."""
    programme = programme_of(code)
    if programme is None or not programme.served:
        return Opening(open=False, opens_on=None)
    opens_on = programme.opens_on(step)
    return Opening(open=opens_on is not None and opens_on <= day, opens_on=opens_on)


def require_open(code: str, step: Step, day: date) -> None:
    """Refuse what comes too early or to a municipality that is not served here."""
    programme = programme_of(code)
    if programme is None or not programme.served:
        phone = programme.phone if programme else ""
        raise Refused(Reason.CITY_NOT_SERVED, city=municipality(code).name, phone=phone)
    opens_on = programme.opens_on(step)
    if opens_on is None or opens_on > day:
        raise Refused(BEFORE.get(step, Reason.BEFORE_OPENING), opens_on=opens_on)


def version_on(code: str, day: date) -> PolicyVersion | None:
    """The policy version in force on this day, to be pinned to what is decided under it."""
    return _versions_until(code, day).first()


def policy_on(code: str, day: date) -> Policy:
    """The rules in force on this day; 国の標準 where the municipality has none."""
    version = _versions_until(code, day).values_list("pk", flat=True).first()
    return national_standard(day) if version is None else policy_of(version)


def policies_until(code: str, day: date) -> list[Policy]:
    """Every version that begins by this day, for asking `rules.policy.version_on` about many days."""
    return [policy_of(pk) for pk in _versions_until(code, day).values_list("pk", flat=True)]


def _versions_until(code: str, day: date) -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.filter(municipality_id=code, in_force_from__lte=day).order_by(
        "-in_force_from"
    )


@lru_cache(maxsize=4096)
def policy_of(version_id: UUID) -> Policy:
    """The rules of a version that something was pinned to; versions never change, so they are kept."""
    return Policy.from_dict(PolicyVersion.objects.get(pk=version_id).settings)


def national_standard(day: date) -> Policy:
    """国の標準 on this day, for every municipality without rules of its own; before the first its first."""
    return presets.load_on(NATIONAL, day) or presets.load_all(NATIONAL)[0]


def preset_path(code: str) -> Path:
    """The committed rules that a municipality begins with: its own file, else 国の標準."""
    own = PRESETS / f"{code}.toml"
    return own if own.exists() else NATIONAL


def calendar_of(code: str, *, since: date, until: date, known_at: datetime) -> frozenset[date]:
    """The municipality's closed days from `since` to `until`, both included, as announced by `known_at`.

    Made for the `closed` of `rules.calendar` and `rules.deadline`, together with the facility's own.
    """
    known = ClosedDay.objects.filter(
        municipality=code, date__range=(since, until), announced_at__lte=known_at
    )
    return frozenset(known.values_list("date", flat=True))


def notice_text(code: str, kind: TextKind, day: date, **facts: object) -> str:
    """The words of this kind in force on this day: the municipality's own, else the default for all.

    `{city}` and `{mayor}` come from the programme, other names from `facts`; KeyError for a name
    that nobody gave, so that no decision leaves with a hole in it.
    """
    texts = NoticeText.objects.filter(kind=kind, in_force_from__lte=day)
    text = (
        texts.filter(municipality_id=code).order_by("-in_force_from").first()
        or texts.filter(municipality=None).order_by("-in_force_from").first()
    )
    if text is None:
        raise NoticeText.DoesNotExist(f"no text {kind} on {day}")
    programme = programme_of(code)
    city = municipality(code).name
    names = {"city": city, "mayor": (programme and programme.mayor_title) or f"{city}長", **facts}
    return re.sub(r"\{(\w+)\}", lambda match: str(names[match[1]]), text.body)


def post_code(code: str) -> list[postcodes.Address]:
    """Every place that a post code stands for, each with the municipality that certifies there."""
    return postcodes.addresses(code)


def officer_of(user: User) -> Officer | None:
    """The officer behind a login, with the municipality; None for everyone else."""
    found = Officer.objects.filter(user=user, user__is_active=True)
    return found.select_related("municipality", "user").first()


def colleagues(officer: Officer) -> QuerySet[Officer]:
    """Everyone of the same office who works here, the officer included."""
    return (
        Officer.objects.filter(municipality=officer.municipality_id).select_related("user").order_by("name")
    )


def policies(officer: Officer) -> QuerySet[PolicyVersion]:
    """All rules of the officer's municipality, newest first."""
    found = PolicyVersion.objects.filter(municipality=officer.municipality_id)
    return found.select_related("adopted_by").order_by("-in_force_from")


def closed_days(officer: Officer, *, since: date) -> QuerySet[ClosedDay]:
    """The closed days of the officer's municipality from a day on."""
    return ClosedDay.objects.filter(municipality=officer.municipality_id, date__gte=since).order_by("date")

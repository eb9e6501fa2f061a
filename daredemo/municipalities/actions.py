"""What a municipality's office decides about its programme: serve, rules, dates, people, closed days."""

import tomllib
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from daredemo.accounts import actions as accounts
from daredemo.accounts.models import Portal, User
from daredemo.audit import actions as audit
from daredemo.municipalities import queries
from daredemo.municipalities.models import (
    ClosedDay,
    Municipality,
    NoticeText,
    Officer,
    PolicyVersion,
    Programme,
)
from daredemo.notifications.models import Message
from daredemo.rules import presets
from daredemo.rules.hours import day_of
from daredemo.rules.policy import Policy
from daredemo.rules.refusal import Reason, Refused

PROGRAMMES = Path(__file__).parent / "programmes"


@transaction.atomic
def serve(*, municipality: Municipality, by: User | None, now: datetime) -> Programme:
    """Begin to serve a municipality with its preset, or with 国の標準 where there is none.

    Serving again changes nothing that the office has entered since.
    """
    versions = presets.load_all(queries.preset_path(municipality.code))
    programme, new = Programme.objects.get_or_create(
        municipality=municipality,
        defaults={**asdict(versions[-1].opening), **_office(municipality), "served": True},
    )
    if not new and not programme.served:
        programme.served = True
        programme.save(update_fields=["served"])
    if not municipality.policies.exists():
        for policy in versions:
            _adopt(municipality, policy, source_note=policy.note, by=by, now=now)
    audit.record(by=by, action="municipality.serve", subject=programme, now=now)
    return programme


def _office(municipality: Municipality) -> dict[str, Any]:
    path = PROGRAMMES / f"{municipality.code}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


@transaction.atomic
def stop_serving(*, municipality: Municipality, by: User, now: datetime) -> Programme:
    """Stop to take applications for a municipality; its rules, dates and people stay."""
    programme = _hold(municipality)
    programme.served = False
    programme.save(update_fields=["served"])
    audit.record(by=by, action="municipality.stop", subject=programme, now=now)
    return programme


@transaction.atomic
def adopt_policy(
    *, municipality: Municipality, policy: Policy, source_note: str, by: User | None, now: datetime
) -> PolicyVersion:
    """Put rules into force from `policy.in_force_from` on; what was decided before keeps its version.

    Rules are never changed backwards: the day must lie ahead and be free, except for the first version.
    """
    # Two officers adopting for the same day queue here, and the second is refused by name.
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    today = day_of(now)
    taken = set(municipality.policies.values_list("in_force_from", flat=True))
    if policy.in_force_from in taken or (taken and policy.in_force_from <= today):
        earliest = today + timedelta(days=1)
        while earliest in taken:
            earliest += timedelta(days=1)
        raise Refused(Reason.POLICY_IN_FORCE, in_force_from=policy.in_force_from, earliest=earliest)
    return _adopt(municipality, policy, source_note=source_note, by=by, now=now)


def _adopt(
    municipality: Municipality, policy: Policy, *, source_note: str, by: User | None, now: datetime
) -> PolicyVersion:
    version = PolicyVersion.objects.create(
        municipality=municipality,
        in_force_from=policy.in_force_from,
        settings=replace(policy, code=municipality.code, name=municipality.name).to_dict(),
        source_note=source_note,
        adopted_by=by,
        adopted_at=now,
    )
    audit.record(by=by, action="municipality.adopt_policy", subject=version, now=now)
    return version


@transaction.atomic
def set_opening_dates(
    *,
    municipality: Municipality,
    applications_from: date | None,
    certificates_from: date | None,
    facilities_public_from: date | None,
    interviews_from: date | None,
    use_from: date | None,
    by: User | None,
    now: datetime,
) -> Programme:
    """Announce from when each step of the road is open; None takes an announcement back."""
    return _change(
        _hold(municipality),
        {
            "applications_from": applications_from,
            "certificates_from": certificates_from,
            "facilities_public_from": facilities_public_from,
            "interviews_from": interviews_from,
            "use_from": use_from,
        },
        action="municipality.set_opening_dates",
        by=by,
        now=now,
    )


@transaction.atomic
def describe_office(
    *,
    municipality: Municipality,
    office: str,
    phone: str,
    opening_hours: str,
    web_page: str,
    mayor_title: str,
    by: User | None,
    now: datetime,
) -> Programme:
    """Say whom families ask, and who signs the decisions."""
    return _change(
        _hold(municipality),
        {
            "office": office,
            "phone": phone,
            "opening_hours": opening_hours,
            "web_page": web_page,
            "mayor_title": mayor_title,
        },
        action="municipality.describe_office",
        by=by,
        now=now,
    )


def _hold(municipality: Municipality) -> Programme:
    return Programme.objects.select_for_update().get(municipality=municipality)


def _change(
    programme: Programme, values: dict[str, Any], *, action: str, by: User | None, now: datetime
) -> Programme:
    changed = [name for name, value in values.items() if getattr(programme, name) != value]
    for name in changed:
        setattr(programme, name, values[name])
    if changed:
        programme.save(update_fields=changed)
        audit.record(by=by, action=action, subject=programme, now=now, facts={"changed": changed})
    return programme


@transaction.atomic
def adopt_notice_text(
    *,
    municipality: Municipality,
    kind: NoticeText.Kind,
    body: str,
    in_force_from: date,
    by: User,
    now: datetime,
) -> NoticeText:
    """Put the municipality's own words for decisions into force from a day ahead."""
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    today = day_of(now)
    taken = set(municipality.notice_texts.filter(kind=kind).values_list("in_force_from", flat=True))
    if in_force_from in taken or in_force_from <= today:
        raise Refused(
            Reason.POLICY_IN_FORCE,
            in_force_from=in_force_from,
            earliest=max([today, *taken]) + timedelta(days=1),
        )
    text = NoticeText.objects.create(
        municipality=municipality, kind=kind, body=body, in_force_from=in_force_from
    )
    audit.record(by=by, action="municipality.adopt_notice_text", subject=text, now=now)
    return text


@transaction.atomic
def add_closed_day(
    *, municipality: Municipality, day: date, name: str, by: User | None, now: datetime
) -> ClosedDay:
    """Announce a day on which the office does not work; a day already announced keeps its announcement."""
    closed, new = ClosedDay.objects.get_or_create(
        municipality=municipality, date=day, defaults={"name": name, "announced_at": now}
    )
    if new:
        audit.record(by=by, action="municipality.add_closed_day", subject=closed, now=now)
    return closed


@transaction.atomic
def remove_closed_day(*, closed_day: ClosedDay, by: User, now: datetime) -> None:
    """Take back a closed day that was announced by mistake."""
    audit.record(by=by, action="municipality.remove_closed_day", subject=closed_day, now=now)
    closed_day.delete()


@transaction.atomic
def add_officer(
    *,
    municipality: Municipality,
    user: User,
    role: Officer.Role,
    name: str,
    by: User | None,
    now: datetime,
) -> Officer:
    """Let a person of the office work here."""
    officer = Officer.objects.create(municipality=municipality, user=user, role=role, name=name)
    audit.record(by=by, action="officer.add", subject=officer, now=now, facts={"role": role.value})
    return officer


@transaction.atomic
def appoint(
    *,
    municipality: Municipality,
    login_id: str,
    name: str,
    email: str,
    role: Officer.Role,
    by: User | None,
    now: datetime,
) -> Message:
    """Give a person of the office a login and promise the link that sets its password.

    ValueError for a word that cannot be a login ID, IntegrityError for one that is taken.
    """
    user = accounts.create_login(portal=Portal.CITY, login_id=login_id, email=email, by=by, now=now)
    add_officer(municipality=municipality, user=user, role=role, name=name, by=by, now=now)
    return accounts.promise_password_link(
        user=user, by=by, now=now, kind="staff_login", place=municipality.name
    )


@transaction.atomic
def change_role(*, officer: Officer, role: Officer.Role, by: User, now: datetime) -> Officer:
    """Give an officer another role; nobody changes the own one (four eyes)."""
    if officer.user_id == by.pk:
        raise Refused(Reason.SAME_PERSON)
    held = Officer.objects.select_for_update().get(pk=officer.pk)
    before, held.role = held.role, role
    held.save(update_fields=["role"])
    audit.record(
        by=by, action="officer.change_role", subject=held, now=now, facts={"from": before, "to": role.value}
    )
    return held

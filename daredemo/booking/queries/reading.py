"""What decides about a child at a facility, read by one statement; its counted part once more under locks."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from daredemo.booking.models import Booking, ChildMonth, OpenedDay
from daredemo.booking.queries import situation
from daredemo.booking.queries.situation import Counted, Line, Situation
from daredemo.certification.models import Certificate
from daredemo.facilities import queries as facilities
from daredemo.facilities.models import Extra, Facility, Tariff
from daredemo.families.models import Child
from daredemo.interviews import queries as interviews
from daredemo.prepared import rows, statements
from daredemo.rules import hours
from daredemo.rules.booking import Span
from daredemo.rules.policy import Policy

LOOK_BACK = timedelta(days=31)  # how far before a day its deadline may lie, holidays included
HOLDS = "(b.status IN ('requested', 'booked') OR (b.status = 'cancelled' AND b.released_at IS NULL))"

# Opened days of the facility; months of the child, each with its ledger; bookings of the child that hold
# place and hours in these months, and every cancelled one that waits for the end of undo; closed hours.
COUNTED = f"""
    (SELECT coalesce(json_agg(d), '[]') FROM booking_openedday d
     WHERE d.facility_id = %(facility)s AND d.date BETWEEN %(since)s AND %(until)s),
    (SELECT coalesce(json_agg(json_build_array(m, (
         SELECT coalesce(json_agg(json_build_array(e.bucket, e.kind, e.effect, e.booking_id)), '[]')
         FROM booking_ledgerentry e WHERE e.child_month_id = m.id))), '[]')
     FROM booking_childmonth m
     WHERE m.child_id = %(child)s AND m.month BETWEEN %(month)s AND %(until)s),
    (SELECT coalesce(json_agg(b ORDER BY b.starts_at, b.id), '[]') FROM booking_booking b
     WHERE b.child_id = %(child)s AND {HOLDS}
       AND (b.status = 'cancelled' OR b.date BETWEEN %(month)s AND %(month_ends)s)),
    (SELECT coalesce(json_agg(json_build_array(x.date, x.starts_at, x.ends_at) ORDER BY x.starts_at), '[]')
     FROM facilities_closedhours x
     WHERE x.facility_id = %(facility)s AND x.date BETWEEN %(since)s AND %(until)s)"""  # noqa: S608  a constant of this file

LOOK = f"""
SELECT
    (SELECT row_to_json(c) FROM families_child c WHERE c.id = %(child)s AND (%(guardian)s::uuid IS NULL
         OR EXISTS (SELECT FROM families_guardianship g WHERE g.child_id = c.id
                    AND g.guardian_id = %(guardian)s AND g.ended_at IS NULL))),
    row_to_json(f),
    (SELECT coalesce(json_agg(c ORDER BY c.valid_from, c.created_at), '[]')
     FROM certification_certificate c WHERE c.child_id = %(child)s),
    (SELECT coalesce(json_agg(json_build_array(ic.outcome, i.status) ORDER BY i.requested_at DESC), '[]')
     FROM interviews_interviewchild ic JOIN interviews_interview i ON i.id = ic.interview_id
     WHERE ic.child_id = %(child)s AND i.facility_id = f.id),
    (SELECT coalesce(json_object_agg(v.municipality_id, v.id), '{{}}') FROM (
         SELECT DISTINCT ON (p.municipality_id) p.municipality_id, p.id
         FROM municipalities_policyversion p WHERE p.in_force_from <= %(today)s AND p.municipality_id IN (
             SELECT f.municipality_id
             UNION SELECT c.municipality_id FROM certification_certificate c WHERE c.child_id = %(child)s)
         ORDER BY p.municipality_id, p.in_force_from DESC) v),
    (SELECT use_from FROM municipalities_programme WHERE municipality_id = f.municipality_id),
    (SELECT coalesce(array_agg(x.date), '{{}}') FROM facilities_facilityclosure x
     WHERE x.facility_id = f.id AND x.date BETWEEN %(back)s AND %(until)s),
    (SELECT coalesce(array_agg(x.date), '{{}}') FROM municipalities_closedday x
     WHERE x.municipality_id = f.municipality_id AND x.date BETWEEN %(back)s AND %(until)s
       AND x.announced_at <= %(now)s),
    (SELECT coalesce(json_agg(t ORDER BY t.in_force_from), '[]') FROM facilities_tariff t
     WHERE t.facility_id = f.id AND t.in_force_from <= greatest(%(until)s, %(today)s)),
    (SELECT coalesce(json_agg(x ORDER BY x.name), '[]') FROM facilities_extra x
     WHERE x.facility_id = f.id AND x.in_force_from <= %(until)s),
    (SELECT coalesce(json_agg(b), '[]') FROM booking_booking b
     WHERE b.request_key = ANY(%(requests)s::uuid[])),
    {COUNTED}
FROM facilities_facility f WHERE f.id = %(facility)s"""  # noqa: S608  constants of this file


def look(
    child: UUID,
    facility: UUID,
    since: date,
    until: date,
    now: datetime,
    *,
    guardian: UUID | None = None,
    requests: Iterable[UUID] = (),
) -> Situation:
    """The situation between two dates, as of now, without any lock; one statement for one day or sixty.

    With a guardian the child must be one of theirs today; `requests` are keys of requests that may have
    been made before. Raises Child.DoesNotExist or Facility.DoesNotExist.
    """
    today = hours.day_of(now)
    asked = {
        **_span(child, facility, since, until),
        "guardian": guardian, "requests": list(requests),
        "now": now, "today": today, "back": since - LOOK_BACK,
    }  # fmt: skip
    found = statements.ask(LOOK, asked)
    if not found:
        raise Facility.DoesNotExist
    row = found[0]
    if row[0] is None:
        raise Child.DoesNotExist
    place = rows.made(Facility, row[1])
    versions = {code: UUID(version) for code, version in row[4].items()}
    closures = frozenset(row[6])
    return Situation(
        child=rows.made(Child, row[0]),
        facility=place,
        now=now,
        certificates=rows.all_made(Certificate, row[2]),
        interview=interviews.outcome_of(row[3]),
        versions=versions,
        here=_here(place, situation.policy(versions, place.municipality_id, now), row[5]),
        closures=closures,
        closed=closures | frozenset(row[7]),
        tariffs=rows.all_made(Tariff, row[8]),
        extras=rows.all_made(Extra, row[9]),
        earlier=rows.all_made(Booking, row[10]),
        counted=_counted(*row[11:]),
    )


def _here(facility: Facility, rules_: Policy, use_from: date | None) -> Policy:
    """The rules of the facility's municipality, with its opening date and the facility's window."""
    window = facilities.window_of(facility, rules_.window)
    return replace(rules_, window=window, opening=replace(rules_.opening, use_from=use_from))


def count(child: UUID, facility: UUID, since: date, until: date, known: Counted | None = None) -> Counted:
    """Opened days of the facility, months and bookings of the child: what changes with every booking.

    Where it is still as `known`, which was read of the same span before, that one is given back.
    """
    read = statements.ask(f"SELECT {COUNTED}", _span(child, facility, since, until))[0]
    return known if known is not None and known.read == read else _counted(*read)


def _span(child: UUID, facility: UUID, since: date, until: date) -> dict[str, object]:
    month_ends = (until.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return {
        "child": child, "facility": facility, "since": since, "until": until,
        "month": since.replace(day=1), "month_ends": month_ends,
    }  # fmt: skip


def _counted(
    days: list[rows.Row],
    months: list[tuple[rows.Row, list[list[str]]]],
    held: list[rows.Row],
    shut: list[tuple[str, str, str]],
) -> Counted:
    opened = rows.all_made(OpenedDay, days)
    books = [(rows.made(ChildMonth, month), lines) for month, lines in months]
    return Counted(
        days={day.date: day for day in opened},
        months={month.month: month for month, _ in books},
        lines={month.month: tuple(Line._make(line) for line in lines) for month, lines in books},
        bookings=rows.all_made(Booking, held),
        shut=_by_day(shut),
        read=(days, months, held, shut),
    )


def _by_day(shut: Iterable[tuple[str, str, str]]) -> dict[date, tuple[Span, ...]]:
    found: dict[date, tuple[Span, ...]] = {}
    for day, *span in shut:
        starts, ends = map(datetime.fromisoformat, span)
        found[date.fromisoformat(day)] = (*found.get(date.fromisoformat(day), ()), (starts, ends))
    return found

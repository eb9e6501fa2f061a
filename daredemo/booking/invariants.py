"""What must never be: each query returns nothing once due sweeps are drained.

They are asked as of a moment: what is begun or over by then is a fact, and a job is missing a minute after
its message was due. Without a moment everything counts as ahead and nothing as due.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import connection

from daredemo.booking.models import FITS

HOLDS = "(b.status IN ('requested', 'booked') OR (b.status = 'cancelled' AND b.released_at IS NULL))"
# The half hours of a booking, 1 to 48, on the Japanese day of its start.
CELLS = """generate_series(
    floor(extract(epoch FROM (b.starts_at AT TIME ZONE 'Asia/Tokyo') - b.date) / 1800)::int + 1,
    ceil(extract(epoch FROM (b.ends_at AT TIME ZONE 'Asia/Tokyo') - b.date) / 1800)::int)"""

# What can still come to nothing.
AHEAD = """b.status IN ('requested', 'booked') AND b.begun_at IS NULL AND b.settled_at IS NULL
    AND b.starts_at > %(now)s"""
# The family moved: 認定待ち until the free deadline.
MOVED = """EXISTS (SELECT FROM certification_certificate c WHERE c.child_id = b.child_id
    AND b.date BETWEEN c.valid_from AND c.valid_until AND c.ended_on < b.date AND c.end_reason = 'move')
    AND least(b.deadline_at, b.fee_deadline_at) >= %(now)s"""
JOBS = "procrastinate_jobs j WHERE j.task_name = 'notifications.deliver' AND j.status IN ('todo', 'doing')"
# What a day counts: bookings, and places that are kept for a family of the waiting list.
COUNTED = f"""(
    SELECT id, child_id, day_id, date, starts_at, ends_at, age_group FROM booking_booking b WHERE {HOLDS}
    UNION ALL
    SELECT id, child_id, day_id, date, starts_at, ends_at, age_group FROM booking_offer
    WHERE status = 'open')"""  # noqa: S608

QUERIES = {
    # More children than are offered: on a half hour by any of its limits, or in the day.
    "more_than_offered": f"""
        SELECT d.id FROM booking_openedday d
        WHERE NOT day_fits({", ".join(FITS)}) OR d.day_booked > d.day_ceiling""",  # noqa: S608  own columns
    # A conflict stands open exactly where more is booked than lawful, and names these half hours; in closed
    # hours there is none …
    "conflict_differs_from_places": """
        SELECT d.id FROM booking_openedday d
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg((n - 1)::smallint ORDER BY n) FILTER (WHERE lawful <
                b0::int * d.weights[1] + b1::int * d.weights[2] + b2::int * d.weights[3]), '{}') AS cells
            FROM unnest(d.booked_0, d.booked_1, d.booked_2, d.lawful)
                WITH ORDINALITY AS half_hour(b0, b1, b2, lawful, n)
            WHERE NOT EXISTS (SELECT FROM facilities_closedhours x
                WHERE x.facility_id = d.facility_id AND x.date = d.date
                AND x.starts_at AT TIME ZONE 'Asia/Tokyo' < d.date + n * interval '30 minutes'
                AND x.ends_at AT TIME ZONE 'Asia/Tokyo' > d.date + (n - 1) * interval '30 minutes')) found
        LEFT JOIN booking_conflict c ON c.day_id = d.id AND (c.resolved_at IS NULL OR c.outcome = 'passed')
        WHERE CASE
            WHEN d.closed_at IS NULL AND (found.cells <> '{}' OR coalesce(d.day_booked > d.day_lawful, false))
            THEN c.id IS NULL OR (c.resolved_at IS NULL AND c.cells <> found.cells)
            ELSE c.id IS NOT NULL AND c.resolved_at IS NULL END""",
    # … because what was booked there has ended, as on a closed day.
    "booking_while_closed": f"""
        SELECT b.id FROM booking_booking b JOIN booking_openedday d ON d.id = b.day_id
        WHERE {AHEAD} AND (d.closed_at IS NOT NULL OR EXISTS (SELECT FROM facilities_closedhours x
            WHERE x.facility_id = b.facility_id AND x.date = b.date
            AND x.starts_at < b.ends_at AND x.ends_at > b.starts_at))""",  # noqa: S608  a constant of this file
    "month_above_its_cap": "SELECT id FROM booking_childmonth WHERE spent_minutes > cap_minutes",
    # Derived numbers against their source: booked places against bookings and offers …
    "places_differ_from_bookings": f"""
        WITH booked AS (
            SELECT b.day_id AS day, b.age_group AS age, cell, count(*) AS children
            FROM {COUNTED} b, {CELLS} AS cell GROUP BY 1, 2, 3),
        stored AS (
            SELECT d.id AS day, age, cell, children FROM booking_openedday d,
                LATERAL (VALUES (0, d.booked_0), (1, d.booked_1), (2, d.booked_2)) AS ages(age, taken),
                LATERAL unnest(taken) WITH ORDINALITY AS cells(children, cell) WHERE children <> 0)
        SELECT coalesce(s.day, b.day), coalesce(s.age, b.age), coalesce(s.cell, b.cell) FROM stored s
        FULL JOIN booked b ON b.day = s.day AND b.age = s.age AND b.cell = s.cell
        WHERE s.children IS DISTINCT FROM b.children""",  # noqa: S608  two constants of this file
    "day_differs_from_bookings": f"""
        SELECT d.id FROM booking_openedday d LEFT JOIN {COUNTED} b ON b.day_id = d.id
        GROUP BY d.id HAVING d.day_booked <> count(DISTINCT b.child_id)""",  # noqa: S608  a constant of this file
    # … and spent minutes and caps against the ledger.
    "hours_differ_from_ledger": """
        SELECT m.id FROM booking_childmonth m
        LEFT JOIN booking_ledgerentry e ON e.child_month_id = m.id GROUP BY m.id
        HAVING m.spent_minutes <> coalesce(-sum(e.effect) FILTER (WHERE e.kind <> 'granted'), 0)
            OR m.cap_minutes <> coalesce(sum(e.effect) FILTER (WHERE e.kind = 'granted'), 0)""",
    # What a booking holds stands in the ledger: all of it while it holds, nothing after it came to nothing.
    "booking_without_its_hours": f"""
        SELECT b.id FROM booking_booking b
        LEFT JOIN booking_ledgerentry e ON e.booking_id = b.id AND e.kind IN ('reserved', 'returned')
        WHERE b.settled_at IS NULL GROUP BY b.id
        HAVING coalesce(-sum(e.effect), 0) <> CASE
            WHEN {HOLDS} OR b.hours_consumed THEN b.minutes ELSE 0 END
            AND NOT EXISTS (SELECT FROM booking_ledgerentry c WHERE c.kind = 'corrected'
                            AND c.child_month_id = ANY(array_agg(e.child_month_id)))""",  # noqa: S608
    "child_in_two_places": """
        SELECT a.id FROM booking_booking a JOIN booking_booking b
            ON a.child_id = b.child_id AND a.id < b.id
            AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
        WHERE a.status IN ('requested', 'booked') AND b.status IN ('requested', 'booked')""",
    # The waiting list: a place is kept exactly for whoever is said to have an offer, one at a time, and never
    # for a child that is elsewhere at that time.
    "offer_without_its_entry": """
        SELECT w.id FROM booking_waiting w
        LEFT JOIN booking_offer o ON o.waiting_id = w.id AND o.status = 'open'
        GROUP BY w.id HAVING count(o.id) <> CASE WHEN w.status = 'offered' THEN 1 ELSE 0 END""",
    "offer_taken_without_booking": """
        SELECT id FROM booking_offer WHERE (status = 'taken') <> (booking_id IS NOT NULL)""",
    "places_kept_twice": """
        SELECT a.id FROM booking_offer a JOIN booking_offer b
            ON a.child_id = b.child_id AND a.id < b.id
            AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
        WHERE a.status = 'open' AND b.status = 'open'""",
    "place_kept_for_a_child_elsewhere": """
        SELECT o.id FROM booking_offer o JOIN booking_booking b
            ON b.child_id = o.child_id AND b.status IN ('requested', 'booked')
            AND tstzrange(b.starts_at, b.ends_at) && tstzrange(o.starts_at, o.ends_at)
        WHERE o.status = 'open'""",
    "booking_without_certificate": f"""
        SELECT b.id FROM booking_booking b WHERE {AHEAD} AND NOT ({MOVED}) AND NOT EXISTS (
            SELECT FROM certification_certificate c WHERE c.child_id = b.child_id
            AND b.date BETWEEN c.valid_from AND least(c.valid_until, c.ended_on))""",  # noqa: S608
    "booking_of_an_enrolled_child": f"""
        SELECT b.id FROM booking_booking b JOIN families_child c ON c.id = b.child_id
        WHERE {AHEAD} AND c.enrolled_from <= b.date""",  # noqa: S608  a constant of this file
    # The latest outcome at the place is a yes.
    "booking_without_interview": f"""
        SELECT b.id FROM booking_booking b WHERE {AHEAD} AND 'accepted' IS DISTINCT FROM (
            SELECT c.outcome FROM interviews_interviewchild c
            JOIN interviews_interview i ON i.id = c.interview_id
            WHERE c.child_id = b.child_id AND i.facility_id = b.facility_id AND c.outcome <> 'open'
            ORDER BY i.requested_at DESC LIMIT 1)""",  # noqa: S608  a constant of this file
    # Promises: every mail that is due has a job within a minute, and no job is without its message.
    "message_without_job": f"""
        SELECT m.id FROM notifications_message m WHERE m.channel = 'mail' AND (
            (m.status = 'promised' AND m.due_at < %(now)s - interval '1 minute')
            OR (m.status IN ('queued', 'sending') AND m.queued_at < %(now)s - interval '1 minute'
                AND NOT EXISTS (SELECT FROM {JOBS} AND j.args ->> 'message' = m.id::text)))""",  # noqa: S608
    "job_without_message": f"""
        SELECT j.id FROM {JOBS}
            AND NOT EXISTS (SELECT FROM notifications_message m WHERE m.id::text = j.args ->> 'message')""",  # noqa: S608
    "request_key_twice": """
        SELECT min(id::text) FROM booking_booking GROUP BY request_key HAVING count(*) > 1""",
}


NO_MOMENT = datetime(1, 1, 1, tzinfo=UTC)


def broken(now: datetime = NO_MOMENT) -> dict[str, list[tuple[Any, ...]]]:
    """The invariants that do not hold, each with its rows; empty when all is well."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in QUERIES.items():
            cursor.execute(query, {"now": now})
            if rows := cursor.fetchall():
                found[name] = rows
    return found

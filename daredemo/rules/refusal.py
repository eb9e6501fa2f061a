"""Saying no by name: one exception, one enum of reasons.

A refusal carries the rule, the facts, and what would make it possible; templates own the sentences.
`SHAPES` says for each reason which rule of docs/rules.md stands behind it, which facts travel with it,
and which of those facts tell the reader what would make it possible.
"""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why not. The order is the order of the road; the facts of each reason are in `SHAPES`."""

    # Applying and screening: 利用認定申請から審査まで
    CITY_NOT_SERVED = "city_not_served"
    BEFORE_OPENING = "before_opening"
    LINK_UNKNOWN = "link_unknown"
    LINK_EXPIRED = "link_expired"
    LINK_USED = "link_used"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    NOT_BORN_YET = "not_born_yet"
    ENROLLED = "enrolled"
    DUPLICATE_CHILD = "duplicate_child"
    CHILD_MISSING = "child_missing"
    CONTACT_MISSING = "contact_missing"
    CONSENT_MISSING = "consent_missing"
    TEXT_MISSING = "text_missing"
    READING_MISSING = "reading_missing"
    TEXT_TOO_LONG = "text_too_long"
    TEXT_NOT_READABLE = "text_not_readable"
    FILE_TOO_LARGE = "file_too_large"
    FILE_NOT_READABLE = "file_not_readable"
    TOO_MANY_FILES = "too_many_files"
    ALREADY_SUBMITTED = "already_submitted"
    ALREADY_DECIDED = "already_decided"
    NOT_SUBMITTED = "not_submitted"
    CHECK_NOT_CONFIRMED = "check_not_confirmed"
    REASON_MISSING = "reason_missing"
    SAME_PERSON = "same_person"
    UNDO_OVER = "undo_over"
    STATUS_MOVED = "status_moved"
    POLICY_IN_FORCE = "policy_in_force"

    # Logging in
    WRONG_LOGIN = "wrong_login"
    TOO_MANY_TRIES = "too_many_tries"
    CODE_WRONG = "code_wrong"
    CODE_EXPIRED = "code_expired"
    ACCOUNT_CLOSED = "account_closed"
    PASSWORD_WEAK = "password_weak"  # noqa: S105  a reason, not a password

    # Who is let in, and what is allowed: もう1人の保護者、代理人、同意
    TOO_MANY_PEOPLE = "too_many_people"
    OTHER_PART = "other_part"
    ADDRESS_PROTECTED = "address_protected"
    END_IN_THE_PAST = "end_in_the_past"

    # Certificate and interview: 認定証と面談
    NOT_CERTIFIED = "not_certified"
    CERTIFICATE_NOT_VALID_ON_DAY = "certificate_not_valid_on_day"
    INTERVIEWS_NOT_OPEN = "interviews_not_open"
    INTERVIEW_MISSING = "interview_missing"
    INTERVIEW_PENDING = "interview_pending"
    INTERVIEW_DECLINED = "interview_declined"
    INTERVIEW_TIME_TAKEN = "interview_time_taken"
    INTERVIEW_NOT_YOURS = "interview_not_yours"
    INTERVIEW_NOT_YET_HELD = "interview_not_yet_held"

    # Booking a place, 利用予約
    WISH_BACKWARDS = "wish_backwards"
    NOT_ONE_DAY = "not_one_day"
    IN_THE_PAST = "in_the_past"
    OFF_THE_GRID = "off_the_grid"
    TOO_SHORT = "too_short"
    NOT_WHOLE_HOURS = "not_whole_hours"
    USE_NOT_BEGUN = "use_not_begun"
    FACILITY_NOT_LISTED = "facility_not_listed"
    FACILITY_CLOSED = "facility_closed"
    HOURS_CLOSED = "hours_closed"
    DAY_NOT_OPEN = "day_not_open"
    OUTSIDE_HOURS = "outside_hours"
    AGE_NOT_TAKEN = "age_not_taken"
    NOT_A_SESSION = "not_a_session"
    WINDOW_NOT_OPEN = "window_not_open"
    WINDOW_CLOSED = "window_closed"
    OVERLAPS_OWN_BOOKING = "overlaps_own_booking"
    DAILY_LIMIT = "daily_limit"
    NO_HOURS_LEFT = "no_hours_left"
    NO_PLACE = "no_place"
    PLACE_FREE = "place_free"
    TOO_LATE_TO_WAIT = "too_late_to_wait"
    ALREADY_WAITING = "already_waiting"
    OFFER_OVER = "offer_over"
    ROSTER_INCOMPLETE = "roster_incomplete"
    PRICE_MISSING = "price_missing"

    # Changing one's mind (キャンセル)
    ALREADY_CANCELLED = "already_cancelled"
    ALREADY_STARTED = "already_started"
    REQUEST_EXPIRED = "request_expired"
    CHANGE_TOO_LATE = "change_too_late"
    CHANGE_BY_PHONE = "change_by_phone"
    CALL_IN_THE_FUTURE = "call_in_the_future"
    CALL_TOO_LONG_AGO = "call_too_long_ago"

    # At the door (登園・降園)
    CODE_UNKNOWN = "code_unknown"
    CODE_REVOKED = "code_revoked"
    NOT_TODAY_HERE = "not_today_here"
    TOO_EARLY_TO_CHECK_IN = "too_early_to_check_in"
    TOO_LATE_TO_CHECK_IN = "too_late_to_check_in"
    TOO_EARLY_FOR_NO_SHOW = "too_early_for_no_show"
    ALREADY_CHECKED_IN = "already_checked_in"
    NOT_CHECKED_IN = "not_checked_in"
    NOT_RECEIVED = "not_received"
    ALREADY_CHECKED_OUT = "already_checked_out"
    TIMES_BACKWARDS = "times_backwards"
    PICK_UP_NOT_ALLOWED = "pick_up_not_allowed"
    MONTH_CLOSED = "month_closed"


class Refused(Exception):
    """A rule says no. `facts` holds plain values only: dates, datetimes, ints, strings, tuples of them.

    Where several things are asked for at once, `which` is the place of the one that is not possible.
    """

    which = 0

    def __init__(self, reason: Reason, **facts: object) -> None:
        super().__init__(f"{reason}: {facts}" if facts else str(reason))
        self.reason = reason
        self.facts: dict[str, object] = facts

    @property
    def rule(self) -> str:
        """The name of the rule in docs/rules.md."""
        return SHAPES[self.reason].rule

    @property
    def possible(self) -> dict[str, object]:
        """The facts that say what would make it possible; empty where nothing would."""
        return {name: self.facts[name] for name in SHAPES[self.reason].possible if name in self.facts}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a reason carries: the rule behind it, all its facts, and those that show the way."""

    rule: str
    facts: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()


R = Reason
SHAPES: dict[Reason, Shape] = {
    # phone: the city's number as printed on its page
    R.CITY_NOT_SERVED: Shape("one_deployment", ("city", "phone"), ("phone",)),
    R.BEFORE_OPENING: Shape("opening_dates", ("opens_on",), ("opens_on",)),
    R.LINK_UNKNOWN: Shape("link_lifetime"),
    R.LINK_EXPIRED: Shape("link_lifetime", ("expired_at",)),
    R.LINK_USED: Shape("link_lifetime", ("used_at",)),
    # first_day / last_day: dates on which use is possible, both inclusive
    R.TOO_YOUNG: Shape("first_day", ("day", "first_day", "last_day"), ("first_day",)),
    R.TOO_OLD: Shape("last_day", ("day", "last_day")),
    R.NOT_BORN_YET: Shape("first_day", ("born",)),
    # kind: a value of eligibility.Enrolment; until: last day enrolled, or None while it is open
    R.ENROLLED: Shape("enrolment", ("day", "kind", "until"), ("until",)),
    R.DUPLICATE_CHILD: Shape("one_application", ("number",)),
    R.CHILD_MISSING: Shape("application_content"),
    R.CONTACT_MISSING: Shape("application_content"),
    R.CONSENT_MISSING: Shape("consent", ("consent",), ("consent",)),
    R.TEXT_MISSING: Shape("input", ("field",), ("field",)),
    R.READING_MISSING: Shape("reading", ("field",), ("field",)),
    R.TEXT_TOO_LONG: Shape("input", ("field", "limit"), ("limit",)),
    R.TEXT_NOT_READABLE: Shape("input", ("field",)),
    R.FILE_TOO_LARGE: Shape("input", ("limit_mib",), ("limit_mib",)),
    R.FILE_NOT_READABLE: Shape("input", ("kinds",), ("kinds",)),
    R.TOO_MANY_FILES: Shape("input", ("limit",), ("limit",)),
    R.ALREADY_SUBMITTED: Shape("one_application", ("number", "submitted_at")),
    R.ALREADY_DECIDED: Shape("decision", ("status", "decided_at")),
    R.NOT_SUBMITTED: Shape("decision", ("status",)),
    # check: the name of the amber check that a clerk has to confirm with a reason
    R.CHECK_NOT_CONFIRMED: Shape("residence", ("check",), ("check",)),
    R.REASON_MISSING: Shape("decision"),
    R.SAME_PERSON: Shape("four_eyes"),
    R.UNDO_OVER: Shape("undo", ("until",)),
    # status: where it is now; expected: where the sender thought it was
    R.STATUS_MOVED: Shape("status", ("status", "expected")),
    # earliest: the first day from which new rules may still be adopted
    R.POLICY_IN_FORCE: Shape("policy_versions", ("in_force_from", "earliest"), ("earliest",)),
    R.WRONG_LOGIN: Shape("login"),
    R.TOO_MANY_TRIES: Shape("login", ("again_at",), ("again_at",)),
    R.CODE_WRONG: Shape("login"),
    R.CODE_EXPIRED: Shape("login", ("expired_at",)),
    R.ACCOUNT_CLOSED: Shape("login"),
    R.PASSWORD_WEAK: Shape("login", ("minimum",), ("minimum",)),
    R.ADDRESS_PROTECTED: Shape("protection"),
    R.END_IN_THE_PAST: Shape("consent", ("day",)),
    R.TOO_MANY_PEOPLE: Shape("people", ("most",), ("most",)),
    R.OTHER_PART: Shape("people"),
    R.NOT_CERTIFIED: Shape("certificate", ("day",)),
    R.CERTIFICATE_NOT_VALID_ON_DAY: Shape(
        "certificate", ("day", "valid_from", "valid_until"), ("valid_from", "valid_until")
    ),
    R.INTERVIEWS_NOT_OPEN: Shape("opening_dates", ("opens_on",), ("opens_on",)),
    R.INTERVIEW_MISSING: Shape("interview", ("facility",), ("facility",)),
    R.INTERVIEW_PENDING: Shape("interview", ("facility",)),
    R.INTERVIEW_DECLINED: Shape("interview", ("facility",)),
    R.INTERVIEW_TIME_TAKEN: Shape("interview", ("start",)),
    R.INTERVIEW_NOT_YOURS: Shape("interview"),
    R.INTERVIEW_NOT_YET_HELD: Shape("interview", ("start",), ("start",)),
    R.WISH_BACKWARDS: Shape("one_day", ("start", "end")),
    R.NOT_ONE_DAY: Shape("one_day", ("start", "end")),
    R.IN_THE_PAST: Shape("booking_window", ("start", "now")),
    # earlier, later: the nearest starts on the grid
    R.OFF_THE_GRID: Shape("grid", ("start", "grid_minutes", "earlier", "later"), ("earlier", "later")),
    R.TOO_SHORT: Shape("unit", ("minutes", "minimum"), ("minimum",)),
    # shorter, longer: the nearest lengths that are offered, in minutes
    R.NOT_WHOLE_HOURS: Shape("unit", ("minutes", "shorter", "longer"), ("shorter", "longer")),
    R.USE_NOT_BEGUN: Shape("opening_dates", ("opens_on",), ("opens_on",)),
    R.FACILITY_NOT_LISTED: Shape("facility_open"),
    R.FACILITY_CLOSED: Shape("facility_open", ("day",)),
    # start, end: of the closed hours that the wish touches
    R.HOURS_CLOSED: Shape("facility_open", ("start", "end")),
    R.DAY_NOT_OPEN: Shape("facility_open", ("day",)),
    # opens, closes: datetime of that day between which children are taken
    R.OUTSIDE_HOURS: Shape("facility_open", ("start", "end", "opens", "closes"), ("opens", "closes")),
    R.AGE_NOT_TAKEN: Shape("facility_open", ("day", "age", "ages"), ("ages",)),
    # sessions: 9:00〜11:00, 13:00〜15:00
    R.NOT_A_SESSION: Shape("sessions", ("day", "sessions"), ("sessions",)),
    # month: its first day, where a whole month opens at once; else None
    R.WINDOW_NOT_OPEN: Shape("booking_window", ("opens_at", "day", "month"), ("opens_at",)),
    R.WINDOW_CLOSED: Shape("booking_window", ("closed_at",)),
    R.OVERLAPS_OWN_BOOKING: Shape("one_place_at_a_time", ("start", "end")),
    R.DAILY_LIMIT: Shape("daily_limit", ("day", "minutes", "left", "limit"), ("left",)),
    # minutes: what the wish counts; left: what is left that month here; next_month: its first day
    R.NO_HOURS_LEFT: Shape(
        "allowance", ("month", "minutes", "left", "cap", "next_month"), ("left", "next_month")
    ),
    # full_at: starts of the half hours without a place; free_lengths: minutes possible from that start
    R.NO_PLACE: Shape("places", ("start", "end", "full_at", "free_lengths"), ("free_lengths",)),
    R.PLACE_FREE: Shape("waiting_list", ("start", "end"), ("start", "end")),
    # closed_at: until when the last start of the wish was offered
    R.TOO_LATE_TO_WAIT: Shape("waiting_list", ("closed_at",)),
    R.ALREADY_WAITING: Shape("waiting_list", ("day",)),
    R.OFFER_OVER: Shape("offer", ("expired_at",)),
    # missing: area_cm2, capacity, shifts
    R.ROSTER_INCOMPLETE: Shape("roster", ("missing",), ("missing",)),
    R.PRICE_MISSING: Shape("fee", ("day",)),
    R.ALREADY_CANCELLED: Shape("status", ("cancelled_at",)),
    R.ALREADY_STARTED: Shape("status", ("start",)),
    R.REQUEST_EXPIRED: Shape("request_expiry", ("expired_at",)),
    R.CHANGE_TOO_LATE: Shape("change", ("closed_at", "phone"), ("phone",)),
    R.CHANGE_BY_PHONE: Shape("change", ("facility", "phone"), ("phone",)),
    R.CALL_IN_THE_FUTURE: Shape("called_at", ("called_at", "now")),
    R.CALL_TOO_LONG_AGO: Shape("called_at", ("called_at", "earliest"), ("earliest",)),
    R.CODE_UNKNOWN: Shape("door_code"),
    R.CODE_REVOKED: Shape("door_code"),
    # facility, start: where and when the child's booking of today is, or None
    R.NOT_TODAY_HERE: Shape("door_window", ("facility", "start"), ("facility", "start")),
    R.TOO_EARLY_TO_CHECK_IN: Shape("door_window", ("start", "opens_at"), ("opens_at",)),
    R.TOO_LATE_TO_CHECK_IN: Shape("door_window", ("end",)),
    R.TOO_EARLY_FOR_NO_SHOW: Shape("no_show", ("possible_at",), ("possible_at",)),
    R.ALREADY_CHECKED_IN: Shape("one_visit", ("at",)),
    R.NOT_CHECKED_IN: Shape("one_visit"),
    R.NOT_RECEIVED: Shape("one_visit"),
    R.ALREADY_CHECKED_OUT: Shape("one_visit", ("at",)),
    R.TIMES_BACKWARDS: Shape("one_visit", ("arrived", "left")),
    R.PICK_UP_NOT_ALLOWED: Shape("pick_up"),
    R.MONTH_CLOSED: Shape("month_closed", ("month",)),
}

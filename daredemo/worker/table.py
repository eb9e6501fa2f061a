"""What the clock does: every sweep, in the order of the road.

A new sweep is one line: its name, the function `(now) -> int`, and every how long. All of them run at once
when the worker starts and when the clock was moved, in this order: a later step sees what an earlier one did.
`lane="quick"` is for what must happen each second and never waits behind a long one.
"""

from dataclasses import dataclass
from datetime import time, timedelta

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Sweep:
    """`every` an interval, or `at` a time of day in Japan."""

    name: str
    path: str
    every: timedelta | None = None
    at: time | None = None
    lane: str = "steady"


TABLE: tuple[Sweep, ...] = (
    Sweep("jobs.stalled", "daredemo.worker.stalled.recover", every=2 * SECOND, lane="quick"),
    Sweep("audit.chain", "daredemo.audit.sweeps.chain", every=20 * SECOND),
    Sweep("certification.enact", "daredemo.certification.sweeps.enact", every=10 * SECOND),
    Sweep("booking.follow_certificates", "daredemo.booking.sweeps.follow_certificates", every=MINUTE),
    Sweep("booking.tell_moving", "daredemo.booking.sweeps.tell_moving", every=MINUTE),
    Sweep("families.end_consents", "daredemo.families.sweeps.end_consents", every=MINUTE),
    Sweep("booking.end_uncertified", "daredemo.booking.sweeps.end_uncertified", every=MINUTE),
    Sweep("booking.end_unaccepted", "daredemo.booking.sweeps.end_unaccepted", every=MINUTE),
    Sweep("booking.end_consents", "daredemo.booking.sweeps.end_consents", at=time(1)),
    Sweep("booking.finish_closures", "daredemo.booking.sweeps.finish_closures", every=MINUTE),
    Sweep("booking.open_next_window", "daredemo.booking.sweeps.open_next_window", at=time(2)),
    Sweep("booking.pass_conflicts", "daredemo.booking.sweeps.pass_conflicts", every=HOUR),
    Sweep("booking.expire_requests", "daredemo.booking.sweeps.expire_requests", every=20 * SECOND),
    Sweep("booking.release_cancelled", "daredemo.booking.sweeps.release_cancelled", every=10 * SECOND),
    Sweep("booking.expire_offers", "daredemo.booking.sweeps.expire_offers", every=10 * SECOND),
    Sweep("booking.offer_freed", "daredemo.booking.sweeps.offer_freed", every=10 * SECOND),
    Sweep("booking.send_reminders", "daredemo.booking.sweeps.send_reminders", every=MINUTE),
    Sweep("interviews.pass_unanswered", "daredemo.interviews.sweeps.pass_unanswered", every=HOUR),
    Sweep("attendance.propose_no_shows", "daredemo.attendance.sweeps.propose_no_shows", every=MINUTE),
    Sweep("attendance.propose_check_outs", "daredemo.attendance.sweeps.propose_check_outs", every=MINUTE),
    Sweep("attendance.settle_days", "daredemo.attendance.sweeps.settle_days", every=5 * MINUTE),
    Sweep("booking.sanity", "daredemo.booking.sweeps.sanity", at=time(3)),
    Sweep("notifications.requeue", "daredemo.notifications.sweeps.requeue", every=30 * SECOND),
    Sweep("notifications.queue", "daredemo.notifications.sweeps.queue", every=SECOND, lane="quick"),
)

# What runs beside the sweeps in demo mode only: functions that start something and return how to stop it.
DEMO_COMPANIONS: tuple[str, ...] = ("daredemo.demo.mailbox.start",)

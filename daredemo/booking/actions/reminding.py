"""Reminders: made with the booking, looked at again when they are due."""

from datetime import datetime

from django.db import transaction

from daredemo.booking import letters
from daredemo.booking.models import Booking, BookingStatus, Reminder, ReminderKind
from daredemo.rules import deadline

LETTERS = {ReminderKind.EVE: "remind_eve", ReminderKind.BEFORE_DEADLINE: "remind_deadline"}


def remind(made: Booking, now: datetime) -> None:
    """Write down what a booking is reminded of."""
    Reminder.objects.bulk_create(reminders(made, now), ignore_conflicts=True)


def reminders(made: Booking, now: datetime) -> list[Reminder]:
    """18:00 on the eve of the deadline and of the visit; what has passed is not reminded of."""
    free_until = min(made.deadline_at, made.fee_deadline_at)
    due = {ReminderKind.EVE: deadline.remind_at(made.starts_at)}
    before = deadline.remind_at(free_until)
    if before not in due.values() and free_until > now:
        due[ReminderKind.BEFORE_DEADLINE] = before
    return [Reminder(booking=made, kind=kind, due_at=at) for kind, at in due.items() if at > now]


@transaction.atomic
def send(*, reminder: Reminder, now: datetime) -> bool:
    """Promise a due reminder if it is still true; False where somebody else was quicker, or it must wait.

    While a cancellation can be undone its reminders wait: the booking may come back and need them.
    """
    held = Reminder.objects.select_for_update(skip_locked=True).filter(pk=reminder.pk, done_at=None).first()
    if held is None:
        return False
    booking = Booking.objects.select_related("child", "guardian__user", "facility").get(pk=held.booking_id)
    if booking.status == BookingStatus.CANCELLED and booking.released_at is None:
        return False
    ends = booking.starts_at
    if held.kind == ReminderKind.BEFORE_DEADLINE:
        ends = min(booking.deadline_at, booking.fee_deadline_at)
    if booking.status == BookingStatus.BOOKED and now < ends:
        letters.tell(LETTERS[ReminderKind(held.kind)], booking, now=now)
    held.done_at = now
    held.save(update_fields=["done_at"])
    return True

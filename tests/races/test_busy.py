"""Who waits for a lock too long is told to come back, keeps nothing, and may send the same request again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.urls import reverse

from daredemo.booking.models import Booking, OpenedDay
from daredemo.notifications.models import Message
from tests import make

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.usefixtures("standing_clock"),
]  # fmt: skip


@contextmanager
def somebody_holds(day: OpenedDay) -> Iterator[None]:
    """Another connection keeps the day's row for the length of the block."""
    held, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            OpenedDay.objects.select_for_update().get(pk=day.pk)
            held.set()
            enough.wait(120)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(120)
    try:
        yield
    finally:
        enough.set()
        holder.join()


def test_a_day_that_is_held_too_long_is_503_and_the_same_key_books_afterwards() -> None:
    family, facility = make.family(), make.facility()
    make.accepted(family.child, facility)
    day = make.opened(facility, make.at("2026-04-13 00:00").date())
    browser = make.browser(family.user)
    browser.raise_request_exception = False
    to = reverse("guardian:book_check", args=[facility.pk])
    wish = {
        "child": family.child.pk, "day": "2026-04-13", "start": "9:00", "minutes": 120,
        "request_key": uuid4(), "agreed": make.policy().pk,  # type: ignore[union-attr]
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    with somebody_holds(day):
        answer = browser.post(to, wish)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert not Booking.objects.exists()
    assert not Message.objects.filter(kind="booked").exists()
    assert browser.post(to, wish).status_code == 302
    assert Booking.objects.get().request_key == wish["request_key"]
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")

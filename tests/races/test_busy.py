"""Who waits for a lock too long is told to come back, keeps nothing, and may send the same request again."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daredemo.booking.models import Booking, OpenedDay
from daredemo.notifications.models import Message
from tests import make

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.usefixtures("standing_clock"),
]  # fmt: skip


@contextmanager
def somebody_holds(day: OpenedDay) -> Iterator[threading.Event]:
    """Another connection keeps the day's row for the length of the block, or until it has enough."""
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
        yield enough
    finally:
        enough.set()
        holder.join()


@dataclass
class Wanting:
    """A family about to press the button of a check page."""

    day: OpenedDay
    browser: Client
    to: str
    wish: dict[str, Any]

    def press(self) -> HttpResponse:
        return self.browser.post(self.to, self.wish)  # type: ignore[return-value]


@pytest.fixture
def wanting() -> Wanting:
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
    return Wanting(day, browser, to, wish)


@contextmanager
def waiting_no_longer_than(milliseconds: int) -> Iterator[None]:
    """As the web's own connections are told; 0 is for ever."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {milliseconds}")
        yield
        cursor.execute("RESET lock_timeout")


def test_a_day_that_is_held_too_long_is_503_and_the_same_key_books_afterwards(wanting: Wanting) -> None:
    with waiting_no_longer_than(200), somebody_holds(wanting.day):
        answer = wanting.press()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert not Booking.objects.exists()
    assert not Message.objects.filter(kind="booked").exists()
    assert wanting.press().status_code == 302
    assert Booking.objects.get().request_key == wanting.wish["request_key"]


def test_control_without_the_timeout_the_family_waits_as_long_as_it_is_held(wanting: Wanting) -> None:
    with waiting_no_longer_than(0), somebody_holds(wanting.day) as enough:
        began, let_go = time.monotonic(), threading.Timer(1.5, enough.set)
        let_go.start()
        answer = wanting.press()
        waited = time.monotonic() - began
    assert (answer.status_code, waited > 1.4) == (302, True)

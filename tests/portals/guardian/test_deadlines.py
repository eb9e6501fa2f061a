"""The deadline, on forty dates where it is easily wrong, wherever a family reads it.

What is right is counted here anew: noon of the last day before the visit on which the city's office is open.
"""

from datetime import date, datetime, timedelta
from uuid import uuid4

import jpholiday
import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from daredemo.booking.models import Booking
from daredemo.config import clock
from daredemo.languages.words import deadline_words, jinstant
from daredemo.notifications import mails
from daredemo.notifications.models import Message
from daredemo.rules.hours import JST
from tests import make
from tests.journeys import ux

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

AFTER_HOLIDAYS = ["2026-05-07", "2026-05-08", "2026-07-21", "2026-08-12", "2026-09-24", "2026-09-25"]
AFTER_HOLIDAYS += ["2026-10-13", "2026-11-04", "2026-11-24", "2027-01-12", "2027-02-12", "2027-02-24"]
AFTER_HOLIDAYS += ["2027-03-23", "2027-04-30", "2027-05-06", "2027-05-07"]
OVER_NEW_YEAR = ["2026-12-25", "2026-12-28", "2027-01-04", "2027-01-05", "2027-01-06"]
MONDAYS = ["2026-05-11", "2026-06-01", "2026-06-29", "2026-08-03", "2026-08-31", "2026-10-05", "2026-11-30"]
MONDAYS += ["2027-02-01", "2027-03-01", "2027-03-29", "2027-05-31"]
OF_MONTHS = ["2026-06-30", "2026-07-01", "2026-08-10", "2026-10-01", "2026-12-01", "2027-02-10", "2027-03-31"]
OF_MONTHS += ["2027-04-01"]
DATES = [*AFTER_HOLIDAYS, *OVER_NEW_YEAR, *MONDAYS, *OF_MONTHS]


def is_open(day: date) -> bool:
    new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not jpholiday.is_holiday(day) and not new_year


def noon_before(day: date) -> datetime:
    while True:
        day -= timedelta(days=1)
        if is_open(day):
            return datetime(day.year, day.month, day.day, 12, tzinfo=JST)


def window(day: date) -> datetime:
    """When the month is open for booking since a day."""
    month = day.replace(day=1) - timedelta(days=1)
    return datetime(month.year, month.month, 2, 10, tzinfo=JST)


def test_forty_dates_are_days_of_use() -> None:
    assert len(set(DATES)) == len(DATES) == 40
    assert noon_before(date(2026, 4, 13)) == datetime(2026, 4, 10, 12, tzinfo=JST)
    assert noon_before(date(2027, 1, 4)) == datetime(2026, 12, 28, 12, tzinfo=JST)


@pytest.mark.parametrize("text", DATES)
def test_everywhere_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    day = date.fromisoformat(text)
    right, now = noon_before(day), window(day)
    monkeypatch.setattr(clock, "_source", lambda path: lambda: now)
    family = make.family(born=date(2025, 6, 20))
    facility = make.facility()
    make.accepted(family.child, facility)
    make.opened(facility, day)
    browser = make.browser(family.user)
    said = deadline_words(right)

    query = f"?child={family.child.pk}&day={day}&start=9:00&minutes=60"
    choosing = reverse("guardian:book", args=[facility.pk])
    checking = reverse("guardian:book_check", args=[facility.pk])
    assert says(browser, choosing + query, said)
    assert says(browser, checking + query, said)
    wish = {"child": family.child.pk, "day": str(day), "start": "9:00", "minutes": 60, "request_key": uuid4()}
    done = browser.post(checking, wish).headers["Location"]
    booking = Booking.objects.get()
    assert min(booking.deadline_at, booking.fee_deadline_at) == right
    for page in (done, reverse("guardian:home"), reverse("guardian:booking", args=[booking.pk])):
        assert says(browser, page, said), page
    assert says(browser, reverse("guardian:cancel", args=[booking.pk]), said)

    _, mail = mails.words(Message.objects.get(kind="booked"), now)
    assert jinstant(right) in mail
    entry = Calendar.from_ical(browser.get(reverse("guardian:booking_ics", args=[booking.pk])).content)
    (event,) = entry.walk("VEVENT")
    assert said in str(event["description"])
    ux.told(9, True, day)


def says(browser: Client, address: str, words: str) -> bool:
    return words in browser.get(address).content.decode()

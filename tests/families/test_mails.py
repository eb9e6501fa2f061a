"""A message about a child: who reads it, and who does not."""

from datetime import timedelta

import pytest

from daredemo.accounts import actions as accounts
from daredemo.booking import actions as bookings
from daredemo.notifications import actions as notifications
from daredemo.notifications import mails
from daredemo.notifications.models import Channel, Message, Status
from tests import make
from tests.families.inviting import NOW, PASSWORD, invite, letter, read_by, token_of, told

pytestmark = pytest.mark.django_db


def test_both_guardians_get_the_mail_in_one_copy_each_and_a_helper_does_not() -> None:
    family, facility = make.family(), make.facility()
    second = make.let_in(family, email=family.user.email)
    make.let_in(family, "proxy", given_name="そぼ")
    made = make.booking(family, facility, "2026-04-13 09:00")
    told(NOW)
    told(NOW)
    assert read_by("booked", made.pk) == {family.user.pk, second.user_id}
    assert Message.objects.filter(kind="booked").count() == 2
    assert len({one.message_id for one in Message.objects.filter(kind="booked")}) == 2
    Message.objects.filter(kind="booked").update(queued_at=NOW - timedelta(hours=1))
    notifications.requeue(now=NOW)
    told(NOW)
    assert Message.objects.filter(kind="booked").count() == 2


def test_who_has_not_come_in_yet_is_mailed_nothing_about_the_child() -> None:
    family, facility = make.family(), make.facility()
    waiting = invite(family).guardian
    made = make.booking(family, facility, "2026-04-13 09:00")
    told(NOW)
    assert read_by("booked", made.pk) == {family.user.pk}
    accounts.set_password(portal="guardian", token=token_of(letter()), password=PASSWORD, now=NOW)
    later = make.booking(family, facility, "2026-04-14 09:00")
    told(NOW)
    assert read_by("booked", later.pk) == {family.user.pk, waiting.user_id}


def test_what_is_withdrawn_before_it_left_is_withdrawn_for_both() -> None:
    family, facility = make.family(), make.facility()
    make.let_in(family)
    made = make.booking(family, facility, "2026-04-13 09:00")
    told(NOW)
    bookings.cancel(booking=made, by=family.user, now=NOW)
    bookings.undo_cancel(booking=made, by=family.user, now=NOW + timedelta(minutes=1))
    told(NOW + timedelta(hours=1))
    assert read_by("booking_cancelled", made.pk) == set()


def test_the_calendar_entry_names_its_own_reader_only() -> None:
    family, facility = make.family(), make.facility()
    make.let_in(family)
    make.booking(family, facility, "2026-04-13 09:00")
    told(NOW)
    for message in Message.objects.filter(kind="booked"):
        entry = mails.compose(message, NOW).attachments[0]
        text = str(entry.content).replace("\r\n ", "")
        assert f"mailto:{message.address}" in text
        other = {"taro@example.jp", family.user.email} - {message.address}
        assert other.pop() not in text


def test_the_second_is_mailed_though_the_first_is_to_be_telephoned() -> None:
    family, facility = make.family(), make.facility()
    accounts.change_email(user=family.user, email="", by=family.user, now=NOW)
    family.user.refresh_from_db()
    second = make.let_in(family)
    made = make.booking(family, facility, "2026-04-13 09:00")
    told(NOW)
    told(NOW)
    assert read_by("booked", made.pk) == {second.user_id}
    call = Message.objects.get(kind="booked", channel=Channel.PHONE)
    assert call.status == Status.PROMISED

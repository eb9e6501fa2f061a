"""The mailed link opens an application once, for a day from when the mail server took the mail."""

from datetime import datetime, timedelta

import pytest

from daredemo.certification.actions import invitations
from daredemo.certification.models import Application, Invitation
from daredemo.municipalities import queries as municipalities
from daredemo.notifications.models import Message, Status
from daredemo.rules.refusal import Reason, Refused
from tests import make
from tests.certification import making

pytestmark = pytest.mark.django_db
NOW = make.NOW
DAY = timedelta(hours=24)


def invite(now: datetime = NOW, email: str = "hanako@example.jp") -> Invitation:
    return invitations.invite(municipality=make.municipality(), email=email, language="ja", now=now)


def opened(token: str, now: datetime) -> Reason | Application:
    try:
        return invitations.open_link(token=token, now=now)
    except Refused as no:
        return no.reason


def test_the_mail_carries_the_link_and_nothing_else_of_the_family() -> None:
    message = Message.objects.get(pk=str(invite().message_id))
    assert message.kind == "invitation"
    assert message.address == "hanako@example.jp"
    assert message.context.keys() == {"url", "municipality"}


def test_the_clock_starts_when_the_mail_server_took_the_mail() -> None:
    sent = invite()
    making.hand_over(sent, NOW + timedelta(hours=3))
    token = making.token_of(sent)
    assert isinstance(opened(token, NOW + timedelta(hours=3) + DAY), Application)


def test_a_second_later_it_has_expired() -> None:
    sent = invite()
    making.hand_over(sent, NOW)
    late = NOW + DAY + timedelta(seconds=1)
    assert opened(making.token_of(sent), late) == Reason.LINK_EXPIRED
    assert Application.objects.count() == 0


def test_a_mail_that_nobody_took_yet_does_not_age() -> None:
    assert isinstance(opened(making.token_of(invite()), NOW + timedelta(days=9)), Application)


def test_it_opens_once() -> None:
    token = making.token_of(invite())
    opened(token, NOW)
    assert opened(token, NOW) == Reason.LINK_USED
    assert Application.objects.count() == 1


def test_a_new_link_ends_the_old_one_and_an_unsent_mail_is_withdrawn() -> None:
    first = invite()
    token = making.token_of(first)
    second = invite(NOW + timedelta(minutes=1))
    assert opened(token, NOW + timedelta(minutes=2)) == Reason.LINK_USED
    assert Message.objects.get(pk=str(first.message_id)).status == Status.WITHDRAWN
    assert isinstance(opened(making.token_of(second), NOW + timedelta(minutes=2)), Application)


def test_a_link_resent_leads_back_to_the_same_application() -> None:
    sent = invite()
    application = opened(making.token_of(sent), NOW)
    sent.refresh_from_db()
    again = invitations.resend(invitation=Invitation.objects.get(pk=sent.pk), now=NOW + timedelta(days=3))
    assert opened(making.token_of(again), NOW + timedelta(days=3)) == application


def test_an_unknown_link_says_so() -> None:
    assert opened("x" * 43, NOW) == Reason.LINK_UNKNOWN


def test_before_the_opening_day_nobody_is_invited() -> None:
    with pytest.raises(Refused) as no:
        invite(make.at("2026-02-15 23:59"))
    assert no.value.reason == Reason.BEFORE_OPENING
    assert no.value.facts["opens_on"].isoformat() == "2026-02-16"  # type: ignore[attr-defined]


def test_from_midnight_of_the_opening_day_it_works() -> None:
    assert invite(make.at("2026-02-16 00:00"))


def test_a_municipality_that_is_not_served_invites_nobody() -> None:
    elsewhere = municipalities.municipality("131016")
    with pytest.raises(Refused) as no:
        invitations.invite(municipality=elsewhere, email="a@example.jp", language="ja", now=NOW)
    assert no.value.reason == Reason.CITY_NOT_SERVED


def test_the_sixth_mail_of_an_hour_to_one_address_is_refused() -> None:
    for minute in range(5):
        invite(NOW + timedelta(minutes=minute))
    with pytest.raises(Refused) as no:
        invite(NOW + timedelta(minutes=6))
    assert no.value.facts == {"again_at": NOW + timedelta(hours=1)}
    assert invite(NOW + timedelta(minutes=61))


def test_number_and_address_bring_one_back_however_they_are_typed() -> None:
    application = making.draft()
    typed = f"{application.number[:4].lower()} {application.number[4:]}"
    invitations.come_back(number=typed, email="HANAKO@example.jp", now=NOW)
    again = Invitation.objects.get(application=application, used_at=None)
    assert opened(making.token_of(again), NOW) == application


@pytest.mark.parametrize(
    ("number", "email"), [("A000000000", "hanako@example.jp"), ("right", "other@example.jp"), ("", "")]
)
def test_a_wrong_number_or_address_sends_nothing(number: str, email: str) -> None:
    application = making.draft()
    invitations.come_back(number=application.number if number == "right" else number, email=email, now=NOW)
    assert Message.objects.count() == 1

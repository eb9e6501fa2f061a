"""A family's mail speaks the family's language; the nursery's, of the same booking, Japanese."""

import re

import pytest
from django.utils import translation

from daredemo.languages import spoken
from daredemo.notifications import mails, sharing
from daredemo.notifications.kinds import KINDS
from daredemo.notifications.models import Message
from tests import make

pytestmark = pytest.mark.django_db
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ]")
LATIN = ("en", "pt-br", "vi", "tl")
FOR_STAFF = {"asked_together", "booking_asked", "conflict_opened", "family_told", "staff_login"}


def said(message: Message) -> str:
    subject, text = mails.words(message, message.created_at)
    return f"{subject}\n{text}"


@pytest.mark.parametrize("code", LATIN)
@pytest.mark.parametrize("kind", sorted(KINDS.keys() - FOR_STAFF))
def test_no_sentence_of_a_mail_is_left_in_japanese(code: str, kind: str, now) -> None:  # type: ignore[no-untyped-def]
    """What stands there in Japanese was handed to the mail: a name, or words that somebody wrote."""
    told = {name: _latin(value) for name, value in KINDS[kind].example.items()}
    message = Message(kind=kind, language=code, address="a@example.jp", context=told, created_at=now)
    text = re.sub(r"[「(][^」)]*[」)]", "", said(message))
    assert [line for line in text.splitlines() if JAPANESE.search(line)] == []


def _latin(value: object) -> object:
    """The example without its Japanese."""
    if isinstance(value, list):
        return [_latin(one) for one in value]
    if isinstance(value, dict):
        return {name: _latin(inner) for name, inner in value.items()}
    return JAPANESE.sub("x", value) if isinstance(value, str) else value


def booked(language: str) -> Message:
    """The mail about a booking, to a family that reads this language; whoever acts reads another one."""
    family = make.family()
    family.user.language = language
    family.user.save()
    with translation.override("vi"):
        make.booking(family, make.facility(), "2026-04-13 09:00")
    return Message.objects.get(kind="booked")


def test_when_and_until_are_said_in_the_language_of_the_reader() -> None:
    message = booked("pt-br")
    text = said(message)
    assert "seg, 13 de abril de 2026, 9:00〜10:00" in text
    assert "¥300" in text
    copy = sharing.copy(message, make.family().user, message.created_at)
    assert "2026年4月13日(月)9:00〜10:00" in said(copy)


def test_readings_stand_in_the_html_of_a_mail_and_not_in_its_text() -> None:
    message = booked(spoken.READ_ALOUD)
    mail = mails.compose(message, message.created_at)
    assert "](" not in mail.subject + str(mail.body)
    html = str(mail.alternatives[0][0])
    assert "<rt>よやく</rt>" in html
    assert "](" not in html

"""A family's mail speaks the family's language; the nursery's, of the same booking, Japanese."""

import re

import pytest
from django.utils import translation

from daredemo.booking import letters
from daredemo.languages import spoken
from daredemo.notifications import mails
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


def test_when_and_until_are_said_in_the_language_of_the_account() -> None:
    booking = make.booking(make.family(), make.facility(), "2026-04-13 09:00")
    booking.guardian.user.language = "pt-br"
    booking.guardian.user.save()
    with translation.override("vi"):  # whoever acts may read another language
        message = letters.tell("booked", booking, now=booking.created_at)
    told = message.context
    assert " de " in str(told["when"])
    assert str(told["yen"]).startswith("¥")
    assert not JAPANESE.search(f"{told['when']}{told['until']}{told['hours']}")
    assert message.language == "pt-br"


def test_readings_stand_in_the_html_of_a_mail_and_not_in_its_text() -> None:
    booking = make.booking(make.family(), make.facility(), "2026-04-13 09:00")
    booking.guardian.user.language = spoken.READ_ALOUD
    booking.guardian.user.save()
    message = letters.tell("booked", booking, now=booking.created_at)
    mail = mails.compose(message, message.created_at)
    assert "](" not in mail.subject + str(mail.body)
    html = str(mail.alternatives[0][0])
    assert "<rt>よやく</rt>" in html
    assert "](" not in html

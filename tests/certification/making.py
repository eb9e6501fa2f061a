"""Applications for these tests: what an applicant would have typed, filled in where it does not matter."""

from datetime import date, datetime
from typing import Any

from daredemo.certification.actions import drafts, invitations, screening
from daredemo.certification.models import Application, Decision, Invitation
from daredemo.municipalities.models import Officer
from daredemo.notifications.models import Message, Status
from tests import make

EXAMPLE = date(2024, 4, 10)  # the leaflet's own: 令和6年4月10日
ANSWERS: dict[str, Any] = {
    "family_name": "掛川",
    "given_name": "花子",
    "family_kana": "かけがわ",
    "given_kana": "はなこ",
    "relation": "mother",
    "phone": "09012345678",
    "post_code": "4368650",
    "address": "静岡県掛川市長谷",
    "street": "一丁目1番地の1",
    "reduction": "none",
    "notice": "screen",
}
CHILD: dict[str, Any] = {
    "family_name": "掛川",
    "given_name": "ひなた",
    "family_kana": "かけがわ",
    "given_kana": "ひなた",
    "born": EXAMPLE,
    "enrolment": "none",
}


def token_of(invitation: Invitation) -> str:
    """The token that travels in the mail."""
    message = invitation.message
    assert message is not None
    return str(message.context["url"]).split("/")[2]


def hand_over(invitation: Invitation, at: datetime) -> None:
    """The mail server took it."""
    Message.objects.filter(pk=str(invitation.message_id)).update(status=Status.HANDED_OVER, handed_over_at=at)


def draft(*, now: datetime = make.NOW, email: str = "hanako@example.jp") -> Application:
    """A draft just opened from its link."""
    sent = invitations.invite(municipality=make.municipality(), email=email, language="ja", now=now)
    return invitations.open_link(token=token_of(sent), now=now)


def filled(
    *, now: datetime = make.NOW, email: str = "hanako@example.jp", children: int = 1, **answers: Any
) -> Application:
    """A draft with every answer given. `child`: answers that differ for its children."""
    child = {**CHILD, **answers.pop("child", {})}
    made = draft(now=now, email=email)
    drafts.save(application=made, by=None, now=now, **{**ANSWERS, "agreed_at": now, **answers})
    for position in range(1, children + 1):
        if position > 1:
            drafts.add_child(application=made, by=None, now=now)
        names = child if position == 1 else {**child, "given_name": f"ふたごの{position}"}
        drafts.save_child(application=made, position=position, by=None, now=now, **names)
    return Application.objects.get(pk=made.pk)


def submitted(*, now: datetime = make.NOW, **answers: Any) -> Application:
    return drafts.submit(application=filled(now=now, **answers), by=None, now=now)


def certify(
    application: Application, officer: Officer, *, position: int = 1, now: datetime = make.NOW, **words: str
) -> Decision:
    fresh = Application.objects.get(pk=application.pk)
    given = {"amber_reason": "", "reduction": "", "reduction_reason": "", **words}
    return screening.certify(
        application=fresh, version=fresh.version, position=position, officer=officer, now=now, **given
    )


def decline(
    application: Application, officer: Officer, *, position: int = 1, now: datetime = make.NOW
) -> Decision:
    fresh = Application.objects.get(pk=application.pk)
    return screening.decline(
        application=fresh,
        version=fresh.version,
        position=position,
        article="子ども・子育て支援法",
        reason="認可保育所に在園しているため",
        possible="退園したあとは申請できます。",
        officer=officer,
        now=now,
    )

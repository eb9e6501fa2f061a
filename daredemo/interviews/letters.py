"""What a family is told on the way to an interview and after it."""

from datetime import datetime

from django.conf import settings

from daredemo.interviews.models import ChildOutcome, Interview, InterviewChild
from daredemo.notifications import actions as notifications
from daredemo.notifications import kinds

EXAMPLE: dict[str, object] = {
    "facility": "ひだまりこども園",
    "phone": "0537-00-0000",
    "when": "2026年4月7日(火)10:00",
    "words": "",
    "url": "/interviews/1/",
}
KINDS = ("interview_requested", "interview_proposed", "interview_confirmed")
OUTCOMES = {ChildOutcome.ACCEPTED: "interview_accepted", ChildOutcome.DECLINED: "interview_declined"}


def register() -> None:
    """Make the kinds known; called once when the app is ready."""
    for kind in KINDS:
        kinds.register(kind, example=EXAMPLE)
    for kind in OUTCOMES.values():
        kinds.register(kind, example={**EXAMPLE, "child": "ひなた", "reason": ""})


def promise(kind: str, interview: Interview, *, now: datetime, **more: object) -> None:
    """Promise one message about an interview to the family that asked for it."""
    from daredemo.rules import words

    user = interview.guardian.user
    notifications.promise(
        kind=kind,
        to=user,
        address=user.email,
        language=user.language,
        context={
            "facility": interview.facility.name,
            "phone": interview.facility.phone,
            "when": words.moment_words(interview.time.starts_at),
            "words": interview.words,
            "url": f"{settings.PUBLIC_URL}/interviews/{interview.pk}/",
            **more,
        },
        now=now,
    )


def tell_outcome(child: InterviewChild, *, now: datetime) -> None:
    """Tell the family what came out for one child; a correction is told anew."""
    kind = OUTCOMES.get(ChildOutcome(child.outcome))
    if kind is not None:
        interview = Interview.objects.select_related("facility", "time", "guardian__user").get(pk=child.interview_id)
        promise(kind, interview, now=now, child=child.child.called, reason=child.reason)

"""What a family is told on the way to an interview and after it."""

from datetime import datetime

from django.conf import settings

from daredemo.families import telling
from daredemo.interviews.models import ChildOutcome, Interview, InterviewChild
from daredemo.languages import spoken, words
from daredemo.municipalities import queries as municipalities
from daredemo.notifications import actions as notifications
from daredemo.notifications import kinds
from daredemo.notifications.sharing import ABOUT

EXAMPLE: dict[str, object] = {
    "facility": "ひだまりこども園",
    "phone": "0537-00-0000",
    "when": "2026年4月7日(火)10:00〜10:30",
    "words": "",
    "url": "/interviews/1/",
}
KINDS = ("interview_requested", "interview_proposed", "interview_confirmed", "interview_passed")
OUTCOMES = {ChildOutcome.ACCEPTED: "interview_accepted", ChildOutcome.DECLINED: "interview_declined"}


def register() -> None:
    """Make the kinds known; called once when the app is ready."""
    for kind in KINDS:
        kinds.register(kind, example=EXAMPLE)
    kinds.register("interview_accepted", example={**EXAMPLE, "child": "ひなた"})
    declined = {"child": "ひなた", "reason": "場所または職員が足りない", "office": "掛川市 こども政策課"}
    kinds.register("interview_declined", example={**EXAMPLE, **declined})


def promise(kind: str, interview: Interview, *, now: datetime, **more: object) -> None:
    """Promise one message about an interview to the family that asked for it."""
    user = interview.guardian.user
    children = [one.child for one in interview.children.select_related("child")]
    facility = telling.place(interview.facility, children)
    notifications.promise(
        kind=kind,
        to=user,
        address=user.email,
        language=user.language,
        context={
            "facility": facility.name,
            "phone": facility.phone,
            "when": words.later(words.jwhen, interview.time.starts_at, interview.time.ends_at),
            "words": interview.words,
            "url": f"{settings.PUBLIC_URL}/interviews/{interview.pk}/",
            ABOUT: [str(child.pk) for child in children],
            **more,
        },
        now=now,
    )


def tell_outcome(child: InterviewChild, *, now: datetime) -> None:
    """Tell the family what came out for one child; a correction is told anew."""
    related = Interview.objects.select_related("facility__municipality", "time", "guardian__user")
    interview = related.get(pk=child.interview_id)
    about: dict[str, object] = {ABOUT: [str(child.child_id)]}
    if child.outcome == ChildOutcome.ACCEPTED:
        promise("interview_accepted", interview, now=now, child=child.child.called, **about)
    if child.outcome == ChildOutcome.DECLINED:
        with spoken.to(spoken.DEFAULT):
            ground = str(child.get_ground_display())
        reason = words.later(words.because, ground, child.reason)
        told: dict[str, object] = {
            "child": child.child.called,
            "reason": reason,
            "office": office_words(interview),
        }
        promise("interview_declined", interview, now=now, **about, **told)


def office_words(interview: Interview) -> str:
    """Where a family can complain (苦情窓口): the office of the facility's municipality, with its number."""
    town = interview.facility.municipality
    programme = municipalities.programme_of(town.code)
    parts = (town.name, programme.office, programme.phone) if programme else (town.name,)
    return " ".join(filter(None, parts))

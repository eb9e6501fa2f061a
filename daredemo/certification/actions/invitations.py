"""The mailed link (申請URL): send it, open it once, send it anew."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from daredemo.audit import actions as audit
from daredemo.certification import numbers, queries
from daredemo.certification.models import Application, ApplicationStatus, Channel, Invitation
from daredemo.families.models import Guardian
from daredemo.municipalities import queries as municipalities
from daredemo.municipalities.models import Municipality, Step
from daredemo.notifications import actions as notifications
from daredemo.rules.hours import day_of
from daredemo.rules.refusal import Reason, Refused
from daredemo.sealed.index import blind
from daredemo.sealed.tokens import hash_token, make_token

PER_HOUR = 5  # so many links to one address in an hour; more would be a nuisance to its owner
HOUR = timedelta(hours=1)


@transaction.atomic
def invite(
    *,
    municipality: Municipality,
    email: str,
    language: str,
    now: datetime,
    application: Application | None = None,
) -> Invitation:
    """Mail a link (利用申請URL) that opens a new application, or the one given; the older link ends.

    Raises CITY_NOT_SERVED, BEFORE_OPENING, or TOO_MANY_TRIES for more than five an hour to one address.
    """
    if application is None:
        municipalities.require_open(municipality.code, Step.APPLICATIONS, day_of(now))
    index = blind(email, "email")
    lately = Invitation.objects.filter(email_index=index, created_at__gt=now - HOUR).order_by("-created_at")
    sent = list(lately.values_list("created_at", flat=True)[:PER_HOUR])
    if len(sent) == PER_HOUR:
        raise Refused(Reason.TOO_MANY_TRIES, again_at=sent[-1] + HOUR)
    _supersede(index, municipality, application, now)
    token = make_token()
    message = notifications.promise(
        kind="invitation",
        to=None,
        address=email,
        language=language,
        context={"url": f"/apply/{token}/", "municipality": municipality.name},
        now=now,
    )
    made = Invitation(
        municipality=municipality,
        application=application,
        email=email,
        email_index=index,
        language=language,
        token_hash=hash_token(token),
        message=message,
        created_at=now,
    )
    made.save(force_insert=True)
    audit.record(by=None, actor="applicant", action="invitation.send", subject=made, now=now)
    return made


def _supersede(
    index: str, municipality: Municipality, application: Application | None, now: datetime
) -> None:
    older = Invitation.objects.filter(
        email_index=index,
        municipality=municipality,
        application=application,
        superseded_at=None,
        used_at=None,
    )
    for old in older.select_for_update(of=("self",)).select_related("message"):
        if old.message is not None:
            notifications.withdraw(message=old.message, now=now)
    older.update(superseded_at=now)


@transaction.atomic
def open_link(*, token: str, now: datetime) -> Application:
    """Use the link, once: a new draft, or the application that it leads back to.

    Raises LINK_UNKNOWN, LINK_EXPIRED or LINK_USED (also for one that a newer link has ended).
    """
    found = Invitation.objects.select_for_update(of=("self",)).filter(token_hash=hash_token(token))
    invitation = found.select_related("municipality", "message", "application").first()
    if invitation is None:
        raise Refused(Reason.LINK_UNKNOWN)
    link, expires_at = queries.state_of(invitation, now)
    if link == queries.Link.EXPIRED:
        raise Refused(Reason.LINK_EXPIRED, expired_at=expires_at)
    if link != queries.Link.GOOD:
        raise Refused(Reason.LINK_USED, used_at=invitation.used_at or invitation.superseded_at)
    application = invitation.application or _draft(
        municipality=invitation.municipality,
        email=invitation.email,
        language=invitation.language,
        now=now,
    )
    Invitation.objects.filter(pk=invitation.pk).update(used_at=now, application=application)
    audit.record(by=None, actor="applicant", action="invitation.open", subject=application, now=now)
    return application


def resend(*, invitation: Invitation, now: datetime) -> Invitation:
    """A fresh link to the same address, for the same application if there is one."""
    return invite(
        municipality=invitation.municipality,
        email=invitation.email,
        language=invitation.language,
        application=invitation.application,
        now=now,
    )


def come_back(*, number: str, email: str, now: datetime) -> None:
    """Mail a fresh link to whoever knows number and address; the caller never learns whether they match."""
    application = queries.remembered(number, email)
    if application is None or application.status == ApplicationStatus.WITHDRAWN:
        return
    try:
        invite(
            municipality=application.municipality,
            email=application.email,
            language=application.language,
            application=application,
            now=now,
        )
    except Refused as no:
        if no.reason != Reason.TOO_MANY_TRIES:
            raise


@transaction.atomic
def begin_as(*, guardian: Guardian, municipality: Municipality, now: datetime) -> Application:
    """A known guardian, logged in, applies for another child: no mail, the own answers filled in.

    A draft already begun is gone on with.
    """
    municipalities.require_open(municipality.code, Step.APPLICATIONS, day_of(now))
    Guardian.objects.select_for_update().get(pk=guardian.pk)
    unfinished = Q(status=ApplicationStatus.DRAFT, municipality=municipality)
    begun = Application.objects.filter(unfinished, guardian=guardian).first()
    if begun is not None:
        return begun
    known = {
        name: getattr(guardian, name)
        for name in (
            "family_name",
            "given_name",
            "family_kana",
            "given_kana",
            "relation",
            "phone",
            "post_code",
        )
    }
    made = _draft(
        municipality=municipality,
        email=guardian.user.email,
        language=guardian.user.language,
        now=now,
        guardian=guardian,
        **known,
    )
    audit.record(by=guardian.user, action="application.begin", subject=made, now=now)
    return made


def _draft(
    *, municipality: Municipality, email: str, language: str, now: datetime, **known: object
) -> Application:
    made = Application(
        number=numbers.application_number(),
        municipality=municipality,
        status=ApplicationStatus.DRAFT,
        channel=Channel.WEB,
        language=language,
        email=email,
        email_index=blind(email, "email"),
        created_at=now,
        saved_at=now,
        **known,
    )
    made.save(force_insert=True)
    made.children.create(position=1)
    return made

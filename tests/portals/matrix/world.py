"""One small world for all walks: two families, three facilities, two cities, everything on its way.

Home is 掛川市, with `family` and `facility`. `things` are what an address may speak of: name → the values in
the address. All of them belong to home, unless their name says otherwise.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from daredemo.accounts import actions as accounts
from daredemo.accounts.models import Portal, User
from daredemo.attendance.actions import staff as desk
from daredemo.attendance.models import Proposal, ProposalKind
from daredemo.booking import actions as bookings
from daredemo.booking.models import Booking
from daredemo.certification.actions import drafts, enacting, invitations, proofs
from daredemo.certification.models import Application
from daredemo.demo import mailbox
from daredemo.facilities import actions as facilities
from daredemo.facilities.models import Approval, Facility, Member, Role
from daredemo.families import actions as families
from daredemo.families.models import Consent, ConsentKind
from daredemo.interviews import actions as interviews
from daredemo.interviews.models import Interview
from daredemo.municipalities.models import Officer
from daredemo.rules import codes
from tests import make
from tests.certification import making
from tests.portals.matrix import relatives, rostering
from tests.portals.matrix.given import CANARIES, CARE, MAIL, PASSKEY, PASSWORD, PICTURE

NOW, TODAY = make.NOW, make.TODAY
AWAY = "142182"  # 綾瀬市
BOOKED = make.at("2026-03-23 09:00")
NEXT_WEEK, FULL, WAITED, KEPT = (date(2026, 4, day) for day in (13, 21, 22, 23))


@dataclass
class World:
    family: make.Family
    others: make.Family
    facility: Facility
    near: Facility
    far: Facility
    people: dict[str, User] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)


def build() -> World:
    """Everything in its place; the clock stands at `NOW`."""
    for code in (make.KAKEGAWA, AWAY):
        make.municipality(code)
    world = World(
        family=make.family(children=4),
        others=make.family(),
        facility=make.facility(window_closes_hours=0, approval=Approval.INSTANT),
        near=make.facility(name="あさひ保育園", kana="あさひほいくえん"),
        far=make.facility(city=AWAY, name="みなみ保育園", kana="みなみほいくえん", published_at=None),
    )
    for part in (people, family, facility, talks, booked, lines, rostering.staffed, applying, links, demo):
        part(world)
    return world


def thing(world: World, name: str, **values: Any) -> None:
    world.things[name] = values


def people(world: World) -> None:
    """Everyone has a password; second factors are set up where an actor needs one."""
    by_role: dict[str, Member | Officer] = {
        "staff": make.member(world.facility, Role.STAFF, "職員 いちろう"),
        "manage": make.member(world.facility),
        "half": make.member(world.facility, name="園長 はんぶん"),
        "unset": make.member(world.facility, name="園長 はじめて"),
        "near": make.member(world.near),
        "far": make.member(world.far),
        "view": make.officer(role=Officer.Role.VIEWER),
        "screen": make.officer(role=Officer.Role.SCREENER),
        "decide": make.officer(role=Officer.Role.APPROVER),
        "admin": make.officer(role=Officer.Role.ADMIN),
        "away": make.officer(AWAY, Officer.Role.ADMIN),
    }
    world.people = {name: row.user for name, row in by_role.items()}
    world.people |= {"family": world.family.user, "others": world.others.user, "letter": make.guardian().user}
    relatives.let_in(world)
    for number, user in enumerate(world.people.values()):
        if user.portal == Portal.GUARDIAN:
            user.login_id = codes.login_id(123_456_789 + number)
        user.set_password(PASSWORD)
        user.save(update_fields=["password", "login_id"])
    RecoveryCodes.activate(world.people["manage"])


def family(world: World) -> None:
    """The family's own papers, browsers and records, and one of the other family's."""
    for whose in (world.family, world.others):
        guardian = whose.guardian
        guardian.address, guardian.phone = CANARIES["address"], CANARIES["phone"]
        guardian.save(update_fields=["address", "phone"])
        accounts.change_email(user=whose.user, email=CANARIES["email"], by=whose.user, now=NOW)
        whose.user.refresh_from_db()
        families.write_care_record(child=whose.child, by=whose.user, now=NOW, **CARE)
    guardian = world.family.guardian
    thing(world, "child", child_id=world.family.child.pk)
    thing(world, "child2", child_id=world.family.children[1].pk)
    thing(world, "certificate", certificate_id=world.family.child.certificates.get().pk)
    accounts.trust_device(user=guardian.user, label="iPhone Safari", now=NOW)
    thing(world, "device", device_id=guardian.user.devices.get().pk)
    thing(world, "feed", token=bookings.open_feed(guardian=guardian, by=guardian.user, now=BOOKED))
    again = invitations.begin_as(guardian=guardian, municipality=make.municipality(), now=NOW)
    thing(world, "application", application_id=again.pk)
    passkey = Authenticator.objects.create(
        user=guardian.user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "パスキー1", "credential": PASSKEY},
    )
    thing(world, "passkey", pk=passkey.pk)


def facility(world: World) -> None:
    """What the facility has said: extras, days off, times for interviews, a poster."""
    home, by = world.facility, world.people["manage"]
    world.facts["extra"] = facilities.add_extra(
        facility=home, name="おやつ代", yen=100, reason="おやつを出します", in_force_from=TODAY, by=by,
        now=BOOKED,
    )  # fmt: skip
    thing(world, "extra", extra_id=world.facts["extra"].pk)
    bookings.publish_days(facility=home, since=TODAY, until=date(2026, 5, 31), by=by, now=BOOKED)
    bookings.close_day(facility=home, day=date(2026, 4, 30), reason="職員研修", by=by, now=BOOKED)
    thing(world, "closure", closure_id=home.closures.get().pk)
    since, until = make.at("2026-04-28 13:00"), make.at("2026-04-28 15:00")
    bookings.close_hours(
        facility=home, starts_at=since, ends_at=until, reason="職員研修", by=by, now=BOOKED
    )  # fmt: skip
    thing(world, "closed_hours", hours_id=home.closed_hours.get().pk)
    code = facilities.issue_code(facility=home, by=by, now=BOOKED)
    thing(world, "code", token=code.token)
    thing(world, "facility", facility_id=home.pk)
    thing(world, "near", facility_id=world.near.pk)
    thing(world, "weekday", weekday=2)
    thing(world, "day", day=NEXT_WEEK)
    thing(world, "town", code=make.KAKEGAWA)
    for starts in ("2026-04-20 10:00", "2026-04-21 10:00"):
        world.facts.setdefault("free", []).append(make.interview_time(world.near, starts))
        free = make.interview_time(home, starts)
    thing(world, "time", time_id=free.pk)
    world.facts["proposal"] = free


def talks(world: World) -> None:
    """Interviews: one child of the family is known, one waits, one was offered a time, one was there."""
    one, two, three, four = world.family.children
    make.accepted(one, world.facility)
    make.accepted(world.others.child, world.facility)
    by = world.people["staff"]
    asked = ask(world, two, "2026-04-08 10:00")
    thing(world, "asked", interview_id=asked.pk)
    offered = ask(world, three, "2026-04-08 11:00")
    at = make.interview_time(world.facility, "2026-04-09 10:00")
    interviews.propose(interview=offered, time=at, words="この日なら", by=by, now=NOW)
    thing(world, "offered", interview_id=offered.pk)
    held = ask(world, four, "2026-04-06 09:00", now=make.at("2026-04-03 09:00"))
    interviews.confirm(interview=held, words="", by=by, now=make.at("2026-04-03 10:00"))
    thing(world, "held", interview_id=held.pk)
    thing(world, "outcome", interview_id=held.pk, row_id=held.children.get().pk)
    consent = Consent.objects.filter(child=two, facility=world.facility)[0]
    thing(world, "consent", consent_id=consent.pk)
    for whose in (world.family, world.others):
        families.give_consent(
            child=whose.child, facility=world.facility, kind=ConsentKind.RECORD, by=whose.user, now=NOW
        )
    first = Interview.objects.get(children__child=one)
    thing(world, "accepted", interview_id=first.pk)


def ask(world: World, child: Any, starts: str, *, now: datetime = NOW) -> Interview:
    children = [child]
    return make.interview(
        world.family, world.facility, starts, children=children, note=CANARIES["note"], now=now
    )


def booked(world: World) -> None:
    """Today's visits in the states a desk meets, next week's bookings in those a family meets."""
    by = world.people["staff"]
    here, to_come = (
        make.booking(world.family, world.facility, f"2026-04-06 {at}", minutes=120, now=BOOKED)
        for at in ("09:00", "13:00")
    )
    # Nobody has come yet at nine: it may be a no-show, or the child was here and is not written down.
    thing(world, "due", booking_id=here.pk)
    proposal = Proposal.objects.create(booking=here, kind=ProposalKind.NO_SHOW, proposed_at=NOW)
    thing(world, "noticed", booking_id=here.pk, proposal_id=proposal.pk)
    thing(world, "to_come", booking_id=to_come.pk)
    present = make.booking(world.others, world.facility, "2026-04-06 09:00", minutes=120, now=BOOKED)
    desk.receive(booking=present, by=by, now=make.at("2026-04-06 09:00"))
    thing(world, "present", booking_id=present.pk)
    soon = make.booking(world.family, world.facility, "2026-04-13 09:00", now=BOOKED)
    thing(world, "booking", booking_id=soon.pk)
    fresh = make.booking(world.family, world.facility, "2026-04-13 11:00", now=NOW - timedelta(minutes=2))
    thing(world, "fresh", booking_id=fresh.pk)
    dropped = make.booking(world.family, world.facility, "2026-04-14 09:00", now=BOOKED)
    thing(world, "request", booking_id=requested(world).pk)
    bookings.cancel(booking=dropped, by=world.family.user, now=NOW)
    thing(world, "dropped", booking_id=dropped.pk)
    thing(world, "of_others", booking_id=Booking.objects.filter(child=world.others.child).get().pk)


def lines(world: World) -> None:
    """Full days: one to wait for, one that the family waits for, one with a place kept for it."""
    days = world.facility.opened_days.filter(date__in=[FULL, WAITED, KEPT])
    days.update(day_ceiling=0)
    waited, kept = (
        bookings.join(
            guardian=world.family.guardian, child=world.family.child.pk, facility=world.facility.pk,
            since=make.at(f"{day} 09:00"), until=make.at(f"{day} 10:00"), minutes=60,
            by=world.family.user, now=BOOKED,
        )
        for day in (WAITED, KEPT)
    )  # fmt: skip
    days.filter(date=KEPT).update(day_ceiling=None)
    offer = bookings.offer_to(entry=kept, now=NOW)
    assert offer is not None
    thing(world, "waited", waiting_id=waited.pk)
    thing(world, "kept", offer_id=offer.pk)


def requested(world: World) -> Booking:
    """A request that waits for the facility's answer."""
    Facility.objects.filter(pk=world.facility.pk).update(approval=Approval.ON_REQUEST)
    world.facility.refresh_from_db()
    made = make.booking(world.family, world.facility, "2026-04-15 09:00", now=NOW - timedelta(minutes=1))
    Facility.objects.filter(pk=world.facility.pk).update(approval=Approval.INSTANT)
    world.facility.refresh_from_db()
    return made


def applying(world: World) -> None:
    """Applications of people without a login, in each state of the road."""
    answers: dict[str, Any] = {
        "address": CANARIES["address"],
        "street": CANARIES["street"],
        "phone": CANARIES["phone"],
    }
    draft = making.filled(email="draft@kanaria.example", children=2, **answers)
    proof = proofs.add_proof(application=draft, name=CANARIES["file"], data=PICTURE, by=None, now=NOW)
    thing(world, "proof", proof_id=proof.pk)
    thing(world, "position", position=2)
    strange = making.filled(email="strange@kanaria.example", **answers)
    other = proofs.add_proof(application=strange, name=CANARIES["file"], data=PICTURE, by=None, now=NOW)
    thing(world, "strange_proof", proof_id=other.pk)
    thing(world, "strange_application", application_id=strange.pk)
    told = making.submitted(now=BOOKED, email="told@kanaria.example", **answers)
    by = Officer.objects.get(user=world.people["decide"])
    making.decline(told, by, now=BOOKED)
    enacting.enact(application=told, now=BOOKED + timedelta(hours=1))
    world.applications = {"draft": draft, "told": told}
    waiting = making.filled(now=BOOKED, email="waiting@kanaria.example", **answers)
    seen = proofs.add_proof(application=waiting, name=CANARIES["file"], data=PICTURE, by=None, now=BOOKED)
    drafts.submit(application=waiting, by=None, now=BOOKED)
    thing(world, "waiting", application_id=waiting.pk)
    thing(world, "waiting_child", application_id=waiting.pk, position=1)
    thing(world, "waiting_proof", application_id=waiting.pk, proof_id=seen.pk)
    thing(world, "told", application_id=told.pk)
    answers["child"] = {"given_name": "きめた"}
    decided = making.submitted(now=BOOKED, email="decided@kanaria.example", **answers)
    making.certify(decided, by, now=NOW - timedelta(minutes=2), amber_reason="住民票を確認した")
    thing(world, "decided_child", application_id=decided.pk, position=1)
    thing(world, "register", **world.things["certificate"])
    thing(world, "counter", **world.things["certificate"], guardian_id=world.family.guardian.pk)
    waiting.refresh_from_db()
    world.facts["version"] = waiting.version


def links(world: World) -> None:
    """Mailed links and codes that still work, one of each."""
    sent = invitations.invite(
        municipality=make.municipality(), email="new@kanaria.example", language="ja", now=NOW
    )
    making.hand_over(sent, NOW)
    world.facts["invitation"] = sent.pk
    thing(world, "invitation", token=making.token_of(sent))
    for portal, name in (("guardian", "others"), ("facility", "staff"), ("city", "screen")):
        mail = accounts.promise_password_link(user=world.people[name], now=NOW)
        thing(world, f"{portal}_link", token=str(mail.context["url"]).rstrip("/").rsplit("/", 1)[1])
    world.facts["activation"] = accounts.issue_activation_code(user=world.people["letter"], by=None, now=NOW)


def demo(world: World) -> None:
    """A mail that the demo caught, with something attached."""
    caught = mailbox.keep(MAIL, ["a@example.jp"])
    thing(world, "mail", mail_id=caught.pk)
    thing(world, "attachment", mail_id=caught.pk, number=0)

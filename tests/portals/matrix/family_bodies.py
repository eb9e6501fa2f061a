"""What people type at the doors, applicants and families on their screens, visitors into the demo's."""

from datetime import date, timedelta

from daredemo.booking.models import Booking
from daredemo.notifications.models import Message
from daredemo.portals.guardian import consequences
from tests import make
from tests.authenticator import code_now
from tests.certification.making import ANSWERS, CHILD
from tests.portals.matrix.given import CANARIES, PASSWORD
from tests.portals.matrix.sending import Body, day, sends
from tests.portals.matrix.world import FULL, NOW, World

NEW_PASSWORD = {"password": "ゆうがた おそく ねむたい", "again": "ゆうがた おそく ねむたい"}


@sends("guardian:login")
def login(world: World) -> Body:
    return {"login_id": world.people["family"].login_id, "password": PASSWORD}


@sends("facility:login")
def staff_login(world: World) -> Body:
    return {"login_id": world.people["half"].login_id, "password": PASSWORD}


@sends("city:login")
def officer_login(world: World) -> Body:
    return {"login_id": world.people["screen"].login_id, "password": PASSWORD}


@sends("guardian:password_forgotten", "facility:password_forgotten", "city:password_forgotten")
def forgotten(world: World) -> Body:
    return {"login_id": world.people["family"].login_id, "email": CANARIES["email"]}


@sends("guardian:password_set", "facility:password_set", "city:password_set")
def password(world: World) -> Body:
    return NEW_PASSWORD


@sends("guardian:login_activation")
def activation(world: World) -> Body:
    return {"login_id": world.people["letter"].login_id, "code": world.facts["activation"], **NEW_PASSWORD}


@sends("guardian:login_code")
def mailed_code(world: World) -> Body:
    mail = Message.objects.filter(kind="login_code").latest("created_at")
    return {"code": mail.context["code"]}


@sends("mfa_authenticate", "mfa_reauthenticate")
def second_factor(world: World) -> Body:
    return {"code": code_now()}


@sends("account_reauthenticate")
def again(world: World) -> Body:
    return {"password": PASSWORD}


@sends("guardian:apply_email")
def apply_email(world: World) -> Body:
    return {"email": "newcomer@kanaria.example"}


@sends("guardian:applicant_return")
def come_back(world: World) -> Body:
    return {"number": world.applications["draft"].number, "email": "draft@kanaria.example"}


@sends("guardian:eligible")
def eligible(world: World) -> Body:
    return {**day("born", CHILD["born"]), "enrolment": "none"}


@sends("guardian:remind")
def remind(world: World) -> Body:
    return {"born": (NOW.date() - timedelta(days=30)).isoformat(), "email": "newcomer@kanaria.example"}


@sends("guardian:apply_guardian")
def about_guardian(world: World) -> Body:
    return {**ANSWERS, "phone": CANARIES["called"]}


@sends("guardian:apply_address")
def about_address(world: World) -> Body:
    moved = {"differs": "on", "address_differs_reason": CANARIES["differs"]}
    return {**ANSWERS, "address": CANARIES["address"], "street": CANARIES["street"], **moved}


@sends("guardian:apply_child")
def about_child(world: World) -> Body:
    return {**CHILD, **day("born", CHILD["born"])}


@sends("guardian:apply_reduction")
def about_reduction(world: World) -> Body:
    return {"reduction": "welfare"}


@sends("guardian:apply_notice")
def about_notice(world: World) -> Body:
    return {"notice": "post", "agreed": "on"}


@sends("guardian:interview_request")
def interview_request(world: World) -> Body:
    children = [str(world.family.child.pk)]
    return {
        "step": "send",
        "children": children,
        "time": str(world.facts["free"][0].pk),
        "note": CANARIES["note"],
        "consent": "on",
    }


@sends("guardian:person_invite")
def person_invite(world: World) -> Body:
    children = [str(child.pk) for child in world.family.children]
    who = {"family_name": "山田", "given_name": "はな", "relation": "grandparent", "part": "proxy"}
    return {**who, "children": children, "email": CANARIES["email"]}


@sends("guardian:consent")
def consent(world: World) -> Body:
    return {"kinds": ["record", "photos"], **day("until", date(2026, 12, 31))}


@sends("guardian:care_record")
def care_record(world: World) -> Body:
    return {
        "allergies": CANARIES["allergies"],
        "health": CANARIES["health"],
        "development": CANARIES["development"],
        "doctor": CANARIES["doctor"],
        "pick_up_people": CANARIES["pick_up"],
        "contact_1_name": CANARIES["contact"],
        "contact_1_phone": CANARIES["called"],
    }


@sends("guardian:book_check")
def book(world: World) -> Body:
    policy = make.policy()
    return {
        "child": str(world.family.child.pk),
        "day": "2026-04-16",
        "start": "09:00",
        "minutes": "60",
        "wants_advice": "",
        "request_key": "01930000-0000-7000-8000-000000000001",
        "agreed": str(policy.pk) if policy else "",
    }


@sends("guardian:wait")
def wait(world: World) -> Body:
    wish = {"day": FULL.isoformat(), "since": "9:00", "until": "10:00", "minutes": "60"}
    return {"child": str(world.family.child.pk), **wish}


@sends("guardian:offer_take")
def take(world: World) -> Body:
    return {"request_key": "01930000-0000-7000-8000-000000000002", "agreed": "", "wants_advice": ""}


@sends("guardian:book_together")
def book_together(world: World) -> Body:
    days = {"day": "2026-04-16", "on": ["2026-04-16", "2026-04-17"], "start": "09:00", "minutes": "60"}
    key = {"request_key": "01930000-0000-7000-8000-000000000002", "which": "possible"}
    return {"child": str(world.family.child.pk), **days, **key}


@sends("guardian:change_check")
def change(world: World) -> Body:
    return {
        "child": str(world.family.child.pk),
        "day": "2026-04-16",
        "start": "10:00",
        "minutes": "60",
        "request_key": "01930000-0000-7000-8000-000000000003",
    }


@sends("guardian:cancel")
def cancel(world: World) -> Body:
    made = Booking.objects.get(pk=world.things["booking"]["booking_id"])
    return {"cause": "illness", "seen": consequences.of(made, NOW).key}


@sends("guardian:stay_home")
def stay_home(world: World) -> Body:
    return {"seen": "0"}


@sends("guardian:late")
def late(world: World) -> Body:
    return {"what": "comes", "minutes": "15"}


@sends("guardian:code")
def door(world: World) -> Body:
    due = str(world.things["due"]["booking_id"])
    return {"act": "arrive", "booking": due, "reachable_at": CANARIES["called"]}


@sends("demo:move")
def move(world: World) -> Body:
    return {"to": "hour"}


@sends("guardian:language")
def language(world: World) -> Body:
    return {"language": "ja-ruby", "next": "/facilities/"}

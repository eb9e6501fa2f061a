"""Who passes which gate; what one may not see looks exactly like what is not there."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from daredemo.accounts import adapter
from daredemo.accounts.gates import SEEN
from daredemo.accounts.models import Portal, User
from daredemo.certification.models import Application, ApplicationStatus
from daredemo.config import clock
from daredemo.facilities.models import Member, Role
from daredemo.municipalities.models import Officer
from tests import make
from tests.authenticator import SECRET

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portals.gate_urls")]
PAGES = (
    "/guardian/page/", "/guardian/family/page/", "/facility/staff/page/", "/facility/manager/page/",
    "/city/viewer/page/", "/city/screener/page/", "/city/approver/page/", "/city/admin/page/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def standing_clock(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_source", lambda path: lambda: now)


def logged_in(user: User, *, shown: bool = True) -> Client:
    """A browser whose login is done; staff have shown their second factor unless said."""
    client = Client()
    client.force_login(user)
    if user.needs_second_factor:
        TOTP.activate(user, SECRET)
        if shown:
            session = client.session
            session[adapter.SHOWN] = str(user.pk)
            session.save()
    return client


def opened_by(client: Client) -> set[str]:
    return {page for page in PAGES if client.get(page).status_code == 200}


def actor(kind: str) -> Client:
    if kind == "guardian":
        return logged_in(make.guardian().user)
    if kind == "helper":
        return logged_in(make.let_in(make.family(), "proxy").user)
    if kind in ("staff", "manager"):
        return logged_in(make.member(make.facility(), Role(kind)).user)
    return logged_in(make.officer(role=Officer.Role(kind)).user)


@pytest.mark.parametrize(
    ("kind", "pages"),
    [
        ("guardian", {"/guardian/page/", "/guardian/family/page/"}),
        ("helper", {"/guardian/family/page/"}),
        ("staff", {"/facility/staff/page/"}),
        ("manager", {"/facility/staff/page/", "/facility/manager/page/"}),
        ("viewer", {"/city/viewer/page/"}),
        ("screener", {"/city/viewer/page/", "/city/screener/page/"}),
        ("approver", {"/city/viewer/page/", "/city/screener/page/", "/city/approver/page/"}),
        ("admin", {f"/city/{role}/page/" for role in ("viewer", "screener", "approver", "admin")}),
    ],
)
def test_each_actor_passes_the_own_gates_only(kind: str, pages: set[str]) -> None:
    assert opened_by(actor(kind)) == pages


TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


def seen(client: Client, path: str) -> tuple[object, ...]:
    """Everything a browser is told, but for the random token and the address it asked for itself."""
    response = client.get(path)
    content = TOKEN.sub(b"", response.content).replace(path.encode(), b"")
    return response.status_code, content, dict(response.items()), sorted(response.cookies)


@pytest.mark.parametrize("kind", ["guardian", "staff", "manager", "viewer", "approver"])
def test_what_is_not_yours_looks_like_what_is_not_there(kind: str) -> None:
    client = actor(kind)
    mine = opened_by(client)
    for page in PAGES:
        if page not in mine:
            absent = re.sub("/page/$", "/gape/", page)
            assert seen(client, page) == seen(client, absent), page
            assert client.get(page).status_code == 404


def test_nobody_is_sent_to_the_login_of_the_portal_and_back() -> None:
    client = Client()
    for page in PAGES:
        portal = page.split("/")[1]
        login = "/login/" if portal == "guardian" else f"/{portal}/login/"
        assert (
            client.get(f"{page}?month=4").headers["Location"]
            == f"{login}?next={page.replace('/', '%2F')}%3Fmonth%3D4"
        )
        assert client.post(page).headers["Location"] == login


def test_half_a_login_passes_nowhere() -> None:
    user = make.member(make.facility()).user
    client = logged_in(user, shown=False)
    assert client.get("/facility/staff/page/").headers["Location"] == "/facility/login/"
    assert "_auth_user_id" not in client.session


def test_without_a_second_factor_the_way_leads_to_setting_it_up() -> None:
    client = Client()
    client.force_login(make.officer().user)
    for page in PAGES[4:]:
        expected = "/account/2fa/app/"
        assert client.get(page).headers["Location"] == expected


def test_an_ended_membership_is_nothing(now: datetime) -> None:
    member = make.member(make.facility())
    client = logged_in(member.user)
    Member.objects.filter(pk=member.pk).update(ended_at=now)
    assert opened_by(client) == set()
    assert client.get("/facility/staff/page/").status_code == 404


def test_a_closed_login_is_logged_out_at_once() -> None:
    guardian = make.guardian()
    client = logged_in(guardian.user)
    User.objects.filter(pk=guardian.user.pk).update(is_active=False)
    assert client.get("/guardian/page/").headers["Location"].startswith("/login/")


def test_a_login_without_an_actor_is_nothing() -> None:
    for portal in (Portal.GUARDIAN, Portal.FACILITY, Portal.CITY):
        assert opened_by(logged_in(make.user(portal))) == set()


def test_staff_stay_awake_by_what_they_do_not_by_what_a_page_asks(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = actor("staff")
    client.get("/facility/staff/page/")
    assert client.session[SEEN] == now.timestamp()
    later = now + timedelta(minutes=5)
    monkeypatch.setattr(clock, "_source", lambda path: lambda: later)
    client.get("/facility/staff/page/", headers={"sec-fetch-mode": "cors"})
    assert client.session[SEEN] == now.timestamp()
    client.get("/facility/staff/page/", headers={"sec-fetch-mode": "navigate"})
    assert client.session[SEEN] == later.timestamp()


def application(now: datetime) -> Application:
    return Application.objects.create(
        number="0000000018", municipality=make.municipality(), status=ApplicationStatus.DRAFT,
        created_at=now, saved_at=now,
    )  # fmt: skip


def test_an_applicant_is_known_by_the_session_only(client: Client, now: datetime) -> None:
    assert client.get("/applicant/page/").status_code == 302
    applied = application(now)
    session = client.session
    session["application"] = str(applied.pk)
    session.save()
    assert client.get("/applicant/page/").content.decode() == f"Application {applied.pk}"
    assert opened_by(client) == set()
    applied.delete()
    assert client.get("/applicant/page/").status_code == 302


def test_every_gate_is_named() -> None:
    from tests.portals.gate_urls import GATES, page

    named = {getattr(gate(page), "gate", None) for gate in GATES.values()}
    family = {"guardian", "family", "applicant"}
    assert named == family | {"staff", "manager", "viewer", "screener", "approver", "admin"}

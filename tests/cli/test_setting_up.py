"""The commands that set a deployment up: what they make, twice as once, one sentence for what cannot be."""

from collections.abc import Callable
from datetime import date

import pytest

from daredemo.accounts import actions as accounts
from daredemo.accounts import queries as accounts_asked
from daredemo.accounts.models import User
from daredemo.audit.models import Entry
from daredemo.cli import add_facility, add_member, add_officer, serve_city
from daredemo.facilities.models import Facility, Member
from daredemo.municipalities.models import Officer, PolicyVersion, Programme
from daredemo.notifications.models import Message
from tests import make

pytestmark = pytest.mark.django_db
OFFICER = ("222135", "--login", "Aoki", "--name", "青木 正人", "--email", "aoki@example.jp")
FACILITY = (
    "222135", "--name", "ひだまりこども園", "--kana", "ヒダマリコドモエン", "--kind", "spare",
    "--provider", "社会福祉法人ひなたの会", "--post-code", "436-8650", "--address", "掛川市長谷1-1",
    "--phone", "０５３７-00-0011",
)  # fmt: skip
MEMBER = (
    "222135", "--facility", "ひだまりこども園", "--login", "matsui", "--name", "松井 和子",
    "--email", "m@example.jp",
)  # fmt: skip
Command = Callable[[list[str]], int]
Say = Callable[..., str]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command that succeeds; what it printed."""

    def running(command: Command, *words: str) -> str:
        assert command(list(words)) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    return running


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command that does nothing; its one sentence."""

    def running(command: Command, *words: str) -> str:
        before = Entry.objects.count()
        assert command(list(words)) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n"), Entry.objects.count()) == ("", 1, before)
        return err

    return running


@pytest.fixture
def kakegawa() -> None:
    make.municipality()


def changed(said: tuple[str, ...], **words: str) -> list[str]:
    """The same command with other words: `post_code="…"` for --post-code."""
    other = list(said)
    for name, word in words.items():
        other[other.index(f"--{name.replace('_', '-')}") + 1] = word
    return other


# ── serve-city ─────────────────────────────────────────────────────────────────────────
def test_a_city_is_served_with_its_rules_dates_and_office(say: Say) -> None:
    said = say(serve_city.main, "22213", "--phone", "0537-21-1211", "--hours", "平日 8:30〜17:15")
    programme = Programme.objects.get(municipality="222135")
    assert programme.served
    assert (programme.applications_from, programme.use_from) == (date(2026, 2, 16), date(2026, 4, 1))
    assert (programme.office, programme.phone) == ("こども政策課", "0537-21-1211")
    assert PolicyVersion.objects.filter(municipality="222135").count() == 1
    assert Entry.objects.filter(action="municipality.serve").count() == 1
    assert "静岡県掛川市" in said
    assert "2026年2月16日(月)から" in said


def test_serving_again_changes_only_what_is_said(say: Say) -> None:
    say(serve_city.main, "222135", "--phone", "0537-21-1211")
    say(serve_city.main, "222135", "--office", "こども家庭課", "--open-from", "2027-01-01")
    programme = Programme.objects.get(municipality="222135")
    assert (programme.office, programme.phone) == ("こども家庭課", "0537-21-1211")
    assert programme.applications_from == date(2026, 2, 16)
    assert PolicyVersion.objects.filter(municipality="222135").count() == 1


def test_a_city_without_dates_opens_when_it_is_said(say: Say) -> None:
    assert say(serve_city.main, "131016").count("まだ(--open-from)") == 4
    assert "まだ(--open-from)" not in say(serve_city.main, "131016", "--open-from", "2026-12-01")
    programme = Programme.objects.get(municipality="131016")
    assert (programme.applications_from, programme.interviews_from) == (date(2026, 12, 1), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["999999"], "団体コードではありません"),
        (["011011"], "団体コードではありません"),  # 札幌市中央区: its city certifies
        (["222135", "--open-from", "2026-12-32"], "という日はありません"),
        (["222135", "--phone", "こども課"], "電話番号「こども課」が読めません"),
        (["222135", "--office", " "], "窓口の名前は"),
        (["222135", "--mayor", "x"], "「--mayor x」の意味がわかりません"),
        ([], "CODE を入れてください"),
    ],
)
def test_a_city_that_cannot_be(refused: Say, words: list[str], sentence: str) -> None:
    assert sentence in refused(serve_city.main, *words)
    assert not Programme.objects.exists()


# ── add-officer, add-member ────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("kakegawa")
def test_an_officer_gets_a_login_and_a_link_that_is_mailed_and_said(say: Say) -> None:
    said = say(add_officer.main, *OFFICER)
    officer = Officer.objects.select_related("user").get()
    assert (officer.name, officer.role, officer.municipality_id) == ("青木 正人", "admin", "222135")
    assert (officer.user.login_id, officer.user.has_usable_password()) == ("aoki", False)
    mail = Message.objects.get()
    assert (mail.kind, mail.address) == ("staff_login", "aoki@example.jp")
    assert f"http://localhost:8000{mail.context['url']}\n" in said
    done = set(Entry.objects.values_list("action", flat=True))
    assert {"login.create", "officer.add", "login.promise_password_link"} <= done


def token_in(said: str) -> str:
    return said.strip().rsplit("/", 2)[1]


def state(portal: str, said: str) -> str:
    return accounts_asked.password_link(portal, token_in(said), make.NOW).state


@pytest.mark.usefixtures("kakegawa")
@pytest.mark.parametrize(
    ("command", "words", "portal"),
    [(add_officer.main, OFFICER, "city"), (add_member.main, MEMBER, "facility")],
)
def test_twice_is_one_person_with_one_living_link(
    say: Say, command: Command, words: tuple[str, ...], portal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daredemo.config.clock._source", lambda path: lambda: make.NOW)
    say(add_facility.main, *FACILITY)
    first, second = say(command, *words), say(command, *words)
    assert (state(portal, first), state(portal, second)) == ("used", "open")
    assert User.objects.filter(portal=portal).count() == 1
    accounts.set_password(portal=portal, token=token_in(second), password="mizu-yama-sora", now=make.NOW)
    mails = Message.objects.count()
    assert "何も変えていません" in say(command, *words)
    assert Message.objects.count() == mails


@pytest.mark.usefixtures("kakegawa")
def test_a_manager_works_at_the_facility(say: Say) -> None:
    say(add_facility.main, *FACILITY)
    said = say(add_member.main, *MEMBER)
    member = Member.objects.select_related("user", "facility").get()
    assert (member.facility.name, member.role, member.user.portal) == (
        "ひだまりこども園",
        "manager",
        "facility",
    )
    assert "/facility/password/" in said
    say(add_member.main, *changed(MEMBER, login="oishi"), "--role", "staff")
    assert Member.objects.get(user__login_id="oishi").role == "staff"


@pytest.mark.usefixtures("kakegawa")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"login": "あおき"}, "ログインIDにできません"),
        ({"name": "\x00"}, "氏名は"),
        ({"email": "aoki"}, "メールアドレス「aoki」の形"),
        ({"email": "a@b.jp\nBcc: x@y.jp"}, "の形をたしかめてください"),
        ({"login": "matsui"}, "ほかの人が使っています"),
    ],
)
def test_an_officer_who_cannot_be(say: Say, refused: Say, words: dict[str, str], sentence: str) -> None:
    say(add_facility.main, *FACILITY)
    say(add_member.main, *MEMBER)
    assert sentence in refused(add_officer.main, *changed(OFFICER, **words))
    assert not Officer.objects.exists()


@pytest.mark.usefixtures("kakegawa")
def test_a_member_who_cannot_be(say: Say, refused: Say) -> None:
    say(add_facility.main, *FACILITY)
    say(add_facility.main, *changed(FACILITY, name="みどりの丘"))
    say(add_member.main, *MEMBER)
    assert "「なのはな」はありません" in refused(add_member.main, *changed(MEMBER, facility="なのはな"))
    assert "ほかの人が使っています" in refused(add_member.main, *changed(MEMBER, facility="みどりの丘"))
    assert "manager、staff のどれか" in refused(add_member.main, *MEMBER, "--role", "boss")


def test_people_and_facilities_come_after_the_city(refused: Say) -> None:
    for command, words in (
        (add_officer.main, OFFICER),
        (add_facility.main, FACILITY),
        (add_member.main, MEMBER),
    ):
        assert "serve-city 222135" in refused(command, *words)


# ── add-facility ───────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("kakegawa")
def test_a_facility_waits_for_its_price_and_twice_is_once(say: Say) -> None:
    assert "add-member 222135 --facility ひだまりこども園" in say(add_facility.main, *FACILITY)
    assert "何も変えていません" in say(add_facility.main, *changed(FACILITY, phone="0537-00-0099"))
    facility = Facility.objects.select_related("provider").get()
    assert (facility.kana, facility.kind, facility.post_code) == ("ひだまりこどもえん", "spare", "4368650")
    assert (facility.address, facility.phone) == ("静岡県掛川市長谷1-1", "0537-00-0011")
    assert (facility.provider.name, facility.published_at) == ("社会福祉法人ひなたの会", None)
    assert Entry.objects.filter(action="facility.add").count() == 1


@pytest.mark.usefixtures("kakegawa")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"kana": "陽だまり"}, "ひらがなで書いてください"),
        ({"post_code": "436-865"}, "郵便番号「436-865」が読めません"),
        ({"post_code": "100-0001"}, "は掛川市ではありません"),
        ({"phone": "1"}, "電話番号「1」が読めません"),
        ({"name": "園" * 101}, "園の名前は1文字から100文字"),
        ({"kind": "large"}, "spare、general のどれか"),
    ],
)
def test_a_facility_that_cannot_be(refused: Say, words: dict[str, str], sentence: str) -> None:
    assert sentence in refused(add_facility.main, *changed(FACILITY, **words))
    assert not Facility.objects.exists()

"""A second guardian and a helper: let in, told of the child, put out again."""

from datetime import timedelta
from typing import Any

import pytest

from daredemo.accounts import actions as accounts
from daredemo.accounts import queries as logins
from daredemo.accounts.models import OneTimeSecret, User
from daredemo.booking import queries as booked
from daredemo.booking import sweeps
from daredemo.booking.models import Waiting
from daredemo.certification import queries as certification
from daredemo.families import actions as families
from daredemo.families import queries
from daredemo.families.models import Child, Guardian, Guardianship
from daredemo.interviews import queries as interviews
from daredemo.notifications.models import Message, Status
from daredemo.rules.refusal import Reason, Refused
from daredemo.sealed.tokens import hash_token
from tests import make
from tests.booking import in_line
from tests.families.inviting import NOW, PASSWORD, invite, letter, read_by, token_of, told

pytestmark = pytest.mark.django_db


# ── coming in ──────────────────────────────────────────────────────────────────────────
def test_the_link_is_kept_as_a_hash_and_works_once_for_seven_days() -> None:
    invited = invite(make.family())
    token = token_of(letter())
    secret = OneTimeSecret.objects.get(token_hash=hash_token(token))
    assert len(token) == 43  # 256 bits
    assert secret.expires_at - NOW == timedelta(days=8)  # seven from when the mail came
    assert logins.password_link("guardian", token, NOW).state == "open"  # looking uses nothing up
    came = accounts.set_password(portal="guardian", token=token, password=PASSWORD, now=NOW)
    assert came == invited.guardian.user
    with pytest.raises(Refused) as no:
        accounts.set_password(portal="guardian", token=token, password=PASSWORD, now=NOW)
    assert no.value.reason == Reason.LINK_USED


def test_an_expired_link_is_sent_again_in_place() -> None:
    invite(make.family())
    late = NOW + timedelta(days=9)
    again = accounts.send_again(portal="guardian", token=token_of(letter()), now=late)
    assert again.address == "taro@example.jp"
    assert logins.password_link("guardian", token_of(again), late).state == "open"


def test_without_an_address_a_code_is_handed_over_and_a_new_one_ends_it() -> None:
    family = make.family()
    first = invite(family, email="")
    assert not Message.objects.filter(kind="family_invited").exists()
    again = families.invite_again(guardian=family.guardian, other=first.guardian, by=family.user, now=NOW)
    login_id = first.guardian.user.login_id
    with pytest.raises(Refused) as no:
        accounts.activate(portal="guardian", login_id=login_id, code=first.code, password=PASSWORD, now=NOW)
    assert no.value.reason == Reason.CODE_WRONG
    came = accounts.activate(
        portal="guardian", login_id=login_id, code=again.code, password=PASSWORD, now=NOW
    )
    assert families.has_come(Guardian.objects.select_related("user").get(user=came))


def test_two_guardians_may_have_one_address_and_pressing_twice_lets_in_one() -> None:
    family = make.family(children=2)
    accounts.change_email(user=family.user, email="hana@example.jp", by=family.user, now=NOW)
    family.user.refresh_from_db()
    first = invite(family, email=family.user.email, children=family.children[:1])
    again = invite(family, email=family.user.email)
    assert first.guardian == again.guardian
    assert User.objects.filter(email_index=first.guardian.user.email_index).count() == 2
    assert set(queries.answered_by(first.guardian)) == set(family.children)
    assert Guardianship.objects.filter(guardian=first.guardian).count() == 2


def test_who_has_come_already_gets_no_other_link() -> None:
    family = make.family(children=2)
    other = make.let_in(family, children=family.children[:1])
    before = Message.objects.count()
    assert invite(family) == (other, "")
    assert Message.objects.count() == before
    assert set(queries.answered_by(other)) == set(family.children)


def test_nobody_is_both_guardian_and_helper_of_a_child() -> None:
    family = make.family(children=2)
    other = make.let_in(family, "proxy", children=family.children[:1])
    with pytest.raises(Refused) as no:
        invite(family)
    assert no.value.reason == Reason.OTHER_PART
    assert Guardianship.objects.filter(guardian=other).count() == 1
    assert invite(family, children=family.children[1:]).guardian == other
    assert queries.answered_by(other) == [family.children[1]]
    families.end_invited(guardian=family.guardian, other=other, by=family.user, now=NOW)
    invite(family)
    assert Guardianship.objects.filter(child=family.child, ended_at=None, part="guardian").count() == 2


def test_only_who_was_certified_lets_in_and_only_for_the_own_children() -> None:
    family, others = make.family(), make.family()
    second = make.let_in(family)
    for guardian, child in ((second, family.child), (family.guardian, others.child)):
        with pytest.raises(Child.DoesNotExist):
            invite(make.Family(guardian, (child,)))
    with pytest.raises(Refused) as no:
        invite(family, children=[])
    assert no.value.reason == Reason.CHILD_MISSING


def test_the_sixth_is_refused_until_one_is_out() -> None:
    family = make.family()
    let_in = [invite(family, given_name=str(number)) for number in range(families.MOST_INVITED)]
    with pytest.raises(Refused) as no:
        invite(family, given_name="もう1人")
    assert (no.value.reason, no.value.facts) == (Reason.TOO_MANY_PEOPLE, {"most": 5})
    families.end_invited(guardian=family.guardian, other=let_in[0].guardian, by=family.user, now=NOW)
    assert invite(family, given_name="もう1人").guardian


# ── what each may ──────────────────────────────────────────────────────────────────────
def test_both_guardians_see_all_and_a_helper_what_is_booked() -> None:
    family, facility = make.family(), make.facility()
    made = make.booking(family, facility, "2026-04-13 09:00")
    second, helper = make.let_in(family), make.let_in(family, "proxy", given_name="そぼ")
    for person in (second, helper):
        assert booked.booking_of(person, made.pk) == made
        assert queries.children_of(person) == [family.child]
    assert interviews.interviews_of(second).count() == 1
    assert certification.certificates_of(second).count() == 1
    hidden: tuple[Any, ...] = (
        queries.answered_by(helper), queries.certified_with(helper), queries.consents_by(helper),
        interviews.interviews_of(helper), certification.certificates_of(helper), queries.others_with(helper),
    )  # fmt: skip
    assert [list(one) for one in hidden] == [[]] * len(hidden)
    found = queries.guardian_of(helper.user), queries.guardian_of(second.user)
    assert [one and one.only_helps for one in found] == [True, False]


def test_an_interview_about_a_sibling_one_does_not_answer_for_is_not_seen() -> None:
    family, facility = make.family(children=2), make.facility()
    second = make.let_in(family, children=family.children[:1])
    both = make.interview(family, facility)
    assert list(interviews.interviews_of(family.guardian)) == [both]
    assert not interviews.interviews_of(second).exists()


def test_a_helper_books_and_is_told_of_it() -> None:
    family, facility = make.family(), make.facility()
    helper = make.let_in(family, "proxy")
    make.accepted(family.child, facility)
    made = make.booking(make.Family(helper, family.children), facility, "2026-04-13 09:00")
    told(NOW)
    assert read_by("booked", made.pk) == {helper.user_id, family.user.pk}


# ── out again ──────────────────────────────────────────────────────────────────────────
def test_who_is_out_is_logged_out_and_sees_and_reads_nothing_more() -> None:
    family, facility = make.family(), make.facility()
    second = make.let_in(family)
    made = make.booking(make.Family(second, family.children), facility, "2026-04-13 09:00")
    page = make.browser(second.user)
    assert page.get("/home/").status_code == 200
    assert families.end_invited(guardian=family.guardian, other=second, by=family.user, now=NOW) == 1
    assert page.get("/home/").status_code == 302
    assert not User.objects.get(pk=second.user_id).is_active
    told(NOW)
    assert read_by("booked", made.pk) == {family.user.pk}
    assert booked.booking_of(family.guardian, made.pk) == made
    assert families.end_invited(guardian=family.guardian, other=second, by=family.user, now=NOW) == 0


def test_an_open_link_of_somebody_who_is_out_leads_nowhere() -> None:
    family = make.family()
    other = invite(family).guardian
    families.end_invited(guardian=family.guardian, other=other, by=family.user, now=NOW)
    assert logins.password_link("guardian", token_of(letter()), NOW).state == "unknown"


def test_who_answers_for_a_child_of_their_own_keeps_the_login() -> None:
    family, own = make.family(), make.child()
    helper = make.let_in(family, "proxy")
    families.answer_for(guardian=helper, child=own, by=None, now=NOW)
    assert queries.answered_by(helper) == [own]
    families.end_invited(guardian=family.guardian, other=helper, by=family.user, now=NOW)
    assert User.objects.get(pk=helper.user_id).is_active
    assert queries.children_of(helper) == [own]


def test_nobody_ends_somebody_whom_another_let_in() -> None:
    family, others = make.family(), make.family()
    second = make.let_in(family)
    assert families.end_invited(guardian=others.guardian, other=second, by=others.user, now=NOW) == 0
    assert families.end_invited(guardian=second, other=family.guardian, by=second.user, now=NOW) == 0
    for guardian in (others.guardian, second):
        with pytest.raises(Guardian.DoesNotExist):
            queries.invited_by(guardian, family.guardian.pk)
    assert queries.children_of(second) == [family.child]


def test_a_child_keeps_its_place_in_line_when_the_helper_who_put_it_there_is_out() -> None:
    family, facility = make.family(), make.facility(places=1)
    helper = make.let_in(family, "proxy")
    taken = make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180)
    entry = in_line.wait(facility, family)
    Waiting.objects.filter(pk=entry.pk).update(guardian=helper)
    families.end_invited(guardian=family.guardian, other=helper, by=family.user, now=NOW)
    in_line.free(taken)
    sweeps.offer_freed(in_line.LATER)
    offer = in_line.offered(entry)
    told(in_line.LATER + timedelta(hours=1))
    mails = Message.objects.filter(kind="place_offered")
    assert {one.to_id for one in mails.filter(status=Status.QUEUED)} == {family.user.pk}
    assert [one.pk for one in booked.open_offers(family.guardian, in_line.LATER)] == [offer.pk]
